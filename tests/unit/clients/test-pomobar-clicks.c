/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Clicks out of whatever bytes a bar writes. */
#include "clients/pomobar/clicks.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

typedef struct Seen {
        Click clicks[16];
        unsigned n;
} Seen;

static void on_click(const Click *click, void *userdata) {
        Seen *seen = userdata;

        g_assert_cmpuint(seen->n, <, G_N_ELEMENTS(seen->clicks));
        seen->clicks[seen->n++] = *click;
}

static Seen feed(const char *text) {
        Clicks *clicks = g_new0(Clicks, 1);
        Seen seen = {};

        clicks_feed(clicks, text, strlen(text), on_click, &seen);
        g_free(clicks);
        return seen;
}

#define LEFT   "{\"name\":\"pomod\",\"instance\":\"42\",\"button\":1,\"modifiers\":[\"Mod2\"],\"x\":5,\"y\":6}"
#define RIGHT  "{\"name\":\"pomod\",\"instance\":\"18446744073709551615\",\"button\":3}"
#define STREAM "[\n" LEFT "\n," RIGHT "\n,{\"name\":\"pomod\",\"instance\":\"away\",\"button\":1}\n"

static void check_stream(const Seen *seen) {
        g_assert_cmpuint(seen->n, ==, 3);
        g_assert_cmpuint(seen->clicks[0].button, ==, 1);
        g_assert_cmpuint(seen->clicks[0].seq, ==, 42);
        g_assert_false(seen->clicks[0].away);
        g_assert_cmpuint(seen->clicks[1].button, ==, 3);
        g_assert_cmpuint(seen->clicks[1].seq, ==, UINT64_MAX);
        g_assert_true(seen->clicks[2].away);
}

static void test_streams(void) {
        Seen i3bar = feed(STREAM);
        Seen swaybar = feed("[" LEFT "\n, " RIGHT
                            "\n,{\"name\":\"pomod\",\"instance\":\"away\",\"button\":1}\r\n");
        Seen commas_behind = feed("[\n" LEFT ",\n" RIGHT
                                  ",\n{\"name\":\"pomod\",\"instance\":\"away\",\"button\":1},\n");

        check_stream(&i3bar);
        check_stream(&swaybar);
        check_stream(&commas_behind);
}

/* However the pipe cuts it. */
static void test_partial(void) {
        static const char stream[] = STREAM;
        size_t n = strlen(stream);

        for (size_t step = 1; step <= n; step++) {
                Clicks *clicks = g_new0(Clicks, 1);
                Seen seen = {};

                for (size_t i = 0; i < n; i += step)
                        clicks_feed(clicks, stream + i, MIN(step, n - i), on_click, &seen);
                check_stream(&seen);
                g_free(clicks);
        }
}

static void test_malformed(void) {
        static const char *const lines[] = {
                "",
                "[",
                "garbage",
                "{\"name\":\"pomod\",\"instance\":\"42\",\"button\":1",
                "{\"name\":\"pomod\",\"instance\":\"42\"}",
                "{\"name\":\"pomod\",\"instance\":\"42\",\"button\":\"1\"}",
                "{\"name\":\"pomod\",\"instance\":\"42\",\"button\":1.5}",
                "{\"name\":\"pomod\",\"instance\":\"42\",\"button\":-1}",
                "{\"name\":\"pomod\",\"instance\":\"42\",\"button\":0}",
                "{\"name\":\"pomod\",\"instance\":\"42\",\"button\":99999999999999999999}",
                "{\"name\":\"pomod\",\"instance\":42,\"button\":1}",
                "{\"name\":\"pomod\",\"instance\":\"-42\",\"button\":1}",
                "{\"name\":\"pomod\",\"instance\":\"\",\"button\":1}",
                "{\"name\":\"pomod\",\"instance\":\"18446744073709551616\",\"button\":1}",
                "{\"name\":\"pomod\",\"button\":1}",
                "{\"name\":\"clock\",\"instance\":\"42\",\"button\":1}",
                "{\"instance\":\"42\",\"button\":1}",
                "{\"name\":null,\"instance\":null,\"button\":null}",
                "[[[[[[[[[[[[[[[[[[[[[[",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}}}",
                "\xff\xfe\xfd",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
                char *text = g_strdup_printf("%s\n," LEFT "\n", lines[i]);
                Seen seen = feed(text);

                g_test_message("line %zu", i);   /* one of them is not UTF-8, which TAP is */
                g_assert_cmpuint(seen.n, ==, 1); /* only the good one behind it */
                g_assert_cmpuint(seen.clicks[0].seq, ==, 42);
                g_free(text);
        }
}

static void test_huge(void) {
        char *text = g_malloc(10 << 20);
        size_t n = (10 << 20) - 1;
        Seen seen;

        /* A line of 10 MB that would be a click, then one that is. */
        memset(text, ' ', n);
        text[n] = '\0';
        memcpy(text + n - strlen(LEFT) - 1 - strlen(RIGHT) - 1, LEFT "\n" RIGHT "\n",
                        strlen(LEFT) + strlen(RIGHT) + 2);
        seen = feed(text);
        g_assert_cmpuint(seen.n, ==, 1);
        g_assert_cmpuint(seen.clicks[0].button, ==, 3);
        g_free(text);
}

static void test_at_the_cap(void) {
        for (size_t over = 0; over < 2; over++) {
                size_t pad = CLICKS_LINE_BYTES - strlen(LEFT) + over;
                char *text = g_strdup_printf("%*s" LEFT "\n", (int) pad, "");
                Seen seen = feed(text);

                g_assert_cmpuint(seen.n, ==, over ? 0 : 1);
                g_free(text);
        }
}

static void test_buttons(void) {
        g_assert_cmpuint(click_button_from_string("left"), ==, 1);
        g_assert_cmpuint(click_button_from_string("middle"), ==, 2);
        g_assert_cmpuint(click_button_from_string("3"), ==, 3);
        g_assert_cmpuint(click_button_from_string("4"), ==, 0);
        g_assert_cmpstr(click_verb(1), ==, "Toggle");
        g_assert_cmpstr(click_verb(2), ==, "Skip");
        g_assert_cmpstr(click_verb(3), ==, "Stop");
        g_assert_null(click_verb(4));
        g_assert_null(click_verb(0));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomobar/clicks/streams", test_streams);
        g_test_add_func("/pomobar/clicks/partial", test_partial);
        g_test_add_func("/pomobar/clicks/malformed", test_malformed);
        g_test_add_func("/pomobar/clicks/huge", test_huge);
        g_test_add_func("/pomobar/clicks/at-the-cap", test_at_the_cap);
        g_test_add_func("/pomobar/clicks/buttons", test_buttons);
        return g_test_run();
}
