/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/text.h"

#include <errno.h>
#include <limits.h>

#include "common/cleanup.h"
#include "tests/unit/check.h"

#define FFFD "\xef\xbf\xbd"

static const struct {
        int line;
        const char *text;
        int r;
        const char *shown;
        size_t width;
} texts[] = {
        { __LINE__, "", 0, "", 0 },
        { __LINE__, "report", 0, "report", 6 },
        { __LINE__, "Zähler", 0, "Zähler", 6 },
        { __LINE__, "e\xcc\x81tude", 0, "e\xcc\x81tude", 5 },                       /* a combining accent */
        { __LINE__, "\xe6\x97\xa5\xe6\x9c\xac", 0, "\xe6\x97\xa5\xe6\x9c\xac", 4 }, /* two ideographs */
        { __LINE__, "\xf0\x9f\x8d\x85", 0, "\xf0\x9f\x8d\x85", 2 },                 /* a tomato */
        { __LINE__, "한", 0, "한", 2 },
        { __LINE__, "\xe1\x84\x92\xe1\x85\xa1", 0, "\xe1\x84\x92\xe1\x85\xa1",
                        2 }, /* the same, of two letters */
        { __LINE__, "Ａ", 0, "Ａ", 2 },
        { __LINE__, "▶…°α─", 0, "▶…°α─", 5 }, /* ambiguous: wide in East Asian locales alone */
        { __LINE__, "\xe2\x9c\x94\xef\xb8\x8f", 0, "\xe2\x9c\x94\xef\xb8\x8f",
                        1 }, /* a selector of variants */
        { __LINE__, "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8c\xbe", 0,
                        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x8c\xbe", 4 }, /* a farmer: joined */
        { __LINE__, "\xd7\xa9\xd7\x9c", 0, "\xd7\xa9\xd7\x9c", 2 }, /* right to left is text like any other */
        { __LINE__, "\xf4\x8f\xbf\xbd", 0, "\xf4\x8f\xbf\xbd", 1 }, /* U+10FFFD */

        { __LINE__, "a\nb", -EINVAL, "a" FFFD "b", 3 },
        { __LINE__, "a\tb", -EINVAL, "a" FFFD "b", 3 },
        { __LINE__, "\x1b[2J", -EINVAL, FFFD "[2J", 4 },
        { __LINE__, "\x7f", -EINVAL, FFFD, 1 },
        { __LINE__, "\x01", -EINVAL, FFFD, 1 },
        { __LINE__,
                        "\xc2\x9b"
                        "2J",
                        -EINVAL, FFFD "2J", 3 }, /* C1: the other way to write ESC [ */
        { __LINE__,
                        "a\xe2\x80\xa8"
                        "b",
                        -EINVAL, "a" FFFD "b", 3 },
        { __LINE__, "\xe2\x80\xa9", -EINVAL, FFFD, 1 },
        { __LINE__,
                        "\xe2\x80\xae"
                        "exe.txt",
                        -EINVAL, FFFD "exe.txt", 8 },
        { __LINE__, "\xe2\x81\xa6", -EINVAL, FFFD, 1 },

        { __LINE__, "\xff", -EILSEQ, FFFD, 1 },
        { __LINE__,
                        "a\x80"
                        "b",
                        -EILSEQ, "a" FFFD "b", 3 },
        { __LINE__, "\xc3", -EILSEQ, FFFD, 1 },
        { __LINE__, "\xe2\x82", -EILSEQ, FFFD FFFD, 2 },
        { __LINE__, "\xe2\x82z", -EILSEQ, FFFD FFFD "z", 3 },
        { __LINE__, "\xf0\x9f\x8d", -EILSEQ, FFFD FFFD FFFD, 3 },
        { __LINE__, "\xc0\xaf", -EILSEQ, FFFD FFFD, 2 }, /* too long a form of "/" */
        { __LINE__, "\xe0\x80\xaf", -EILSEQ, FFFD FFFD FFFD, 3 },
        { __LINE__, "\xed\xa0\x80", -EILSEQ, FFFD FFFD FFFD, 3 },          /* a surrogate */
        { __LINE__, "\xf4\x90\x80\x80", -EILSEQ, FFFD FFFD FFFD FFFD, 4 }, /* beyond U+10FFFF */
        { __LINE__, "\xf8\x88\x80\x80\x80", -EILSEQ, FFFD FFFD FFFD FFFD FFFD, 5 },
};

static void test_check(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                CHECK_INT(texts[i].line, text_check(texts[i].text, 256), texts[i].r);
        g_assert_cmpint(text_check(NULL, 256), ==, -EINVAL);
}

static void test_check_length(void) {
        cleanup_free_ char *huge = malloc(10 * 1024 * 1024 + 1);

        g_assert_nonnull(huge);
        memset(huge, '\n', 10 * 1024 * 1024);
        huge[10 * 1024 * 1024] = '\0';

        /* Its length is what is wrong with it, although its content is, too. */
        g_assert_cmpint(text_check(huge, 256), ==, -E2BIG);
        g_assert_cmpint(text_check("abcd", 4), ==, 0);
        g_assert_cmpint(text_check("abcde", 4), ==, -E2BIG);
        g_assert_cmpint(text_check("abc\xc3\xa9", 4), ==, -E2BIG);
        g_assert_cmpint(text_check("", 0), ==, 0);
}

static void test_terminal(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                cleanup_free_ char *shown = text_for_terminal(texts[i].text);

                CHECK_STR(texts[i].line, shown, texts[i].shown);
                CHECK_INT(texts[i].line, text_check(shown, 256), 0);
        }
}

