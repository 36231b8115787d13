/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "clients/pomoctl/format.h"
#include "clients/pomoctl/log-rows.h"
#include "clients/pomoctl/shapes.h"
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
        g_assert_cmpint(format_print(file, format, timer, NOW, "17:00"), ==, 0);
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

static void test_status_shape(void) {
        static const char *const members[] = { "state", "paused", "next", "task", "started", "deadline",
                "remaining_usec", "elapsed_usec", "cycle", "completed_today", "target_today", "mode", "rule",
                "schedule_state", "seq" };
        TimerState timer = pomodoro();
        struct json_object *o = shape_status(&timer, NOW);

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                g_assert_true(json_object_object_get_ex(o, members[i], NULL));
        g_assert_cmpstr(record_text(o, "started"), ==, "2026-07-01T10:00:00.000000Z");
        g_assert_cmpstr(record_text(o, "deadline"), ==, "2026-07-01T10:25:00.000000Z");
        g_assert_cmpuint(record_u64(o, "remaining_usec"), ==, 1100 * USEC_PER_SEC);
        g_assert_cmpuint(record_u64(o, "elapsed_usec"), ==, 400 * USEC_PER_SEC);
        g_assert_cmpuint(record_u64(o, "target_today"), ==, 8);
        json_object_put(o);

        timer = idle();
        o = shape_status(&timer, NOW);
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
                static const char *const none[] = { "started", "deadline", "remaining_usec", "target_today",
                        NULL };
                struct json_object *value;

                g_assert_true(json_object_object_get_ex(o, members[i], &value));
                g_assert_cmpint(value == NULL, ==, g_strv_contains(none, members[i]));
        }
        json_object_put(o);
}

static void test_interval_shape(void) {
        static const char *const members[] = { "id", "kind", "outcome", "reason", "started", "ended",
                "planned_usec", "worked_usec", "task", "project", "internal", "external", "paused", "note",
                "overtime", "rule" };
        struct json_object *record =
                        json_tokener_parse("{\"Id\":12,\"Kind\":\"pomodoro\",\"Outcome\":\"running\","
                                           "\"StartedRealtimeUSec\":1782900000000000,"
                                           "\"EndedRealtimeUSec\":1782900000000001,\"PlannedUSec\":"
                                           "1500000000,\"Internal\":2,\"Paused\":true}");
        struct json_object *o = shape_interval(record), *value;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                g_assert_true(json_object_object_get_ex(o, members[i], NULL));
        g_assert_true(json_object_object_get_ex(o, "ended", &value));
        g_assert_null(value);
        g_assert_cmpstr(record_text(o, "task"), ==, "");
        g_assert_cmpuint(record_u64(o, "internal"), ==, 2);
        g_assert_true(record_bool(o, "paused"));
        json_object_put(o);
        json_object_put(record);
}

static void test_task_shape(void) {
        struct json_object *record = json_tokener_parse(
                                           "{\"Id\":3,\"Title\":\"A \\\"b\\\"\",\"Estimate\":4}"),
                           *o = shape_task(record);

        g_assert_cmpuint(record_u64(o, "id"), ==, 3);
        g_assert_cmpstr(record_text(o, "title"), ==, "A \"b\"");
        g_assert_cmpstr(record_text(o, "project"), ==, "");
        g_assert_cmpuint(record_u64(o, "estimate"), ==, 4);
        g_assert_false(record_bool(o, "done"));
        json_object_put(o);
        json_object_put(record);
}

/* ---- the log ---- */

static struct json_object *interval(const char *kind, const char *outcome, const char *date,
                uint64_t started_sec, uint64_t worked_sec) {
        struct json_object *o = json_object_new_object();

        json_object_object_add(o, "Date", json_object_new_string(date));

        json_object_object_add(o, "Kind", json_object_new_string(kind));
        json_object_object_add(o, "Outcome", json_object_new_string(outcome));
        json_object_object_add(o, "OffsetSec", json_object_new_int64(7200));
        json_object_object_add(o, "StartedRealtimeUSec", json_object_new_uint64(started_sec * USEC_PER_SEC));
        json_object_object_add(o, "EndedRealtimeUSec",
                        json_object_new_uint64((started_sec + worked_sec) * USEC_PER_SEC));
        json_object_object_add(o, "WorkedUSec", json_object_new_uint64(worked_sec * USEC_PER_SEC));
        json_object_object_add(o, "Task", json_object_new_string("\033[31mred"));
        return o;
}

