/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "tests/unit/engine/fixture.h"

static int request(Fixture *f, RequestType type, int64_t id) {
        return fixture_request(f, &(Request){ .type = type, .id = id }, NULL);
}

static void test_add_counts(void) {
        cleanup_(fixture_done) Fixture f;
        Request add = {
                .type = REQUEST_LOG_ADD,
                .log = {
                        .has_kind = true,
                        .kind = INTERVAL_POMODORO,
                        .has_started = true,
                        .started_real_usec = START_REAL_USEC - MIN_USEC(30),
                        .has_ended = true,
                        .ended_real_usec = START_REAL_USEC - MIN_USEC(5),
                },
                .task_title = "Letter",
        };
        Answer answer;

        fixture_begin(&f);
        fixture_set(&f, "time-zone", "UTC");
        g_assert_cmpint(fixture_request(&f, &add, &answer), ==, 0);
        g_assert_cmpint(answer.id, ==, 1);
        g_assert_cmpint(answer.created_task, ==, 1);
        /* Told and read agree, within the listener too. */
        g_assert_cmpuint(f.completed_when_told, ==, 1);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        g_assert_cmpint(fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL), ==, 2);
}

static void test_overlap_names_what_is_in_the_way(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        fixture_set(&f, "time-zone", "Europe/Berlin");
        g_assert_cmpint(fixture_add(&f, -120, -60, "Letter"), ==, 1);
        g_assert_cmpint(fixture_add(&f, -90, -30, "Another"), ==, 0);
        assert_refused(&f, REFUSAL_OVERLAP,
                        "#1 is in the way: freeform 2026-03-02 09:00\xe2\x80\x93"
                        "10:00, Letter");
        g_assert_cmpuint(fixture_count(&f), ==, 1);
        g_assert_cmpint(fixture_add(&f, -60, -30, NULL), ==, 2); /* touching is no overlap */

        g_assert_cmpint(fixture_request(&f,
                                &(Request){
                                        .type = REQUEST_LOG_EDIT,
                                        .id = 2,
                                        .log = {
                                                .has_started = true,
                                                .started_real_usec = START_REAL_USEC - MIN_USEC(61),
                                        },
                                },
                                NULL),
                ==, REFUSAL_OVERLAP);
        assert_refused(&f, REFUSAL_OVERLAP, "#1");
}

/* In minutes from the hour at which the clocks begin. */
static int edit_times(Fixture *f, int64_t id, int64_t started_min, int64_t ended_min) {
        Request edit = {
                .type = REQUEST_LOG_EDIT,
                .id = id,
                .log = {
                        .has_started = true,
                        .started_real_usec = START_REAL_USEC + (uint64_t) (started_min * 60000000),
                        .has_ended = true,
                        .ended_real_usec = START_REAL_USEC + (uint64_t) (ended_min * 60000000),
                },
        };

        return fixture_request(f, &edit, NULL);
}

