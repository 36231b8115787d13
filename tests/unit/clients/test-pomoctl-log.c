/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* The log as people see it: rows under their days, what is below them, and sums. */

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "clients/pomoctl/log-rows.h"
#include "clients/pomoctl/json.h"
#include "common/duration.h"
#include "common/text.h"
#include "tests/unit/check.h"

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
                uint64_t started, worked, overtime;
        } intervals[] = {
                { "pomodoro", "completed", "2026-07-01", 1782900000, 1500 }, /* 12:00 at +02:00 */
                { "short-break", "skipped", "2026-07-01", 1782901500, 60 },
                { "pomodoro", "void", "2026-07-01", 1782901560, 300, 120 },
                { "freeform", "completed", "2026-07-01", 1782941400, 3600, 3540 }, /* 23:30, over midnight */
                { "freeform", "running", "2026-07-01", 1782945600, 60 },     /* 00:40, of the day before */
                { "pomodoro", "completed", "2026-07-02", 1782986400, 1500 }, /* 12:00 */
        };
        Ctl ctl = {};
        LogRows rows = { .ctl = &ctl };
        char *text = NULL;
        size_t n;

        rows.file = open_memstream(&text, &n);
        for (size_t i = 0; i < G_N_ELEMENTS(intervals); i++) {
                struct json_object *record = interval(intervals[i].kind, intervals[i].outcome,
                                intervals[i].date, intervals[i].started, intervals[i].worked);

                if (intervals[i].overtime > 0)
                        json_object_object_add(record, "OvertimeUSec",
                                        json_object_new_uint64(intervals[i].overtime * USEC_PER_SEC));

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
        g_assert_nonnull(strstr(text, "  59m overtime\n"));
        g_assert_nonnull(strstr(text,
                        "1 pomodoro · 25m in pomodoros · 1h1m freeform · 1 void after 5m · 1h1m overtime\n"));
        g_assert_nonnull(strstr(text, "        1 pomodoro · 25m in pomodoros\n"));
        g_assert_nonnull(strstr(text,
                        "In all: 2 pomodoros · 50m in pomodoros · 1h1m freeform · 1 void after 5m · 1h1m overtime\n"));
        g_assert_null(strchr(text, '\033'));
        g_assert_null(strstr(text, "overlap"));
        free(text);
}

/* Below its row, the notes of interruptions that have any; what was typed is no command to a terminal. */
static void test_log_rows_notes(void) {
        Ctl ctl = { .colour = true };
        LogRows rows = { .ctl = &ctl };
        struct json_object *record = interval("pomodoro", "completed", "2026-07-01", 1782900000, 1500);
        char *text = NULL;
        size_t n;

        json_object_object_add(record, "Interruptions",
                        json_tokener_parse(
                                        "[{\"AtRealtimeUSec\":1782900300000000,\"External\":true,\"Note\":\"Anna \\u001b[31mcalled\"},{\"AtRealtimeUSec\":1782900600000000,\"Note\":\"\"},{\"AtRealtimeUSec\":1782900900000000,\"Note\":\"news\"}]"));
        rows.file = open_memstream(&text, &n);
        log_rows_add(&rows, record);
        fclose(rows.file);
        json_object_put(record);

        g_assert_nonnull(strstr(text, "\n\033[2m        12:05  interrupted by others: Anna "));
        g_assert_null(strstr(text, "\033[31m"));
        g_assert_nonnull(strstr(text, "\n\033[2m        12:15  interrupted: news\033[0m\n"));
        g_assert_null(strstr(text, "12:10"));
        free(text);
}