static void test_width(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                CHECK_INT(texts[i].line, text_width(texts[i].shown), texts[i].width);
}

static void test_excerpt(void) {
        char buf[TEXT_EXCERPT_MAX], longest[TEXT_EXCERPT_MAX], longer[200];

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                CHECK_STR(texts[i].line, text_excerpt(texts[i].text, buf), texts[i].shown);

        memset(longest, 'x', sizeof(longest));
        longest[TEXT_EXCERPT_MAX - 4] = '\0';
        g_assert_cmpstr(text_excerpt(longest, buf), ==, longest);

        /* Characters of two bytes meet the end at an odd place. */
        memset(longer, 0, sizeof(longer));
        for (size_t i = 0; i + 2 < sizeof(longer); i += 2)
                memcpy(longer + i, "\xc3\xa9", 2);
        text_excerpt(longer, buf);
        g_assert_cmpint(text_check(buf, sizeof(buf) - 1), ==, 0);
        g_assert_true(g_str_has_suffix(buf, "\xc3\xa9\xe2\x80\xa6"));
}

static void test_fitting(void) {
        static const struct {
                int line;
                const char *text;
                size_t columns, bytes;
        } table[] = {
                { __LINE__, "", 0, 0 },
                { __LINE__, "abc", 0, 0 },
                { __LINE__, "abc", 2, 2 },
                { __LINE__, "abc", 3, 3 },
                { __LINE__, "abc", 100, 3 },
                { __LINE__, "日本", 1, 0 },
                { __LINE__, "日本", 3, 3 },
                { __LINE__, "日本", 4, 6 },
                { __LINE__, "e\xcc\x81x", 1, 3 }, /* the accent stays with its letter */
                { __LINE__, "\xff\xfez", 2, 2 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
                CHECK_INT(table[i].line, text_fitting_bytes(table[i].text, table[i].columns), table[i].bytes);
}

static void test_nearest(void) {
        static const char *const words[] = { "start", "stop", "skip", "interrupt", "pause", "resume",
                "status", "config", "log", NULL };
        static const struct {
                int line;
                const char *typed, *nearest;
        } table[] = {
                { __LINE__, "strat", "start" },
                { __LINE__, "satrt", "start" },
                { __LINE__, "Start", "start" },
                { __LINE__, "stpo", "stop" },
                { __LINE__, "skipp", "skip" },
                { __LINE__, "interupt", "interrupt" },
                { __LINE__, "inter", "interrupt" },
                { __LINE__, "puase", "pause" },
                { __LINE__, "stats", "status" },
                { __LINE__, "lgo", "log" },
                { __LINE__, "config", "config" },
                { __LINE__, "frobnicate", NULL },
                { __LINE__, "xyzzy", NULL },
                { __LINE__, "x", NULL },
                { __LINE__, "", NULL },
                { __LINE__, NULL, NULL },
                { __LINE__, "\xff\xfe", NULL },
                { __LINE__, "interruptinterruptinterruptinterruptinterruptinterruptinterruptinterruptinterrupt",
                                NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
                CHECK_STR(table[i].line, text_nearest(table[i].typed, words), table[i].nearest);
}

static void test_slips(void) {
        g_assert_cmpuint(text_slips("pomdoro", "pomodoro"), ==, 1);
        g_assert_cmpuint(text_slips("Pomodoro", "pomodoro"), ==, 0);
        g_assert_cmpuint(text_slips("check", "break"), ==, 3);
        g_assert_cmpuint(text_slips("", "break"), ==, 5);
        g_assert_cmpuint(text_slips("interruptinterruptinterruptinterruptinterruptinterrupt", "break"), ==,
                        UINT_MAX);
}

/* A precondition that the header states is an assert in the function. */
static void test_no_text(void) {
        if (g_test_subprocess()) {
                (void) text_width(NULL);
                return;
        }
        g_test_trap_subprocess(NULL, 0, 0);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*text_width*text*");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/text/check", test_check);
        g_test_add_func("/text/check-length", test_check_length);
        g_test_add_func("/text/terminal", test_terminal);
        g_test_add_func("/text/width", test_width);
        g_test_add_func("/text/fitting", test_fitting);
        g_test_add_func("/text/excerpt", test_excerpt);
        g_test_add_func("/text/nearest", test_nearest);
        g_test_add_func("/text/slips", test_slips);
        g_test_add_func("/text/no-text", test_no_text);
        return g_test_run();
}
