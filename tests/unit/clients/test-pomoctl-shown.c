/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "clients/pomoctl/format.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/watch-screen.h"
#include "common/duration.h"
#include "common/text.h"
#include "tests/unit/check.h"

#define NOW (5000 * USEC_PER_SEC)

static char nothing[] = "", title[] = "Write report", free_word[] = "free";

/* 6:40 into a pomodoro of 25 minutes. */
static TimerState pomodoro(void) {
        return (TimerState){
                .state = CLIENT_POMODORO,
                .next = CLIENT_SHORT_BREAK,
                .interval_id = 12,
                .started_real_usec = 1782900000 * USEC_PER_SEC,
                .started_boot_usec = NOW - 400 * USEC_PER_SEC,
                .running_since_boot_usec = NOW - 400 * USEC_PER_SEC,
                .deadline_real_usec = 1782901500 * USEC_PER_SEC,
                .deadline_boot_usec = NOW + 1100 * USEC_PER_SEC,
                .cycle = 2,
                .completed_today = 3,
                .target_today = 8,
                .task_id = 7,
                .seq = 99,
                .task = title,
                .mode = nothing,
                .rule = nothing,
                .schedule_state = free_word,
        };
}

static TimerState idle(void) {
        return (TimerState){
                .next = CLIENT_POMODORO,
                .task = nothing,
                .mode = nothing,
                .rule = nothing,
                .schedule_state = free_word,
        };
}

/* ---- status --format ---- */

static char *formatted(const char *format, const TimerState *timer) {
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);
        char unknown;

        g_assert_cmpint(format_check(format, &unknown), ==, 0);
        format_print(file, format, timer, NOW, "17:00");
        fclose(file);
        return text;
}

static void test_format(void) {
        static const struct {
                const char *format, *running, *idle;
        } cases[] = {
                { "%W", "17:00", "17:00" },
                { "%s|%S|%x", "pomodoro|pomodoro|", "idle|idle|" },
                { "%r %R %e %E %T", "18:20 19m 6:40 6m 18:20", "    " },
                { "%t %I %k", "Write report #7 #12", "  " },
                { "%c %n %d %g %p", "2 short break 3 8 3/8", "0 pomodoro 0  0" },
                { "%u%m%w", "free", "free" },
                { "100%%", "100%", "100%" },
                { "", "", "" },
        };
        TimerState running = pomodoro(), none = idle();

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char *a = formatted(cases[i].format, &running), *b = formatted(cases[i].format, &none);

                g_assert_cmpstr(a, ==, cases[i].running);
                g_assert_cmpstr(b, ==, cases[i].idle);
                free(a);
                free(b);
        }
}

static void test_format_unknown(void) {
        char unknown = 'a';

        g_assert_cmpint(format_check("%s %z", &unknown), ==, -EINVAL);
        g_assert_cmpint(unknown, ==, 'z');
        g_assert_cmpint(format_check("50%", &unknown), ==, -EINVAL);
        g_assert_cmpint(unknown, ==, '\0');
        /* Every placeholder of the help is one that is printed. */
        for (const HelpItem *p = format_placeholders; p->term; p++)
                g_assert_cmpint(format_check(p->term, &unknown), ==, 0);
}

/* ---- JSON ---- */

static void test_status_json(void) {
        static const char *const members[] = { "state", "paused", "next", "task", "started", "deadline",
                "remaining_usec", "elapsed_usec", "cycle", "completed_today", "target_today", "mode", "rule",
                "schedule_state", "not_enforced", "seq" };
        TimerState timer = pomodoro();
        struct json_object *o = json_of_status(&timer, NOW);

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                g_assert_true(json_object_object_get_ex(o, members[i], NULL));
        g_assert_cmpstr(record_text(o, "started"), ==, "2026-07-01T10:00:00.000000Z");
        g_assert_cmpstr(record_text(o, "deadline"), ==, "2026-07-01T10:25:00.000000Z");
        g_assert_cmpuint(record_u64(o, "remaining_usec"), ==, 1100 * USEC_PER_SEC);
        g_assert_cmpuint(record_u64(o, "elapsed_usec"), ==, 400 * USEC_PER_SEC);
        g_assert_cmpuint(record_u64(o, "target_today"), ==, 8);
        json_object_put(o);

        timer = idle();
        o = json_of_status(&timer, NOW);
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                static const char *const none[] = { "started", "deadline", "remaining_usec", "target_today",
                        NULL };
                struct json_object *value;

                g_assert_true(json_object_object_get_ex(o, members[i], &value));
                g_assert_cmpint(value == NULL, ==, g_strv_contains(none, members[i]));
        }
        json_object_put(o);
}

