/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "tests/unit/engine/fixture.h"

static void assert_ended(
                Fixture *f, int64_t id, IntervalOutcome outcome, const char *reason, uint64_t length_usec) {
        cleanup_(interval_done) Interval interval = fixture_interval(f, id);

        g_assert_cmpint(interval.outcome, ==, outcome);
        g_assert_cmpstr(interval.reason, ==, reason);
        g_assert_cmpuint(interval.length_usec, ==, length_usec);
}

/* Void at the moment of the sleep, though it could only be stored much later. */
static void test_sleep_on_a_full_disk(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(12));
        disk_full();
        test_clocks_sleep(f.clocks, MIN_USEC(60));
        test_clocks_advance(f.clocks, MIN_USEC(60));
        disk_free();
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        test_clocks_advance(f.clocks, MIN_USEC(5));
        assert_ended(&f, 1, OUTCOME_COMPLETED, "suspend", MIN_USEC(12));
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        assert_ended(&f, 1, OUTCOME_COMPLETED, "suspend", MIN_USEC(12));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
}

static void test_clock_set_back(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval first = {}, second = {}, third = {};

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(10));
        fixture_event(&f, EVENT_STOP);
        test_clocks_advance(f.clocks, MIN_USEC(10));
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(10));

        test_clocks_step(f.clocks, -(int64_t) MIN_USEC(180));
        g_assert_cmpint(fixture_last(&f)->type, ==, HAPPENED_CLOCK_SET);
        g_assert_cmpuint(fixture_timer(&f).view.started_real_usec, ==,
                        START_REAL_USEC + MIN_USEC(20) - MIN_USEC(180));
        /* The deadline stays where it was. */
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(45));
        test_clocks_advance(f.clocks, MIN_USEC(15));
        first = fixture_interval(&f, 1);
        second = fixture_interval(&f, 2);
        g_assert_cmpuint(first.epoch, ==, 1);
        g_assert_cmpuint(second.epoch, ==, 2);
        g_assert_cmpuint(second.length_usec, ==, MIN_USEC(25));

        test_clocks_step(f.clocks, (int64_t) MIN_USEC(180));
        fixture_event(&f, EVENT_SKIP);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        third = fixture_interval(&f, 4);
        g_assert_cmpuint(third.epoch, ==, 2);
        g_assert_cmpuint(third.started_real_usec, ==, START_REAL_USEC + MIN_USEC(45));
}

static void live_ten_minutes(Fixture *f) {
        fixture_start_interval(f, INTERVAL_POMODORO, 0, "Letter");
        test_clocks_advance(f->clocks, MIN_USEC(10));
        fixture_event(f, EVENT_INTERRUPT);
}

static void test_crash_in_the_same_boot(void) {
        cleanup_(fixture_done) Fixture f;
        TimerSnapshot timer;

        fixture_init(&f);
        fixture_crash(&f, live_ten_minutes);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        timer = fixture_timer(&f);
        g_assert_cmpint(timer.view.state, ==, INTERVAL_POMODORO);
        g_assert_cmpstr(timer.task_title, ==, "Letter");
        g_assert_cmpuint(timer.seq, ==, 3); /* a task, a start, an interruption */
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(25));
        test_clocks_advance(f.clocks, MIN_USEC(15));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        g_assert_cmpuint(fixture_count(&f), ==, 2);
}

static void test_another_boot(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        fixture_crash(&f, live_ten_minutes);
        f.now = (Now){
                .boot_usec = USEC_PER_SEC,
                .mono_usec = USEC_PER_SEC,
                .real_usec = f.now.real_usec + MIN_USEC(2),
                .boot_id = BOOT_2,
        };
        g_assert_cmpint(fixture_start(&f), ==, 0);
        assert_ended(&f, 1, OUTCOME_VOID, "reboot", MIN_USEC(10));
        g_assert_cmpstr(fixture_timer(&f).boot_id, ==, BOOT_2);
}

static void live_freeform(Fixture *f) {
        fixture_start_interval(f, INTERVAL_FREEFORM, 0, NULL);
        test_clocks_advance(f->clocks, MIN_USEC(28));
}

static void live_freeform_and_sleep(Fixture *f) {
        live_freeform(f);
        engine_sleep(f->engine);
}