/* The clock was three hours behind for a while. A hand puts nothing over what was timed on either clock. */
static void test_overlap_with_another_clock(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};
        Request start = {
                .type = REQUEST_TIMER,
                .event = { .type = EVENT_START, .kind = INTERVAL_FREEFORM, .ago_usec = MIN_USEC(10) },
        };

        fixture_begin(&f);
        g_assert_cmpint(fixture_add(&f, -120, -60, NULL), ==, 1); /* 08:00 to 09:00 */
        test_clocks_step(f.clocks, -(int64_t) MIN_USEC(180));
        g_assert_cmpint(fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL), ==, 2); /* 07:00 to 08:15 */
        test_clocks_advance(f.clocks, MIN_USEC(75));
        fixture_event(&f, EVENT_STOP);
        test_clocks_step(f.clocks, (int64_t) MIN_USEC(180)); /* 11:15 */
        interval = fixture_interval(&f, 2);
        g_assert_cmpuint(interval.epoch, ==, 2);

        g_assert_cmpint(fixture_add(&f, -165, -155, NULL), ==, 0);
        assert_refused(&f, REFUSAL_OVERLAP, "#1 is in the way");
        g_assert_cmpint(fixture_add(&f, -245, -235, NULL), ==, 0);
        assert_refused(&f, REFUSAL_OVERLAP, "#2 is in the way");

        /* Where the clock laid two over one another, each can still be edited where it gains nothing. */
        g_assert_cmpint(edit_times(&f, 1, -119, -61), ==, 0);
        g_assert_cmpint(edit_times(&f, 1, -119, -30), ==, 0);
        g_assert_cmpint(edit_times(&f, 1, -125, -30), ==, REFUSAL_OVERLAP);
        assert_refused(&f, REFUSAL_OVERLAP, "#2 is in the way");
        g_assert_cmpint(edit_times(&f, 2, -180, -100), ==, REFUSAL_OVERLAP);
        assert_refused(&f, REFUSAL_OVERLAP, "#1 is in the way");

        g_assert_cmpint(fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL), ==, 3); /* 11:15 */
        test_clocks_advance(f.clocks, MIN_USEC(10));
        g_assert_cmpint(edit_times(&f, 1, 70, 80), ==, REFUSAL_OVERLAP);
        assert_refused(&f, REFUSAL_OVERLAP, "now");
        fixture_event(&f, EVENT_STOP);

        g_assert_cmpint(request(&f, REQUEST_LOG_DELETE, 3), ==, 0);
        g_assert_cmpint(edit_times(&f, 1, 70, 80), ==, 0); /* of the first epoch, up to 11:20 */
        g_assert_cmpint(fixture_request(&f, &start, NULL), ==, REFUSAL_OVERLAP);
        assert_refused(&f, REFUSAL_OVERLAP, "#1 is in the way");
        start.event.ago_usec = MIN_USEC(5);
        g_assert_cmpint(fixture_request(&f, &start, NULL), ==, 0);
}

/* What runs is in the way up to now, though the store noted it when it began. */
static void test_overlap_with_what_runs(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        test_clocks_advance(f.clocks, MIN_USEC(10));
        g_assert_cmpint(fixture_add(&f, -5, 0, NULL), ==, 0);
        assert_refused(&f, REFUSAL_OVERLAP, "now, Letter");
        g_assert_cmpint(fixture_add(&f, -60, -10, NULL), ==, 2);
        g_assert_cmpint(fixture_add(&f, 1, 2, NULL), ==, 0);
        g_assert_cmpint(f.refusal.code, ==, REFUSAL_INVALID_TIME);
}

static void test_what_runs_cannot_be_deleted(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, "Letter");
        test_clocks_advance(f.clocks, MIN_USEC(7));
        g_assert_cmpint(request(&f, REQUEST_LOG_DELETE, 1), ==, REFUSAL_NOT_POSSIBLE);
        g_assert_cmpint(request(&f, REQUEST_LOG_DELETE, 2), ==, REFUSAL_NO_SUCH_INTERVAL);
        interval = fixture_interval(&f, 1);
        g_assert_cmpuint(interval.length_usec, ==, MIN_USEC(7));

        g_assert_cmpint(fixture_request(&f,
                                        &(Request){
                                                        .type = REQUEST_LOG_EDIT,
                                                        .id = 1,
                                                        .log = { .has_note = true, .note = "by hand" },
                                                        .task_title = "Another",
                                        },
                                        NULL),
                        ==, 0);
        g_assert_cmpstr(fixture_timer(&f).task_title, ==, "Another");
        g_assert_cmpint(request(&f, REQUEST_LOG_UNDO, 0), ==, 0);
        g_assert_cmpstr(fixture_timer(&f).task_title, ==, "Letter");
        test_clocks_advance(f.clocks, MIN_USEC(1));
        fixture_event(&f, EVENT_STOP);
        interval_done(&interval);
        interval = fixture_interval(&f, 1);
        g_assert_cmpuint(interval.length_usec, ==, MIN_USEC(8));
        g_assert_cmpint(interval.outcome, ==, OUTCOME_COMPLETED);
}

