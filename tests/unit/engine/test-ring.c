/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "tests/unit/engine/fixture.h"

static void test_ring_and_break(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval pomodoro = {}, rest = {};
        TimerSnapshot timer;

        fixture_begin(&f);
        g_assert_cmpint(fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter"), ==, 1);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(25));

        test_clocks_advance(f.clocks, MIN_USEC(25) - 1);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 0);
        test_clocks_advance(f.clocks, 1);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        g_assert_cmpuint(f.completed_when_told, ==, 1);

        timer = fixture_timer(&f);
        g_assert_cmpint(timer.view.state, ==, INTERVAL_SHORT_BREAK);
        g_assert_cmpuint(timer.completed_today, ==, 1);
        g_assert_cmpuint(timer.view.deadline_boot_usec, ==, START_BOOT_USEC + MIN_USEC(30));
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(30));

        test_clocks_advance(f.clocks, MIN_USEC(5));
        timer = fixture_timer(&f);
        g_assert_cmpint(timer.view.state, ==, INTERVAL_NONE);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, UINT64_MAX);

        pomodoro = fixture_interval(&f, 1);
        g_assert_cmpint(pomodoro.outcome, ==, OUTCOME_COMPLETED);
        g_assert_cmpuint(pomodoro.length_usec, ==, MIN_USEC(25));
        g_assert_cmpstr(pomodoro.task_title, ==, "Letter");
        rest = fixture_interval(&f, 2);
        g_assert_cmpint(rest.outcome, ==, OUTCOME_COMPLETED);
        g_assert_cmpuint(rest.started_real_usec, ==, START_REAL_USEC + MIN_USEC(25));
        g_assert_cmpuint(fixture_count(&f), ==, 2);
}

static void test_a_chain_by_itself(void) {
        cleanup_(fixture_done) Fixture f;
        TimerSnapshot timer;

        fixture_begin(&f);
        fixture_set(&f, "time-zone", "UTC"); /* no midnight in between */
        fixture_set(&f, "auto-start-pomodoro", "yes");
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        test_clocks_advance(f.clocks, MIN_USEC(115)); /* 25 5 25 5 25 5 25 */
        timer = fixture_timer(&f);
        g_assert_cmpint(timer.view.state, ==, INTERVAL_LONG_BREAK);
        g_assert_cmpuint(timer.completed_today, ==, 4);
        g_assert_cmpuint(fixture_count(&f), ==, 8);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_STARTED), ==, 8);
}

/* A ring that cannot be stored is told all the same, once, and stored as soon as that works. */
static void test_full_disk(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval pomodoro = {};
        TimerSnapshot timer;
        uint64_t seq;
        int r;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        disk_full();
        test_clocks_advance(f.clocks, MIN_USEC(25));
        timer = fixture_timer(&f);
        r = fixture_request(&f, &(Request){ .type = REQUEST_TIMER, .event.type = EVENT_SKIP }, NULL);
        disk_free();

        g_assert_cmpint(r, ==, REFUSAL_STORE_FAILED);
        assert_refused(&f, REFUSAL_STORE_FAILED, "the disk is full: nothing was changed");
        assert_refused(&f, REFUSAL_STORE_FAILED, f.dir);
        g_assert_cmpint(timer.view.state, ==, INTERVAL_SHORT_BREAK);
        g_assert_cmpuint(timer.completed_today, ==, 1);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        seq = timer.seq;

        /* What is read says what is true, not what is stored. */
        pomodoro = fixture_interval(&f, 1);
        g_assert_cmpint(pomodoro.outcome, ==, OUTCOME_COMPLETED);
        g_assert_cmpuint(pomodoro.length_usec, ==, MIN_USEC(25));

        /* It is tried again by itself, a second later. */
        g_assert_cmpuint(
                        test_clocks_armed(f.clocks), <=, test_clocks_get(f.clocks)->boot_usec + USEC_PER_SEC);
        test_clocks_advance(f.clocks, USEC_PER_SEC);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, seq);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(30));
        g_assert_cmpuint(fixture_count(&f), ==, 2);
        fixture_event(&f, EVENT_SKIP);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, seq + 1);
}

/* The tries become rarer, and the whole chain is stored in order when the disk has room again. */
static void test_full_disk_for_long(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t armed;

        fixture_begin(&f);
        fixture_set(&f, "time-zone", "UTC"); /* no midnight in between */
        fixture_set(&f, "auto-start-pomodoro", "yes");
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        disk_full();
        test_clocks_advance(f.clocks, MIN_USEC(57));
        armed = test_clocks_armed(f.clocks) - test_clocks_get(f.clocks)->boot_usec;
        disk_free();
        g_assert_cmpuint(armed, >, USEC_PER_MIN);
        g_assert_cmpuint(armed, <=, MIN_USEC(5));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 3);
        g_assert_cmpuint(fixture_count(&f), ==, 1);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 2);

        test_clocks_advance(f.clocks, armed);
        g_assert_cmpuint(fixture_count(&f), ==, 4);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 2);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 3);
}

static void ring_unstored(Fixture *f) {
        fixture_start_interval(f, INTERVAL_POMODORO, 0, NULL);
        disk_full();
        test_clocks_advance(f->clocks, MIN_USEC(26));
        disk_free();
}

/* A crash before it could be stored: it follows from what is on the disk, so it is completed again, once. */
static void test_crash_before_stored(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        fixture_crash(&f, ring_unstored);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_SHORT_BREAK);
        g_assert_cmpuint(fixture_timer(&f).view.deadline_boot_usec, ==, START_BOOT_USEC + MIN_USEC(30));
        g_assert_cmpuint(fixture_count(&f), ==, 2);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/ring/and-break", test_ring_and_break);
        g_test_add_func("/engine/ring/chain", test_a_chain_by_itself);
        g_test_add_func("/engine/ring/full-disk", test_full_disk);
        g_test_add_func("/engine/ring/full-disk-for-long", test_full_disk_for_long);
        g_test_add_func("/engine/ring/crash-before-stored", test_crash_before_stored);
        return g_test_run();
}
