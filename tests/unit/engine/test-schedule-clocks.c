/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Days by rules where the clock is set, the zone is another, or a night lies between. */

#include <string.h>

#include "tests/unit/engine/fixture.h"

static void test_clock_step(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, SPLIT_DAY);
        test_clocks_step(f.clocks, (int64_t) MIN_USEC(90));
        assert_shown(&f, "off-hours", "", INTERVAL_NONE);
        assert_armed_in(&f, MIN_USEC(30));
        test_clocks_step(f.clocks, -(int64_t) MIN_USEC(60));
        assert_shown(&f, "window", "morning", INTERVAL_FREEFORM);
        assert_armed_in(&f, MIN_USEC(30));
        /* Within a window only the edge moves. */
        test_clocks_step(f.clocks, (int64_t) MIN_USEC(10));
        assert_armed_in(&f, MIN_USEC(20));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 2);
}

/* Stepped over the start of a window, nobody lived it. */
/* The evening that it is ends on another date: who shows the end must be told. */
static void test_same_state_later(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, SPLIT_DAY);
        test_clocks_advance(f.clocks, MIN_USEC(6 * 60 + 30));
        assert_shown(&f, "off-hours", "", INTERVAL_NONE);
        f.n_told = 0;
        test_clocks_sleep(f.clocks, MIN_USEC(24 * 60));
        assert_shown(&f, "off-hours", "", INTERVAL_NONE);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 1);
        test_clocks_step(f.clocks, (int64_t) MIN_USEC(24 * 60));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 2);
        test_clocks_step(f.clocks, (int64_t) MIN_USEC(10));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 2);
}

static void test_step_over_auto_start(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, AFTERNOON);
        test_clocks_step(f.clocks, (int64_t) MIN_USEC(130));
        assert_shown(&f, "window", "afternoon", INTERVAL_POMODORO);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
}

static void test_zone(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, SPLIT_DAY);
        fixture_set(&f, "time-zone", "Asia/Kolkata"); /* 15:30 */
        assert_shown(&f, "window", "afternoon", INTERVAL_POMODORO);
        assert_armed_in(&f, MIN_USEC(90));
        fixture_set(&f, "time-zone", "America/New_York"); /* 05:00 */
        assert_shown(&f, "off-hours", "", INTERVAL_NONE);
        assert_armed_in(&f, MIN_USEC(4 * 60));
}

static void test_system_zone(void) {
        const char *before = g_getenv("TZ");
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, SPLIT_DAY);
        g_setenv("TZ", "Europe/Berlin", TRUE);
        fixture_set(&f, "time-zone", "");
        assert_shown(&f, "window", "morning", INTERVAL_FREEFORM);
        g_setenv("TZ", "Asia/Kolkata", TRUE);
        engine_zone_changed(f.engine);
        assert_shown(&f, "window", "afternoon", INTERVAL_POMODORO);
        assert_armed_in(&f, MIN_USEC(90));
        if (before)
                g_setenv("TZ", before, TRUE);
        else
                g_unsetenv("TZ");
}

/* On 2026-03-29 Berlin goes from 02:00 to 03:00: the morning is an hour nearer. */
static void test_dst(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        f.now.real_usec = 1774738800000000; /* 2026-03-28T23:00:00Z, midnight in Berlin */
        g_assert_cmpint(fixture_start(&f), ==, 0);
        fixture_set(&f, "time-zone", BERLIN);
        ruled_import(&f, "[Rule early]\nHours=02:30-09:00\n");
        /* 02:30 does not exist: it takes the offset before, which is 03:30 by the clock on the wall. */
        assert_armed_in(&f, MIN_USEC(150));
        test_clocks_advance(f.clocks, MIN_USEC(150));
        assert_shown(&f, "window", "early", INTERVAL_POMODORO);
        assert_armed_in(&f, MIN_USEC(330));
}

/* A night's work is of the date on which the night began, on both sides of midnight. */
static void test_night(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};

        fixture_init(&f);
        f.now.real_usec = 1772485200000000; /* 2026-03-02T21:00:00Z, 22:00 in Berlin */
        g_assert_cmpint(fixture_start(&f), ==, 0);
        fixture_set(&f, "time-zone", BERLIN);
        fixture_set(&f, "auto-start-break", "no");
        ruled_import(&f, "[Rule night]\nHours=22:00-02:30\n");
        g_assert_cmpint(fixture_in(&f, (engine_watch(user), 0)), ==, 0);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(150));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        interval = fixture_interval(&f, 2);
        g_assert_cmpstr(interval.window_date, ==, "2026-03-02");
        test_clocks_advance(f.clocks, MIN_USEC(30));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 2);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_DAY_CHANGED), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(90));
        assert_shown(&f, "off-hours", "", INTERVAL_NONE);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_DAY_CHANGED), ==, 1);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 0);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 0);
}