/* A day is marked on which the clock was set back, and the next is not. */
static void test_log_rows_of_two_clocks(void) {
        static const struct {
                const char *date;
                uint64_t epoch;
        } cases[] = { { "2026-07-01", 1 }, { "2026-07-01", 2 }, { "2026-07-02", 2 } };
        Ctl ctl = {};
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

static void test_log_rows_on_a_terminal(void) {
        static const struct {
                int line;
                unsigned columns;
                const char *row;
        } widths[] = {
                { __LINE__, 0, "    #0  12:00–12:25  pomodoro     completed       25m                    Write the report for the allotment gardeners\n" },
                { __LINE__, 120,
                                "    #0  12:00–12:25  pomodoro     completed       25m                    Write the report for the allotment gardeners\n" },
                { __LINE__, 100,
                                "    #0  12:00–12:25  pomodoro     completed       25m                    Write the report for the\n"
                                "                                                                         allotment gardeners\n" },
                { __LINE__, 80,
                                "    #0  12:00–12:25  pomodoro     completed       25m\n"
                                "        Write the report for the allotment gardeners\n" },
                { __LINE__, 40,
                                "ID       #0\n"
                                "TIME     12:00–12:25\n"
                                "KIND     pomodoro\n"
                                "OUTCOME  completed\n"
                                "WORKED   25m\n"
                                "TASK     Write the report for the\n"
                                "         allotment gardeners\n" },
        };
        Ctl ctl = {};

        for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
                LogRows rows = { .ctl = &ctl, .columns = widths[i].columns };
                struct json_object *record =
                                interval("pomodoro", "completed", "2026-07-01", 1782900000, 1500);
                char *text = NULL, *row, *sum;
                size_t n;

                json_object_object_add(record, "Task",
                                json_object_new_string("Write the report for the allotment gardeners"));
                rows.file = open_memstream(&text, &n);
                log_rows_add(&rows, record);
                log_rows_end(&rows);
                fclose(rows.file);
                json_object_put(record);

                row = strstr(text, widths[i].columns == 40 ? "ID " : "    #0");
                sum = strstr(text, "        1 pomodoro");
                g_assert_nonnull(row);
                g_assert_nonnull(sum);
                *sum = '\0';
                CHECK_STR(widths[i].line, row, widths[i].row);
                free(text);
        }
}

/* On a terminal nothing below a row is wider than it, also where there is no room for rows. */
static void test_log_notes_on_a_terminal(void) {
        static const unsigned widths[] = { 100, 80, 40 };
        Ctl ctl = {};

        for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
                LogRows rows = { .ctl = &ctl, .columns = widths[i] };
                char *text = NULL;
                size_t n;

                rows.file = open_memstream(&text, &n);
                for (uint64_t epoch = 1; epoch <= 2; epoch++) {
                        struct json_object *record =
                                        interval("pomodoro", "completed", "2026-07-01", 1782900000, 1500);

                        json_object_object_add(record, "Epoch", json_object_new_uint64(epoch));
                        json_object_object_add(record, "Interruptions",
                                        json_tokener_parse(
                                                        "[{\"AtRealtimeUSec\":1782900300000000,\"Note\":\"Anna called about the allotment and the gardeners, who had called her about it\"}]"));
                        log_rows_add(&rows, record);
                        json_object_put(record);
                }
                log_rows_end(&rows);
                fclose(rows.file);

                g_assert_nonnull(strstr(text, "        12:05  interrupted: Anna called"));
                g_assert_nonnull(strstr(text, "the clock was set back"));
                for (char *save = NULL, *line = strtok_r(text, "\n", &save); line;
                                line = strtok_r(NULL, "\n", &save))
                        g_assert_cmpuint(text_width(line), <=, widths[i]);
                free(text);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/log/rows", test_log_rows);
        g_test_add_func("/pomoctl/log/rows-on-a-terminal", test_log_rows_on_a_terminal);
        g_test_add_func("/pomoctl/log/rows-notes", test_log_rows_notes);
        g_test_add_func("/pomoctl/log/rows-of-two-clocks", test_log_rows_of_two_clocks);
        g_test_add_func("/pomoctl/log/notes-on-a-terminal", test_log_notes_on_a_terminal);
        return g_test_run();
}