static void test_interval_json(void) {
        struct json_object *record = json_tokener_parse(
                        "{\"Id\":12,\"Outcome\":\"running\",\"TaskId\":0,\"Task\":\"\",\"StartedRealtimeUSec\":1782900000000000,\"OffsetSec\":-12600,\"EndedRealtimeUSec\":1782900000000001,\"Internal\":2,\"Paused\":true}");
        struct json_object *o = json_of_interval(record), *value;

        g_assert_true(json_object_object_get_ex(o, "interruptions", &value));
        g_assert_cmpuint(json_object_array_length(value), ==, 0);
        g_assert_cmpstr(record_text(o, "started"), ==, "2026-07-01T10:00:00.000000Z");
        g_assert_true(json_object_object_get_ex(o, "ended", &value));
        g_assert_null(value);
        g_assert_true(json_object_object_get_ex(o, "task_id", &value));
        g_assert_null(value);
        g_assert_cmpstr(record_text(o, "task"), ==, "");
        g_assert_cmpuint(record_u64(o, "id"), ==, 12);
        g_assert_cmpuint(record_u64(o, "internal"), ==, 2);
        g_assert_cmpint(record_i64(o, "offset_sec"), ==, -12600);
        g_assert_true(record_bool(o, "paused"));
        json_object_put(o);
        json_object_put(record);
}

/* The names that scripts have, from those of the bus. */
static void test_record_json(void) {
        static const struct {
                int line;
                const char *record, *json;
        } rows[] = {
                { __LINE__, "{\"Id\":3,\"Title\":\"A \\\"b\\\"\"}", "{\"id\":3,\"title\":\"A \\\"b\\\"\"}" },
                { __LINE__, "{\"PlanDate\":\"\"}", "{\"plan_date\":\"\"}" },
                { __LINE__, "{\"WorkedUSec\":5,\"OffsetSec\":-1}", "{\"worked_usec\":5,\"offset_sec\":-1}" },
                { __LINE__, "{\"UntilRealtimeUSec\":0}", "{\"until\":null}" },
                { __LINE__, "{\"UntilRealtimeUSec\":1782900000000000}",
                                "{\"until\":\"2026-07-01T10:00:00Z\"}" },
                { __LINE__, "{\"TaskId\":0,\"BootId\":\"ab\"}", "{\"task_id\":null,\"boot_id\":\"ab\"}" },
                { __LINE__, "{\"TaskId\":7}", "{\"task_id\":7}" },
                { __LINE__, "{\"Tags\":[\"a\",\"b\"]}", "{\"tags\":[\"a\",\"b\"]}" },
                { __LINE__, "{\"Interruptions\":[{\"AtRealtimeUSec\":1782900000000000,\"External\":false}]}",
                                "{\"interruptions\":[{\"at\":\"2026-07-01T10:00:00Z\",\"external\":false}]}" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                struct json_object *record = json_tokener_parse(rows[i].record);
                struct json_object *o = json_of_record(record, JSON_SECONDS);

                CHECK_STR(rows[i].line, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN),
                                rows[i].json);
                json_object_put(o);
                json_object_put(record);
        }
}

/* ---- tables ---- */

static void test_table(void) {
        Table *table = table_new((const char *const[]){ ">ID", "TITLE", "END", NULL });
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);

        for (unsigned i = 0; i < 20; i++)
                table_add(table, (const char *const[]){ i % 2 ? "#1" : "#10", "日本", i % 2 ? NULL : "x" });
        table_print(table, file, 0, "", "");
        fclose(file);
        g_assert_true(g_str_has_prefix(text, " ID  TITLE  END\n#10  日本   x\n #1  日本\n"));
        free(text);
        table_free(table);
}