typedef struct LogOf {
        const char *period;
        unsigned n;
} LogOf;

/* What is in the log of a date says that it is of that date. */
static int count_of_period(User *user, const LogQuery *query, LogOf *log) {
        cleanup_(user_read_end) Reading reading = {};
        Interval interval;
        int r = user_read_intervals(user, query, &reading);

        for (; r == 0 && (r = user_read_next_interval(&reading, &interval)) > 0; r = 0) {
                if (r == READING_HIDDEN)
                        continue;
                log->n++;
                if (g_ascii_isdigit(log->period[0]))
                        g_assert_cmpstr(interval.date, ==, log->period);
                interval_done(&interval);
        }
        return r;
}

static unsigned log_of(Fixture *f, const char *period) {
        LogQuery query = { .by_day = true };
        LogOf log = { .period = period };

        g_assert_cmpint(fixture_in(f, user_read_period(user, period, &query.span, NULL)), ==, 0);
        g_assert_cmpint(fixture_in(f, count_of_period(user, &query, &log)), ==, 0);
        return log.n;
}

/* The log of a day is what its windows began, whatever the clock said; also of what was written down later.
 */
static void test_log_of_a_night(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};

        fixture_init(&f);
        f.now.real_usec = 1772485200000000; /* 2026-03-02T21:00:00Z, 22:00 in Berlin */
        g_assert_cmpint(fixture_start(&f), ==, 0);
        fixture_set(&f, "time-zone", BERLIN);
        fixture_set(&f, "auto-start-break", "no");
        ruled_import(&f, "[Rule night]\nHours=22:00-02:30\n");
        test_clocks_advance(f.clocks, MIN_USEC(150));
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(30)); /* 01:00 */
        g_assert_cmpuint(log_of(&f, "today"), ==, 1);
        g_assert_cmpuint(log_of(&f, "2026-03-02"), ==, 1);
        g_assert_cmpuint(log_of(&f, "2026-03-03"), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(8 * 60)); /* 09:00 */
        g_assert_cmpuint(log_of(&f, "today"), ==, 0);
        g_assert_cmpuint(log_of(&f, "yesterday"), ==, 1);
        g_assert_cmpuint(log_of(&f, "all"), ==, 1);

        g_assert_cmpint(fixture_add(&f, -7 * 60, -6 * 60, NULL), ==, 2); /* from 02:00 */
        interval = fixture_interval(&f, 2);
        g_assert_cmpstr(interval.rule, ==, "night");
        g_assert_cmpstr(interval.window_date, ==, "2026-03-02");
        g_assert_cmpint(fixture_add(&f, -4 * 60, -3 * 60, NULL), ==, 3); /* from 05:00 */
        g_assert_cmpuint(log_of(&f, "today"), ==, 1);
        g_assert_cmpuint(log_of(&f, "yesterday"), ==, 2);
        g_assert_cmpuint(log_of(&f, "2026-03-02"), ==, 2);
        g_assert_cmpuint(log_of(&f, "2026-03-03"), ==, 1);
        fixture_set(&f, "day-start", "06:00"); /* outside of windows, the morning is of the day before then */
        g_assert_cmpuint(log_of(&f, "2026-03-02"), ==, 3);
}

/* Windows of whole days touch: the rule stays, the day does not. */
static void test_whole_days(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, "[Rule always]\n");
        fixture_set(&f, "auto-start-break", "no");
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(30));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        test_clocks_advance(f.clocks, MIN_USEC(12 * 60 + 29));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        test_clocks_advance(f.clocks, MIN_USEC(1));
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 0);
        assert_shown(&f, "window", "always", INTERVAL_POMODORO);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/schedule/step", test_clock_step);
        g_test_add_func("/engine/schedule/same-state-later", test_same_state_later);
        g_test_add_func("/engine/schedule/step/auto-start", test_step_over_auto_start);
        g_test_add_func("/engine/schedule/zone", test_zone);
        g_test_add_func("/engine/schedule/zone/system", test_system_zone);
        g_test_add_func("/engine/schedule/dst", test_dst);
        g_test_add_func("/engine/schedule/night", test_night);
        g_test_add_func("/engine/schedule/night/log", test_log_of_a_night);
        g_test_add_func("/engine/schedule/whole-days", test_whole_days);
        return g_test_run();
}
