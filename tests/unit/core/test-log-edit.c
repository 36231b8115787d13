/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/log.h"

#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "tests/unit/check.h"

#define NOW   (1782900000 * USEC_PER_SEC) /* 2026-07-01 10:00 UTC, in Berlin 12:00 */
#define START (NOW - 2 * USEC_PER_HOUR)
#define END   (NOW - USEC_PER_HOUR)

static GTimeZone *berlin;
static const Now now = { .real_usec = NOW };

static void test_make(void) {
        LogEdit edit = { .has_started = true,
                .has_ended = true,
                .has_task = true,
                .has_note = true,
                .started_real_usec = START,
                .ended_real_usec = END,
                .task = 3,
                .note = "call" };
        cleanup_(interval_done) Interval interval = {};

        g_assert_cmpint(log_edit_make(&edit, berlin, &now, &interval, NULL), ==, 0);
        g_assert_cmpint(interval.kind, ==, INTERVAL_FREEFORM);
        g_assert_cmpint(interval.outcome, ==, OUTCOME_COMPLETED);
        g_assert_cmpuint(interval.started_real_usec, ==, START);
        g_assert_cmpuint(interval_ended_real_usec(&interval), ==, END);
        g_assert_cmpint(interval.offset_sec, ==, 7200);
        g_assert_cmpuint(interval.planned_usec, ==, 0);
        g_assert_cmpint(interval.task, ==, 3);
        g_assert_cmpstr(interval.note, ==, "call");
        g_assert_true(interval.edited);
        interval_done(&interval);

        edit.has_kind = true;
        edit.kind = INTERVAL_POMODORO;
        edit.note = "";
        g_assert_cmpint(log_edit_make(&edit, berlin, &now, &interval, NULL), ==, 0);
        g_assert_cmpint(interval.kind, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(interval.planned_usec, ==, USEC_PER_HOUR);
        g_assert_null(interval.note);
}

static void test_make_refuses(void) {
        char *note_at_cap = g_strnfill(CAP_NOTE_BYTES, 'x');
        const struct {
                int line;
                IntervalKind kind;
                uint64_t started, ended;
                const char *note;
                int r;
                const char *part;
        } table[] = {
                { __LINE__, INTERVAL_FREEFORM, START, NOW, NULL, 0, "" },
                { __LINE__, INTERVAL_FREEFORM, NOW - 1, NOW, NULL, 0, "" },
                { __LINE__, INTERVAL_FREEFORM, START, END, note_at_cap, 0, "" },
                { __LINE__, INTERVAL_FREEFORM, START, NOW + 1, NULL, REFUSAL_INVALID_TIME,
                                "is in the future" },
                { __LINE__, INTERVAL_FREEFORM, START, NOW + USEC_PER_HOUR, NULL, REFUSAL_INVALID_TIME,
                                "2026-07-01 13:00:00 is in the future" },
                { __LINE__, INTERVAL_FREEFORM, NOW + 1, NOW + 2, NULL, REFUSAL_INVALID_TIME,
                                "is in the future" },
                { __LINE__, INTERVAL_FREEFORM, (uint64_t) -1, END, NULL, REFUSAL_INVALID_TIME,
                                "is in the future" },
                { __LINE__, INTERVAL_FREEFORM, END, START, NULL, REFUSAL_INVALID_TIME,
                                "the end, 2026-07-01 10:00:00, must be after the start, 2026-07-01 11:00:00" },
                { __LINE__, INTERVAL_FREEFORM, START, START, NULL, REFUSAL_INVALID_TIME,
                                "must be after the start" },
                { __LINE__, INTERVAL_SHORT_BREAK, START, END, NULL, REFUSAL_INVALID_ARGUMENT, "short-break" },
                { __LINE__, INTERVAL_LONG_BREAK, START, END, NULL, REFUSAL_INVALID_ARGUMENT, "long-break" },
                { __LINE__, INTERVAL_NONE, START, END, NULL, REFUSAL_INVALID_ARGUMENT,
                                "pomodoro or freeform" },
                { __LINE__, (IntervalKind) 99, START, END, NULL, REFUSAL_INVALID_ARGUMENT,
                                "pomodoro or freeform" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                LogEdit edit = { .has_kind = true,
                        .has_started = true,
                        .has_ended = true,
                        .has_note = table[i].note != NULL,
                        .kind = table[i].kind,
                        .started_real_usec = table[i].started,
                        .ended_real_usec = table[i].ended,
                        .note = table[i].note };
                cleanup_(interval_done) Interval interval = {};
                Refusal refusal = {};

                CHECK_INT(table[i].line, log_edit_make(&edit, berlin, &now, &interval, &refusal), table[i].r);
                CHECK_INT(table[i].line, refusal.code, table[i].r);
                CHECK(table[i].line, strstr(refusal.message, table[i].part) != NULL);
                CHECK(table[i].line, table[i].r == 0 || interval.kind == INTERVAL_NONE);
        }
        g_free(note_at_cap);
}

static void test_make_needs_times(void) {
        Interval interval;
        Refusal refusal;

        g_assert_cmpint(log_edit_make(&(LogEdit){ .has_started = true, .started_real_usec = START }, berlin,
                                        &now, &interval, &refusal),
                        ==, REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "the end is missing"));
        g_assert_cmpint(log_edit_make(&(LogEdit){}, berlin, &now, &interval, &refusal), ==,
                        REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "the start is missing"));
}