static void test_table_on_a_terminal(void) {
        static const struct {
                int line;
                unsigned columns;
                const char *rows;
        } widths[] = {
                { __LINE__, 0, "#1  school  Mon;Tue;Thu;Fri  a day like others, and 日本 too\n" },
                { __LINE__, 120, "#1  school  Mon;Tue;Thu;Fri  a day like others, and 日本 too\n" },
                { __LINE__, 60, "#1  school  Mon;Tue;Thu;Fri  a day like others, and 日本 too\n" },
                { __LINE__, 59,
                                "#1  school  Mon;Tue;Thu;Fri  a day like others, and 日本\n"
                                "                             too\n" },
                { __LINE__, 45,
                                "#1  school  Mon;Tue;Thu;Fri  a day like\n"
                                "                             others, and 日本\n"
                                "                             too\n" },
                { __LINE__, 37,
                                "#1  school  Mon;Tue;     a day like\n"
                                "            Thu;Fri      others, and\n"
                                "                         日本 too\n" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
                Table *table = table_new((const char *const[]){ ">ID", "RULE", "DAYS", "FURTHER", NULL });
                char *text = NULL;
                size_t n;
                FILE *file = open_memstream(&text, &n);

                table_add(table, (const char *const[]){ "#1", "school", "Mon;Tue;Thu;Fri",
                                                 "a day like others, and 日本 too" });
                table_print(table, file, widths[i].columns, "", "");
                fclose(file);
                CHECK_STR(widths[i].line, strchr(text, '\n') + 1, widths[i].rows);
                free(text);
                table_free(table);
        }
}

static void test_table_as_records(void) {
        Table *table = table_new((const char *const[]){ ">ID", "RULE", "DAYS", "FURTHER", NULL });
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);

        table_add(table, (const char *const[]){ "#1", "school", NULL, "a day like others, and 日本 too" });
        table_add(table, (const char *const[]){ "#2", "0123456789012345678901234", "Mon", NULL });
        table_print(table, file, 30, "<", ">");
        fclose(file);
        g_assert_cmpstr(text, ==,
                        "<ID>       #1\n"
                        "<RULE>     school\n"
                        "<FURTHER>  a day like others,\n"
                        "         and 日本 too\n"
                        "\n"
                        "<ID>       #2\n"
                        "<RULE>     012345678901234567890\n"
                        "         1234\n"
                        "<DAYS>     Mon\n");
        free(text);
        table_free(table);
}

static void test_table_fits(void) {
        Table *table = table_new((const char *const[]){ ">ID", "RULE", "HOURS", "FURTHER", NULL });

        table_add(table, (const char *const[]){ "#1", "a-name-that-is-far-longer-than-others-are",
                                         "08:00-09:30;10:00-12:00;13:00-15:30", "日本日本日本日本日本日本" });
        table_add(table, (const char *const[]){ "#1000000", "", "1,2,3 4; ", " , ;;  ," });
        for (unsigned columns = 1; columns < 140; columns++) {
                char *text = NULL, **lines;
                size_t n;
                FILE *file = open_memstream(&text, &n);

                table_print(table, file, columns, "", "");
                fclose(file);
                lines = g_strsplit(text, "\n", -1);
                /* Below that no value has room: the terminal wraps it. */
                for (char **l = lines; columns >= 18 && *l; l++)
                        g_assert_cmpuint(text_width(*l), <=, columns);
                g_strfreev(lines);
                free(text);
        }
        table_free(table);
}

/* ---- watch ---- */

static void drawn_fits(const WatchView *view) {
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);
        char **lines;

        watch_draw(file, view);
        fclose(file);
        g_assert_true(g_str_has_prefix(text, "\033[H"));
        g_assert_true(g_str_has_suffix(text, "\033[J"));
        text[n - 3] = '\0';

        lines = g_strsplit(text + 3, "\r\n", -1);
        g_assert_cmpuint(g_strv_length(lines), <=, view->rows);
        for (char **l = lines; *l; l++) {
                char *erase = strstr(*l, "\033[K");

                g_assert_nonnull(erase);
                *erase = '\0';
                g_assert_cmpuint(text_width(*l), <=, view->columns);
                g_assert_true(g_utf8_validate(*l, -1, NULL));
        }
        g_strfreev(lines);
        free(text);
}

static void test_screen(void) {
        static char wide[] = "日本語の長い題名はここで切られる、そして切られたことが分かる";
        TimerState states[] = { pomodoro(), idle(), pomodoro(), pomodoro() };
        Ctl ctl = {};

        states[2].task = wide;
        states[3].state = CLIENT_FREEFORM;
        states[3].deadline_boot_usec = states[3].deadline_real_usec = 0;
        states[3].running_since_boot_usec = 1;
        for (unsigned columns = 1; columns < 100; columns += 3)
                for (unsigned rows = 1; rows < 26; rows += 4)
                        for (size_t i = 0; i <= G_N_ELEMENTS(states); i++) {
                                WatchView view = {
                                        .ctl = &ctl,
                                        .timer = i < G_N_ELEMENTS(states) ? &states[i] : NULL,
                                        .now_boot_usec = NOW,
                                        .long_break_every = 4,
                                        .message = i % 2 ? "a message that is \033 not nice" : NULL,
                                        .keys = true,
                                        .columns = columns,
                                        .rows = rows,
                                };

                                drawn_fits(&view);
                        }
}