/* A checkpoint every five minutes, with no number and told to nobody; one more right before a sleep. */
static void test_freeform_checkpoints(void) {
        static const struct {
                void (*live)(Fixture *f);
                uint64_t length_usec;
        } cases[] = { { live_freeform, MIN_USEC(25) }, { live_freeform_and_sleep, MIN_USEC(28) } };

        for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
                cleanup_(fixture_done) Fixture f;

                fixture_init(&f);
                fixture_crash(&f, cases[i].live);
                f.now.boot_usec = f.now.mono_usec = USEC_PER_SEC;
                strcpy(f.now.boot_id, BOOT_2);
                g_assert_cmpint(fixture_start(&f), ==, 0);
                assert_ended(&f, 1, OUTCOME_COMPLETED, "reboot", cases[i].length_usec);
        }
}

static void test_checkpoints_are_silent(void) {
        cleanup_(fixture_done) Fixture f;
        unsigned calls;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        calls = f.calls;
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(5));
        test_clocks_advance(f.clocks, MIN_USEC(61));
        g_assert_cmpuint(f.calls, ==, calls);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, 1);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(65));
}

/* The day's edge is a deadline only for somebody who watches; everybody else finds it when they look. */
static void test_day_edge(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        fixture_set(&f, "time-zone", "UTC");
        fixture_set(&f, "day-start", "12:00");
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(30));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, UINT64_MAX);

        g_assert_cmpint(fixture_in(&f, (engine_watch(user), 0)), ==, 0);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==,
                        START_BOOT_USEC + MIN_USEC(85)); /* the cycle's end */
        test_clocks_advance(f.clocks, MIN_USEC(60));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_CYCLE_RESTARTED), ==, 1);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(120));
        test_clocks_advance(f.clocks, MIN_USEC(30));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_DAY_CHANGED), ==, 1);
        g_assert_cmpuint(f.completed_when_told, ==, 0);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(120) + USEC_PER_DAY);

        engine_unwatch(f.engine, f.uid);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, UINT64_MAX);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(30));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        test_clocks_advance(f.clocks, USEC_PER_DAY);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 0);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_DAY_CHANGED), ==, 1);
}

static void test_zone_of_the_system(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *before = g_strdup(g_getenv("TZ"));
        cleanup_(interval_done) Interval interval = {};
        unsigned calls;

        fixture_init(&f);
        g_setenv("TZ", "UTC", true);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(30));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);

        /* It began at 00:00 of the next day in the one, at 23:45 in the other, where that is yesterday by
         * now. */
        g_setenv("TZ", "<+14>-14", true);
        engine_zone_changed(f.engine);
        g_assert_cmpuint(f.completed_when_told, ==, 1);
        g_setenv("TZ", "<+1345>-13:45", true);
        engine_zone_changed(f.engine);
        g_assert_cmpuint(f.completed_when_told, ==, 0);
        /* That it has changed can be said as often as one likes. */
        calls = f.calls;
        engine_zone_changed(f.engine);
        g_assert_cmpuint(f.calls, ==, calls);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        interval = fixture_interval(&f, 3);
        g_assert_cmpint(interval.offset_sec, ==, 13 * 3600 + 45 * 60);

        /* A zone of their own is not the system's. */
        fixture_set(&f, "time-zone", "UTC");
        g_setenv("TZ", "<+14>-14", true);
        engine_zone_changed(f.engine);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        if (before)
                g_setenv("TZ", before, true);
        else
                g_unsetenv("TZ");
}

static void test_absence(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};

        fixture_begin(&f);
        engine_absence(f.engine, f.uid, ABSENCE_LOCKED, true, 0);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(10));
        engine_absence(f.engine, f.uid, ABSENCE_IDLE, true, START_BOOT_USEC + MIN_USEC(7));
        test_clocks_advance(f.clocks, MIN_USEC(10));
        engine_absence(f.engine, f.uid, ABSENCE_IDLE, false, 0);
        g_assert_cmpint(fixture_last(&f)->type, ==, HAPPENED_BACK);
        g_assert_cmpuint(fixture_last(&f)->since_real_usec, ==, START_REAL_USEC + MIN_USEC(7));
        interval = fixture_interval(&f, 1);
        g_assert_cmpuint(interval.idle_usec, ==, MIN_USEC(13));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/time/sleep-on-a-full-disk", test_sleep_on_a_full_disk);
        g_test_add_func("/engine/time/clock-set-back", test_clock_set_back);
        g_test_add_func("/engine/time/same-boot", test_crash_in_the_same_boot);
        g_test_add_func("/engine/time/another-boot", test_another_boot);
        g_test_add_func("/engine/time/checkpoints", test_freeform_checkpoints);
        g_test_add_func("/engine/time/checkpoints-are-silent", test_checkpoints_are_silent);
        g_test_add_func("/engine/time/day-edge", test_day_edge);
        g_test_add_func("/engine/time/zone", test_zone_of_the_system);
        g_test_add_func("/engine/time/absence", test_absence);
        return g_test_run();
}