static void test_undo_and_redo(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        g_assert_cmpint(request(&f, REQUEST_LOG_UNDO, 0), ==, REFUSAL_NOTHING_TO_UNDO);
        g_assert_cmpint(fixture_add(&f, -60, -30, NULL), ==, 1);
        g_assert_cmpint(request(&f, REQUEST_LOG_DELETE, 1), ==, 0);
        g_assert_cmpint(fixture_add(&f, -40, -20, NULL), ==, 2);
        g_assert_cmpint(request(&f, REQUEST_LOG_UNDO, 0), ==, 0);
        g_assert_cmpuint(fixture_count(&f), ==, 0);
        g_assert_cmpint(request(&f, REQUEST_LOG_UNDO, 0), ==, 0);
        g_assert_cmpuint(fixture_count(&f), ==, 1);
        g_assert_cmpint(request(&f, REQUEST_LOG_REDO, 0), ==, 0);
        g_assert_cmpint(request(&f, REQUEST_LOG_REDO, 0), ==, 0);
        g_assert_cmpint(request(&f, REQUEST_LOG_REDO, 0), ==, REFUSAL_NOTHING_TO_REDO);
        g_assert_cmpuint(fixture_count(&f), ==, 1);
}

/* An undo that would put a record over what runs now. */
static void test_undo_in_the_way(void) {
        cleanup_(fixture_done) Fixture f;
        Request start = {
                .type = REQUEST_TIMER,
                .event = { .type = EVENT_START, .kind = INTERVAL_FREEFORM, .ago_usec = MIN_USEC(10) },
        };

        fixture_begin(&f);
        g_assert_cmpint(fixture_add(&f, -20, -5, NULL), ==, 1);
        g_assert_cmpint(request(&f, REQUEST_LOG_DELETE, 1), ==, 0);
        g_assert_cmpint(fixture_request(&f, &start, NULL), ==, 0);
        g_assert_cmpint(request(&f, REQUEST_LOG_UNDO, 0), ==, REFUSAL_OVERLAP);
        assert_refused(&f, REFUSAL_OVERLAP, "#2 is in the way");
}

/* The newest end is what the next start is held against: an edit moves it. */
static void test_newest_end(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};

        fixture_begin(&f);
        g_assert_cmpint(fixture_add(&f, -60, -30, NULL), ==, 1);
        test_clocks_step(f.clocks, -(int64_t) MIN_USEC(45));
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        interval = fixture_interval(&f, 2);
        g_assert_cmpuint(interval.epoch, ==, 2);
}

static void test_every_change_has_a_number(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t seq = 0;

        fixture_begin(&f);
        for (unsigned i = 0; i < 20; i++) {
                switch (i % 4) {
                case 0:
                        fixture_add(&f, -(int64_t) (10 * i + 10), -(int64_t) (10 * i + 5), NULL);
                        break;
                case 1:
                        g_assert_cmpint(request(&f, REQUEST_LOG_UNDO, 0), ==, 0);
                        break;
                case 2:
                        fixture_set(&f, "target", "3");
                        break;
                default:
                        fixture_start_interval(&f, INTERVAL_SHORT_BREAK, 0, NULL);
                }
                g_assert_cmpuint(fixture_timer(&f).seq, >, seq);
                seq = fixture_timer(&f).seq;
                /* One for each event, none without, none twice. */
                g_assert_cmpuint(seq, ==, f.n_told);
                g_assert_cmpuint(f.told[f.n_told - 1].seq, ==, seq);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/log/add", test_add_counts);
        g_test_add_func("/engine/log/overlap", test_overlap_names_what_is_in_the_way);
        g_test_add_func("/engine/log/overlap-with-another-clock", test_overlap_with_another_clock);
        g_test_add_func("/engine/log/overlap-with-what-runs", test_overlap_with_what_runs);
        g_test_add_func("/engine/log/what-runs", test_what_runs_cannot_be_deleted);
        g_test_add_func("/engine/log/undo-and-redo", test_undo_and_redo);
        g_test_add_func("/engine/log/undo-in-the-way", test_undo_in_the_way);
        g_test_add_func("/engine/log/newest-end", test_newest_end);
        g_test_add_func("/engine/log/seq", test_every_change_has_a_number);
        return g_test_run();
}