/* The last line of the picture: what the keys do. */
static char *legend(const TimerState *timer, unsigned columns) {
        Ctl ctl = {};
        WatchView view = {
                .ctl = &ctl,
                .timer = timer,
                .now_boot_usec = NOW,
                .until = "Mon 2026-07-06 09:00",
                .keys = true,
                .columns = columns,
                .rows = 24,
        };
        char *text = NULL, *last, *found;
        size_t n;
        FILE *file = open_memstream(&text, &n);

        watch_draw(file, &view);
        fclose(file);
        if (columns >= 60)
                g_assert_cmpint(timer && strcmp(timer->schedule_state, "off-hours") == 0, ==,
                                strstr(text, "off hours, until Mon 2026-07-06 09:00") != NULL);
        last = g_strrstr(text, "\r\n") + 2;
        *strstr(last, "\033[K") = '\0';
        found = g_strdup(last + strspn(last, " "));
        free(text);
        return found;
}

static void test_legend(void) {
        static char off_hours[] = "off-hours", away[] = "away";
        TimerState running = pomodoro(), pausable = pomodoro(), paused = pomodoro(), rest = pomodoro(),
                   freeform = pomodoro(), none = idle(), off = idle(), gone = idle();
        const struct {
                int line;
                const TimerState *timer;
                unsigned columns;
                const char *legend;
        } cases[] = {
                { __LINE__, &running, 80, "space: interrupted   e: by others   x: stop   q: quit" },
                { __LINE__, &pausable, 80,
                                "space: pause   i: interrupted   e: by others   x: stop   q: quit" },
                { __LINE__, &pausable, 50, "space: pause   e: by others   x: stop   q: quit" },
                { __LINE__, &running, 40, "space: interrupted   x: stop   q: quit" },
                { __LINE__, &running, 30, "space: interrupted   x: stop" },
                { __LINE__, &running, 18, "space: interrupted" },
                { __LINE__, &paused, 80,
                                "space: resume   i: interrupted   e: by others   x: stop   q: quit" },
                { __LINE__, &rest, 80, "space: skip   q: quit" },
                { __LINE__, &freeform, 80,
                                "space: stop   i: interrupted   e: by others   p: pause   q: quit" },
                { __LINE__, &none, 80, "space: start pomodoro   q: quit" },
                { __LINE__, &off, 80, "a: start anyway   q: quit" },
                { __LINE__, &gone, 80, "a: start anyway   q: quit" },
                { __LINE__, NULL, 80, "space: start pomod   q: quit" },
        };

        pausable.can_pause = freeform.can_pause = true;
        paused.paused = true;
        rest.state = CLIENT_SHORT_BREAK;
        freeform.state = CLIENT_FREEFORM;
        off.schedule_state = off_hours;
        gone.schedule_state = away;
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char *shown = legend(cases[i].timer, cases[i].columns);

                CHECK_STR(cases[i].line, shown, cases[i].legend);
                g_free(shown);
        }
}

static void test_next_second(void) {
        TimerState timer = pomodoro();

        /* 18:20 is shown until 18:19 is what rounds up. */
        g_assert_cmpuint(watch_next_usec(&timer, NOW), ==, USEC_PER_SEC);
        g_assert_cmpuint(watch_next_usec(&timer, NOW + 1), ==, USEC_PER_SEC - 1);
        g_assert_cmpuint(watch_next_usec(&timer, NOW + 1100 * USEC_PER_SEC), ==, UINT64_MAX);
        timer.deadline_boot_usec = 0;
        g_assert_cmpuint(watch_next_usec(&timer, NOW + 300000), ==, 700000);
        timer.paused = true;
        g_assert_cmpuint(watch_next_usec(&timer, NOW), ==, UINT64_MAX);
        timer = idle();
        g_assert_cmpuint(watch_next_usec(&timer, NOW), ==, UINT64_MAX);
}

static void test_unchecked_format(void) {
        if (g_test_subprocess()) {
                const TimerState timer = {};

                format_print(stdout, "%z", &timer, 0, "");
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*checked == 0*");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/format/placeholders", test_format);
        g_test_add_func("/pomoctl/format/unknown", test_format_unknown);
        g_test_add_func("/pomoctl/json/status", test_status_json);
        g_test_add_func("/pomoctl/json/interval", test_interval_json);
        g_test_add_func("/pomoctl/json/record", test_record_json);
        g_test_add_func("/pomoctl/table", test_table);
        g_test_add_func("/pomoctl/table-on-a-terminal", test_table_on_a_terminal);
        g_test_add_func("/pomoctl/table-as-records", test_table_as_records);
        g_test_add_func("/pomoctl/table-fits", test_table_fits);
        g_test_add_func("/pomoctl/watch/screen", test_screen);
        g_test_add_func("/pomoctl/watch/legend", test_legend);
        g_test_add_func("/pomoctl/watch/next-second", test_next_second);
        g_test_add_func("/pomoctl/status/unchecked-format", test_unchecked_format);
        return g_test_run();
}
