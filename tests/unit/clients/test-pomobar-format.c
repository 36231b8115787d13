/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* A view as a line of each bar, and nothing in a title that a bar would take for its own syntax. */
#include "clients/pomobar/format.h"

#include <glib.h>
#include <json-c/json.h>
#include <stdlib.h>

static View view_of(const char *text) {
        return (View){
                .word = "pomodoro",
                .seq = 18446744073709551615ULL,
                .text = (char *) text,
                .brief = (char *) "24:59",
                .tooltip = (char *) "Pomodoro\n1 <of> 2",
                .percentage = 3,
        };
}

static void check(BarFormat format, const View *view, const char *expected) {
        char *line = format_line(format, view, "/opt/a:b/pomobar click");

        g_assert_cmpstr(line, ==, expected);
        free(line);
}

static void test_plain(void) {
        View view = view_of("24:59 A & <b> %{c} \"d\"");

        check(BAR_PLAIN, &view, "24:59 A & <b> %{c} \"d\"\n");
}

static void test_waybar(void) {
        View view = view_of("24:59 A & <b> \"d\" 'e'");

        check(BAR_WAYBAR, &view,
                        "{\"text\":\"24:59 A &amp; &lt;b&gt; &quot;d&quot; &apos;e&apos;\",\"alt\":\"pomodoro\",\"tooltip\":\"Pomodoro\\n1 &lt;of&gt; 2\",\"class\":[\"pomodoro\"],\"percentage\":3}\n");
        view.paused = true;
        check(BAR_WAYBAR, &view,
                        "{\"text\":\"24:59 A &amp; &lt;b&gt; &quot;d&quot; &apos;e&apos;\",\"alt\":\"paused\",\"tooltip\":\"Pomodoro\\n1 &lt;of&gt; 2\",\"class\":[\"pomodoro\",\"paused\"],\"percentage\":3}\n");
}

static void test_for_a_moment(void) {
        View view = view_of("nothing is running");

        view.rang = view.refused = true;
        check(BAR_WAYBAR, &view,
                        "{\"text\":\"nothing is running\",\"alt\":\"pomodoro\",\"tooltip\":\"Pomodoro\\n1 &lt;of&gt; 2\",\"class\":[\"pomodoro\",\"rang\",\"refused\"],\"percentage\":3}\n");
        check(BAR_I3BAR, &view,
                        "[{\"name\":\"pomod\",\"instance\":\"18446744073709551615\",\"full_text\":\"nothing is running\",\"short_text\":\"24:59\",\"markup\":\"none\",\"urgent\":true}],\n");
}

static void test_i3bar(void) {
        View view = view_of("24:59 \"A\\ <b>/");
        char header[128];

        check(BAR_I3BAR, &view,
                        "[{\"name\":\"pomod\",\"instance\":\"18446744073709551615\",\"full_text\":\"24:59 \\\"A\\\\ <b>/\",\"short_text\":\"24:59\",\"markup\":\"none\"}],\n");
        view.away = true;
        check(BAR_I3BAR, &view,
                        "[{\"name\":\"pomod\",\"instance\":\"away\",\"full_text\":\"24:59 \\\"A\\\\ <b>/\",\"short_text\":\"24:59\",\"markup\":\"none\"}],\n");
        g_assert_cmpstr(format_header(BAR_I3BAR, 23, 18, header, sizeof(header)), ==,
                        "{\"version\":1,\"stop_signal\":23,\"cont_signal\":18,\"click_events\":true}\n[\n");
        g_assert_null(format_header(BAR_WAYBAR, 23, 18, header, sizeof(header)));
}

static void test_polybar(void) {
        View view = view_of("24:59 50% %{F#f00}a%%{A}");

        check(BAR_POLYBAR, &view,
                        "%{A1:/opt/a\\:b/pomobar click left --if-seq=18446744073709551615:}%{A2:/opt/a\\:b/pomobar click middle --if-seq=18446744073709551615:}%{A3:/opt/a\\:b/pomobar click right --if-seq=18446744073709551615:}24:59 50%%{O0} %%{O0}{F#f00}a%%{O0}%%{O0}{A}%{A}%{A}%{A}\n");
}

/* Every byte that a title may have comes out as one line that a JSON parser gives back unharmed. */
static void test_json_round_trip(void) {
        char text[300];
        size_t n = 0;

        for (int c = 32; c < 127; c++)
                text[n++] = (char) c;
        g_snprintf(text + n, sizeof(text) - n, "äöü 日本 \U0001F345 \u200D");

        View view = view_of(text);
        char *line = format_line(BAR_I3BAR, &view, "");
        json_object *blocks, *block, *full_text;

        g_assert_nonnull(line);
        line[strlen(line) - 2] = '\0'; /* the comma of the endless array */
        g_assert_null(strchr(line, '\n'));
        blocks = json_tokener_parse(line);
        g_assert_nonnull(blocks);
        block = json_object_array_get_idx(blocks, 0);
        g_assert_true(json_object_object_get_ex(block, "full_text", &full_text));
        g_assert_cmpstr(json_object_get_string(full_text), ==, text);
        json_object_put(blocks);
        free(line);
}

static void test_words(void) {
        for (BarFormat format = 0; format < _BAR_FORMAT_MAX; format++)
                g_assert_cmpint(bar_format_from_string(bar_format_to_string(format)), ==, (int) format);
        g_assert_cmpint(bar_format_from_string("xmobar"), <, 0);
}

static void test_shell_words(void) {
        static const struct {
                const char *word, *quoted;
        } table[] = {
                { "/usr/bin/pomobar", "/usr/bin/pomobar" },
                { "unix:path=/a,guid=1", "unix:path=/a,guid=1" },
                { "", "''" },
                { "a b", "'a b'" },
                { "a'; rm -rf /", "'a'\\''; rm -rf /'" },
                { "$(x)", "'$(x)'" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                char *quoted = format_shell_word(table[i].word);

                g_assert_cmpstr(quoted, ==, table[i].quoted);
                free(quoted);
        }
}

static void test_polybar_without_command(void) {
        if (g_test_subprocess()) {
                View view = {
                        .word = "idle", .text = (char *) "", .brief = (char *) "", .tooltip = (char *) ""
                };

                free(format_line(BAR_POLYBAR, &view, NULL));
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*click_command*");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomobar/format/plain", test_plain);
        g_test_add_func("/pomobar/format/waybar", test_waybar);
        g_test_add_func("/pomobar/format/for-a-moment", test_for_a_moment);
        g_test_add_func("/pomobar/format/i3bar", test_i3bar);
        g_test_add_func("/pomobar/format/polybar", test_polybar);
        g_test_add_func("/pomobar/format/json-round-trip", test_json_round_trip);
        g_test_add_func("/pomobar/format/words", test_words);
        g_test_add_func("/pomobar/format/shell-words", test_shell_words);
        g_test_add_func("/pomobar/format/polybar-without-command", test_polybar_without_command);
        return g_test_run();
}
