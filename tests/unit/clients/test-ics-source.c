/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib/gstdio.h>

#include "clients/ics/file.h"
#include "clients/ics/source.h"
#include "tests/unit/check.h"
#include "tests/unit/folder.h"

#define BEGIN "BEGIN:VCALENDAR\r\n"
#define END   "END:VCALENDAR\r\n"
#define DEEP  "BEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\n"

static void test_unfold(void) {
        static const struct {
                int line;
                const char *bytes, *text;
        } cases[] = {
                { __LINE__, BEGIN END, BEGIN END },
                { __LINE__, "BEGIN:VCALENDAR\nEND:VCALENDAR", BEGIN END },
                { __LINE__, "\xef\xbb\xbf" BEGIN END, BEGIN END },
                { __LINE__, BEGIN "X-A:one\r\n  two\r\n\tthree\r\n" END, BEGIN "X-A:one twothree\r\n" END },
                /* Within a character, as programs that count bytes do it. */
                { __LINE__, BEGIN "X-A:M\xc3\r\n \xbcller\r\n" END, BEGIN "X-A:M\xc3\xbcller\r\n" END },
                { __LINE__, "begin:vcalendar\r\nend:vcalendar\r\n\r\n",
                                "begin:vcalendar\r\nend:vcalendar\r\n\r\n" },
                { __LINE__, BEGIN END BEGIN END, BEGIN END BEGIN END },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char sentence[ICS_SENTENCE_MAX] = "";
                GString *text = NULL;

                CHECK_INT(cases[i].line,
                                source_unfold(cases[i].bytes, strlen(cases[i].bytes), &text, sentence), 0);
                CHECK_STR(cases[i].line, sentence, "");
                CHECK_STR(cases[i].line, text ? text->str : NULL, cases[i].text);
                if (text)
                        g_string_free(text, TRUE);
        }
}

static void test_bad(void) {
        static const struct {
                int line;
                const char *bytes;
                size_t n;
                const char *part;
        } cases[] = {
                { __LINE__, "", 0, "there is no calendar in it" },
                { __LINE__, "\r\n\r\n", 4, "there is no calendar in it" },
                { __LINE__, "<html>", 6, "line 1 is \"<html>\", and a calendar begins with BEGIN:VCALENDAR" },
                { __LINE__, BEGIN, 17, "it was cut off" },
                { __LINE__, BEGIN "X-A:M\xfcller\r\n" END, 43, "line 2 is not UTF-8" },
                { __LINE__, BEGIN "X-A:\0\r\n" END, 39, "line 2 is not UTF-8" },
                { __LINE__, BEGIN END "rest", 36, "line 3 is \"rest\"" },
                { __LINE__, BEGIN DEEP, 81, "within 8 others" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char sentence[ICS_SENTENCE_MAX] = "";
                GString *text = NULL;

                CHECK_INT(cases[i].line, source_unfold(cases[i].bytes, cases[i].n, &text, sentence), -EINVAL);
                if (!strstr(sentence, cases[i].part))
                        check_failed("line %d: \"%s\" does not say: %s", cases[i].line, sentence,
                                        cases[i].part);
                CHECK(cases[i].line, !text);
        }
}

static void test_size(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "large.ics"), *data = g_malloc(ICS_FILE_MAX + 1);
        char sentence[ICS_SENTENCE_MAX] = "";
        GString *bytes = NULL;

        memset(data, 'x', ICS_FILE_MAX + 1);
        g_assert_true(g_file_set_contents(path, data, ICS_FILE_MAX, NULL));
        g_assert_cmpint(source_read(path, &bytes, sentence), ==, 0);
        g_assert_cmpuint(bytes->len, ==, ICS_FILE_MAX);
        g_string_free(bytes, TRUE);
        bytes = NULL;
        g_assert_true(g_file_set_contents(path, data, ICS_FILE_MAX + 1, NULL));
        g_assert_cmpint(source_read(path, &bytes, sentence), ==, -EINVAL);
        g_assert_nonnull(strstr(sentence, "larger than 8 MiB"));
        g_assert_null(bytes);
        g_remove(path);
        g_assert_cmpint(source_read(path, &bytes, sentence), ==, -ENOENT);
        g_assert_cmpint(source_read(folder, &bytes, sentence), ==, -EISDIR);
}

static void test_put(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "a.ics"), *link = folder_file(folder, "link.ics");
        cleanup_free_ char *text = NULL;
        char *copy;
        char sentence[ICS_SENTENCE_MAX] = "";
        GStatBuf st;

        g_assert_cmpint(file_put(path, "DTSTAMP:1\r\nA\r\n", sentence), ==, 1);
        g_assert_cmpint(g_chmod(path, 0640), ==, 0);
        /* Made at another time is nothing new. */
        g_assert_cmpint(file_put(path, "DTSTAMP:2\r\nA\r\n", sentence), ==, 0);
        g_assert_cmpint(symlink("a.ics", link), ==, 0);
        g_assert_cmpint(file_put(link, "DTSTAMP:2\r\nB\r\n", sentence), ==, 1);
        g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "DTSTAMP:2\r\nB\r\n");
        g_assert_cmpint(g_stat(path, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0640);
        g_assert_cmpint(file_put(folder, "A", sentence), ==, -EINVAL);
        g_assert_cmpint(file_put("/nowhere/at/all.ics", "A", sentence), ==, -ENOENT);
        g_assert_nonnull(strstr(sentence, "/nowhere/at/all.ics"));
        g_remove(link);
        g_remove(path);
        copy = steal(folder);
        g_assert_cmpint(g_rmdir(copy), ==, 0); /* nothing else was left there */
        g_free(copy);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ics-source/unfold", test_unfold);
        g_test_add_func("/ics-source/bad", test_bad);
        g_test_add_func("/ics-source/size", test_size);
        g_test_add_func("/ics-source/put", test_put);
        return g_test_run();
}