static void test_log_rows(void) {
        static const struct {
                const char *kind, *outcome, *date;
                uint64_t started, worked;
        } intervals[] = {
                { "pomodoro", "completed", "2026-07-01", 1782900000, 1500 }, /* 12:00 at +02:00 */
                { "short-break", "skipped", "2026-07-01", 1782901500, 60 },
                { "pomodoro", "void", "2026-07-01", 1782901560, 300 },
                { "freeform", "completed", "2026-07-01", 1782941400, 3600 }, /* 23:30, over midnight */
                { "freeform", "running", "2026-07-01", 1782945600, 60 },     /* 00:40, of the day before */
                { "pomodoro", "completed", "2026-07-02", 1782986400, 1500 }, /* 12:00 */
        };
        Ctl ctl = { 0 };
        LogRows rows = { .ctl = &ctl };
        char *text = NULL;
        size_t n;

        rows.file = open_memstream(&text, &n);
        for (size_t i = 0; i < G_N_ELEMENTS(intervals); i++) {
                struct json_object *record = interval(intervals[i].kind, intervals[i].outcome,
                                intervals[i].date, intervals[i].started, intervals[i].worked);

                log_rows_add(&rows, record);
                json_object_put(record);
        }
        log_rows_end(&rows);
        fclose(rows.file);

        g_test_message("%s", text);
        g_assert_true(g_str_has_prefix(text, "Wednesday 2026-07-01\n"));
        g_assert_nonnull(strstr(text, "12:00–12:25  pomodoro"));
        g_assert_nonnull(strstr(text, "23:30–00:30  freeform"));
        g_assert_nonnull(strstr(text, "\nThursday 2026-07-02\n"));
        g_assert_cmpuint(rows.n_days, ==, 2);
        g_assert_nonnull(strstr(text, "1 pomodoro · 25m in pomodoros · 1h1m freeform · 1 void after 5m\n"));
        g_assert_nonnull(strstr(
                        text, "In all: 2 pomodoros · 50m in pomodoros · 1h1m freeform · 1 void after 5m\n"));
        g_assert_null(strchr(text, '\033'));
        g_assert_null(strstr(text, "overlap"));
        free(text);
}

/* A day is marked on which the clock was set back, and the next is not. */
static void test_log_rows_of_two_clocks(void) {
        static const struct {
                const char *date;
                uint64_t epoch;
        } cases[] = { { "2026-07-01", 1 }, { "2026-07-01", 2 }, { "2026-07-02", 2 } };
        Ctl ctl = { 0 };
        LogRows rows = { .ctl = &ctl };
        char *text = NULL, *mark;
        size_t n;

        rows.file = open_memstream(&text, &n);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                struct json_object *record = interval("freeform", "completed", cases[i].date, 1782900000, 60);

                json_object_object_add(record, "Epoch", json_object_new_uint64(cases[i].epoch));
                log_rows_add(&rows, record);
                json_object_put(record);
        }
        log_rows_end(&rows);
        fclose(rows.file);

        mark = strstr(text, "2m freeform\n        the clock was set back on this day: times may overlap\n");
        g_assert_nonnull(mark);
        g_assert_nonnull(strstr(mark, "Thursday 2026-07-02"));
        g_assert_null(strstr(strstr(mark, "Thursday"), "overlap"));
        free(text);
}

/* ---- tables ---- */

static void test_table(void) {
        Table *table = table_new((const char *const[]){ ">ID", "TITLE", "END", NULL });
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);

        for (unsigned i = 0; i < 20; i++)
                g_assert_cmpint(table_add(table, (const char *const[]){ i % 2 ? "#1" : "#10", "日本",
                                                                 i % 2 ? NULL : "x" }),
                                ==, 0);
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
                const char *row;
        } widths[] = {
                { __LINE__, 0, "#1  日本日本日本日本\n" },
                { __LINE__, 20, "#1  日本日本日本日本\n" },
                { __LINE__, 19, "#1  日本日本日本日…\n" },
                { __LINE__, 12, "#1  日本日…\n" },
                { __LINE__, 11, "#1  日本日本日本日本\n" }, /* too narrow to cut: it wraps */
                { __LINE__, 1, "#1  日本日本日本日本\n" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
                Table *table = table_new((const char *const[]){ ">ID", "TITLE", NULL });
                char *text = NULL;
                size_t n;
                FILE *file = open_memstream(&text, &n);

                g_assert_cmpint(table_add(table, (const char *const[]){ "#1", "日本日本日本日本" }), ==, 0);
                table_print(table, file, widths[i].columns, "", "");
                fclose(file);
                CHECK_STR(widths[i].line, strchr(text, '\n') + 1, widths[i].row);
                free(text);
                table_free(table);
        }
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
        Ctl ctl = { 0 };

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

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/format/placeholders", test_format);
        g_test_add_func("/pomoctl/format/unknown", test_format_unknown);
        g_test_add_func("/pomoctl/shapes/status", test_status_shape);
        g_test_add_func("/pomoctl/shapes/interval", test_interval_shape);
        g_test_add_func("/pomoctl/shapes/task", test_task_shape);
        g_test_add_func("/pomoctl/log/rows", test_log_rows);
        g_test_add_func("/pomoctl/log/rows-of-two-clocks", test_log_rows_of_two_clocks);
        g_test_add_func("/pomoctl/table", test_table);
        g_test_add_func("/pomoctl/table-on-a-terminal", test_table_on_a_terminal);
        g_test_add_func("/pomoctl/watch/screen", test_screen);
        g_test_add_func("/pomoctl/watch/next-second", test_next_second);
        return g_test_run();
}