static Interval record(IntervalKind kind, IntervalOutcome outcome) {
        return (Interval){ .id = 12,
                .kind = kind,
                .outcome = outcome,
                .started_real_usec = START,
                .offset_sec = 7200,
                .length_usec = USEC_PER_HOUR,
                .planned_usec = kind == INTERVAL_FREEFORM ? 0 : USEC_PER_HOUR,
                .paused_usec = 40 * USEC_PER_MIN,
                .idle_usec = 50 * USEC_PER_MIN,
                .task = 3,
                .note = (char *) "old",
                .task_title = (char *) "report" };
}

static void test_apply(void) {
        Interval before = record(INTERVAL_FREEFORM, OUTCOME_COMPLETED);
        cleanup_(interval_done) Interval after = {};
        LogEdit edit = { .has_started = true, .started_real_usec = END - 30 * USEC_PER_MIN };

        /* A later start keeps the end, and what no longer fits is cut. */
        g_assert_cmpint(log_edit_apply(&before, &edit, berlin, &now, &after, NULL), ==, 0);
        g_assert_cmpuint(interval_ended_real_usec(&after), ==, END);
        g_assert_cmpuint(after.length_usec, ==, 30 * USEC_PER_MIN);
        g_assert_cmpuint(after.paused_usec, ==, 30 * USEC_PER_MIN);
        g_assert_cmpuint(after.idle_usec, ==, 30 * USEC_PER_MIN);
        g_assert_cmpuint(interval_worked_usec(&after), ==, 0);
        g_assert_true(after.edited);
        g_assert_cmpstr(after.note, ==, "old");
        interval_done(&after);

        edit = (LogEdit){ .has_ended = true, .ended_real_usec = NOW };
        g_assert_cmpint(log_edit_apply(&before, &edit, berlin, &now, &after, NULL), ==, 0);
        g_assert_cmpuint(after.length_usec, ==, 2 * USEC_PER_HOUR);
        g_assert_cmpuint(after.paused_usec, ==, 40 * USEC_PER_MIN);
        interval_done(&after);

        edit = (LogEdit){ .has_note = true, .note = "", .has_task = true, .task = 4 };
        g_assert_cmpint(log_edit_apply(&before, &edit, berlin, &now, &after, NULL), ==, 0);
        g_assert_null(after.note);
        g_assert_cmpint(after.task, ==, 4);
        g_assert_null(after.task_title);
        g_assert_cmpuint(after.length_usec, ==, USEC_PER_HOUR);
        interval_done(&after);

        edit = (LogEdit){ .has_kind = true, .kind = INTERVAL_POMODORO };
        g_assert_cmpint(log_edit_apply(&before, &edit, berlin, &now, &after, NULL), ==, 0);
        g_assert_cmpint(after.kind, ==, INTERVAL_POMODORO);
        g_assert_cmpint(after.outcome, ==, OUTCOME_COMPLETED);
        interval_done(&after);

        before = record(INTERVAL_POMODORO, OUTCOME_VOID);
        edit = (LogEdit){ .has_kind = true, .kind = INTERVAL_FREEFORM };
        g_assert_cmpint(log_edit_apply(&before, &edit, berlin, &now, &after, NULL), ==, 0);
        g_assert_cmpint(after.outcome, ==, OUTCOME_COMPLETED);
        g_assert_cmpuint(after.planned_usec, ==, 0);
        interval_done(&after);

        /* Nothing to change about the kind of a void pomodoro: it stays void. */
        edit.kind = INTERVAL_POMODORO;
        g_assert_cmpint(log_edit_apply(&before, &edit, berlin, &now, &after, NULL), ==, 0);
        g_assert_cmpint(after.outcome, ==, OUTCOME_VOID);
}

static void test_apply_refuses(void) {
        const struct {
                int line;
                IntervalKind kind;
                IntervalOutcome outcome;
                LogEdit edit;
                int r;
                const char *part;
        } table[] = {
                { __LINE__, INTERVAL_FREEFORM, OUTCOME_RUNNING,
                                { .has_started = true, .started_real_usec = START }, REFUSAL_NOT_POSSIBLE,
                                "#12 still runs" },
                { __LINE__, INTERVAL_FREEFORM, OUTCOME_RUNNING, { .has_ended = true, .ended_real_usec = END },
                                REFUSAL_NOT_POSSIBLE, "#12 still runs" },
                { __LINE__, INTERVAL_FREEFORM, OUTCOME_RUNNING,
                                { .has_kind = true, .kind = INTERVAL_POMODORO }, REFUSAL_NOT_POSSIBLE,
                                "#12 still runs" },
                { __LINE__, INTERVAL_FREEFORM, OUTCOME_RUNNING, { .has_note = true, .note = "new" }, 0, "" },
                { __LINE__, INTERVAL_SHORT_BREAK, OUTCOME_COMPLETED,
                                { .has_kind = true, .kind = INTERVAL_POMODORO }, REFUSAL_INVALID_ARGUMENT,
                                "#12 is a short-break" },
                { __LINE__, INTERVAL_POMODORO, OUTCOME_COMPLETED,
                                { .has_kind = true, .kind = INTERVAL_LONG_BREAK }, REFUSAL_INVALID_ARGUMENT,
                                "long-break" },
                { __LINE__, INTERVAL_SHORT_BREAK, OUTCOME_COMPLETED,
                                { .has_ended = true, .ended_real_usec = NOW }, 0, "" },
                { __LINE__, INTERVAL_FREEFORM, OUTCOME_COMPLETED,
                                { .has_ended = true, .ended_real_usec = START }, REFUSAL_INVALID_TIME,
                                "must be after the start" },
                { __LINE__, INTERVAL_FREEFORM, OUTCOME_COMPLETED,
                                { .has_started = true, .started_real_usec = END }, REFUSAL_INVALID_TIME,
                                "must be after the start" },
                { __LINE__, INTERVAL_FREEFORM, OUTCOME_COMPLETED,
                                { .has_ended = true, .ended_real_usec = NOW + 1 }, REFUSAL_INVALID_TIME,
                                "in the future" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Interval before = record(table[i].kind, table[i].outcome);
                cleanup_(interval_done) Interval after = {};
                Refusal refusal = {};

                CHECK_INT(table[i].line,
                                log_edit_apply(&before, &table[i].edit, berlin, &now, &after, &refusal),
                                table[i].r);
                CHECK(table[i].line, strstr(refusal.message, table[i].part) != NULL);
                CHECK(table[i].line, table[i].r == 0 || after.id == 0);
        }
}

/* A clock that was wrong left a record in the future: what is said about it can be corrected all the same. */
static void test_apply_to_a_record_in_the_future(void) {
        Interval before = record(INTERVAL_FREEFORM, OUTCOME_COMPLETED);
        cleanup_(interval_done) Interval after = {};

        before.started_real_usec = NOW + USEC_PER_DAY;
        g_assert_cmpint(log_edit_apply(&before, &(LogEdit){ .has_note = true, .note = "new" }, berlin, &now,
                                        &after, NULL),
                        ==, 0);
        g_assert_cmpstr(after.note, ==, "new");
}

int main(int argc, char **argv) {
        int r;

        g_test_init(&argc, &argv, NULL);
        berlin = g_time_zone_new_identifier("Europe/Berlin");
        g_test_add_func("/log-edit/make", test_make);
        g_test_add_func("/log-edit/make-refuses", test_make_refuses);
        g_test_add_func("/log-edit/make-needs-times", test_make_needs_times);
        g_test_add_func("/log-edit/apply", test_apply);
        g_test_add_func("/log-edit/apply-refuses", test_apply_refuses);
        g_test_add_func("/log-edit/apply-to-a-record-in-the-future", test_apply_to_a_record_in_the_future);
        r = g_test_run();
        g_time_zone_unref(berlin);
        return r;
}
