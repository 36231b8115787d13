/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <string.h>

#include "tests/unit/engine/fixture.h"

static void test_without_rules(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, "");
        assert_shown(&f, "free", "", INTERVAL_NONE);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, UINT64_MAX);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        assert_armed_in(&f, MIN_USEC(25));
}

static void test_split_day(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t seq;

        ruled_begin(&f, SPLIT_DAY);
        fixture_set(&f, "target", "10");
        assert_shown(&f, "window", "morning", INTERVAL_FREEFORM);
        g_assert_cmpint(fixture_timer(&f).view.next, ==, INTERVAL_FREEFORM);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 10);
        seq = fixture_timer(&f).seq;
        assert_armed_in(&f, MIN_USEC(60));

        /* Not a microsecond before. */
        test_clocks_advance(f.clocks, MIN_USEC(60) - 1);
        assert_shown(&f, "window", "morning", INTERVAL_FREEFORM);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 0);
        test_clocks_advance(f.clocks, 1);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 1);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_WINDOW_LEFT), ==, 1);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_WINDOW_ENTERED), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, seq + 2);
        g_assert_true(f.changed & CHANGED_SCHEDULES);
        assert_shown(&f, "off-hours", "", INTERVAL_NONE);
        assert_armed_in(&f, MIN_USEC(60));

        test_clocks_advance(f.clocks, MIN_USEC(60));
        assert_shown(&f, "window", "afternoon", INTERVAL_POMODORO);
        g_assert_cmpint(fixture_timer(&f).view.next, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 7);
        assert_armed_in(&f, MIN_USEC(240));

        test_clocks_advance(f.clocks, MIN_USEC(240));
        assert_shown(&f, "off-hours", "", INTERVAL_NONE);
        /* Off-hours is of the date: tomorrow is governed, too, so nothing changes at midnight. */
        assert_armed_in(&f, MIN_USEC(16 * 60));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 3);
}

/* What is begun is of the rule and the date of its window. */
static void test_interval_of_a_window(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};

        ruled_begin(&f, SPLIT_DAY);
        fixture_start_interval(&f, INTERVAL_NONE, 0, NULL);
        interval = fixture_interval(&f, 1);
        g_assert_cmpint(interval.kind, ==, INTERVAL_FREEFORM);
        g_assert_cmpstr(interval.rule, ==, "morning");
        g_assert_cmpstr(interval.window_date, ==, "2026-03-02");
        g_assert_cmpstr(interval.date, ==, "2026-03-02");
        g_assert_false(interval.overtime);
}

#define TOUCHING                                             \
        "[Rule morning]\nHours=09:00-12:00\nMode=freeform\n" \
        "[Rule afternoon]\nHours=12:00-17:00\n"

static void test_freeform_goes_on(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, TOUCHING);
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(61));
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_FREEFORM);
        g_assert_cmpint(fixture_timer(&f).view.next, ==, INTERVAL_POMODORO);
        assert_shown(&f, "window", "afternoon", INTERVAL_POMODORO);
}

static void test_auto_switch(void) {
        cleanup_(interval_done) Interval morning = {}, afternoon = {};
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, TOUCHING "AutoSwitch=yes\n");
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, "Thesis");
        test_clocks_advance(f.clocks, MIN_USEC(61));
        morning = fixture_interval(&f, 1);
        afternoon = fixture_interval(&f, 2);
        g_assert_cmpint(morning.outcome, ==, OUTCOME_COMPLETED);
        g_assert_cmpstr(morning.reason, ==, "schedule");
        g_assert_cmpuint(morning.length_usec, ==, MIN_USEC(60));
        g_assert_cmpint(afternoon.kind, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(afternoon.started_real_usec, ==, START_REAL_USEC + MIN_USEC(60));
        g_assert_cmpstr(afternoon.rule, ==, "afternoon");
        g_assert_cmpstr(afternoon.task_title, ==, "Thesis");
}

/* A pomodoro is indivisible, whatever begins meanwhile. */
static void test_no_switch_of_a_pomodoro(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, TOUCHING "AutoSwitch=yes\nAutoStart=yes\n");
        test_clocks_advance(f.clocks, MIN_USEC(50));
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(24));
        g_assert_cmpint(fixture_timer(&f).view.interval, ==, 1);
        test_clocks_advance(f.clocks, MIN_USEC(1));
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_SHORT_BREAK);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
}

static void test_auto_start(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, AFTERNOON);
        test_clocks_advance(f.clocks, MIN_USEC(120) - 1);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        test_clocks_advance(f.clocks, 1);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(fixture_timer(&f).view.started_real_usec, ==, START_REAL_USEC + MIN_USEC(120));
        /* What it began and somebody stopped is not begun again, neither by time nor by another start of us.
         */
        test_clocks_advance(f.clocks, USEC_PER_SEC);
        fixture_event(&f, EVENT_STOP);
        test_clocks_advance(f.clocks, 20 * USEC_PER_SEC);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        g_assert_cmpuint(fixture_count(&f), ==, 1);
}

static void test_auto_start_late(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, AFTERNOON);
        test_clocks_sleep(f.clocks, MIN_USEC(120) + 30 * USEC_PER_SEC);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(fixture_timer(&f).view.started_real_usec, ==, START_REAL_USEC + MIN_USEC(120));
        fixture_event(&f, EVENT_STOP);

        /* The next day it is seen two minutes late: nobody is there to work. */
        test_clocks_sleep(f.clocks, MIN_USEC(24 * 60) + 90 * USEC_PER_SEC);
        assert_shown(&f, "window", "afternoon", INTERVAL_POMODORO);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
}

static void test_auto_start_when_started(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, AFTERNOON);
        fixture_stop(&f);
        virtual_clock_advance(&f.now, MIN_USEC(120) + 5 * USEC_PER_SEC);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_POMODORO);
}

/* A rule that is new is no edge: nothing begins because somebody wrote it down. */
static void test_new_rule_begins_nothing(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, "[Rule now]\nHours=11:00-17:00\nAutoStart=yes\n");
        assert_shown(&f, "window", "now", INTERVAL_POMODORO);
        test_clocks_advance(f.clocks, USEC_PER_SEC);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
}

static int start(Fixture *f, bool anyway) {
        Request request = { .type = REQUEST_TIMER, .event = { .type = EVENT_START, .anyway = anyway } };

        return fixture_request(f, &request, NULL);
}

static void test_off_hours(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};

        ruled_begin(&f, SPLIT_DAY);
        test_clocks_advance(f.clocks, MIN_USEC(7 * 60));
        g_assert_cmpint(start(&f, false), ==, REFUSAL_OFF_HOURS);
        assert_refused(&f, REFUSAL_OFF_HOURS, "morning, begins 2026-03-03 09:00");
        g_assert_cmpint(start(&f, true), ==, 0);
        interval = fixture_interval(&f, 1);
        g_assert_true(interval.overtime);
        g_assert_null(interval.rule);
        g_assert_cmpstr(interval.window_date, ==, "");
        g_assert_cmpint(interval.kind, ==, INTERVAL_POMODORO);
}

static void test_away(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, SPLIT_DAY "[Rule closed]\nKind=away\nDates=03-01..03-10\n");
        assert_shown(&f, "away", "closed", INTERVAL_NONE);
        g_assert_cmpint(start(&f, false), ==, REFUSAL_OFF_HOURS);
        assert_refused(&f, REFUSAL_OFF_HOURS, "away (rule closed)");
        assert_refused(&f, REFUSAL_OFF_HOURS, "2026-03-11 09:00");
        g_assert_cmpint(start(&f, true), ==, 0);
}

static void test_no_window_to_come(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, "[Rule once]\nDates=2026-03-02..2026-03-02\nHours=08:00-09:00\n");
        g_assert_cmpint(start(&f, false), ==, REFUSAL_OFF_HOURS);
        assert_refused(&f, REFUSAL_OFF_HOURS, "no window follows");
}

/* At the end of the day a pomodoro rings, and its break begins; no pomodoro begins by itself. */
static void test_end_of_the_day(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval rest = {};

        ruled_begin(&f, SPLIT_DAY);
        fixture_set(&f, "auto-start-pomodoro", "yes");
        test_clocks_advance(f.clocks, MIN_USEC(50));
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(25));
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_SHORT_BREAK);
        test_clocks_advance(f.clocks, MIN_USEC(5));
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
        rest = fixture_interval(&f, 2);
        g_assert_cmpint(rest.outcome, ==, OUTCOME_COMPLETED);
}

static void test_restart(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, SPLIT_DAY);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        assert_shown(&f, "window", "morning", INTERVAL_FREEFORM);
        assert_armed_in(&f, MIN_USEC(60));
}

/* Whose rules begin something by themselves is there from the start, before anybody asks. */
static void test_many_users(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        f.many_users = true;
        g_assert_cmpint(fixture_start(&f), ==, 0);
        fixture_set(&f, "time-zone", BERLIN);
        ruled_import(&f, AFTERNOON);
        f.uid = 1001;
        fixture_set(&f, "time-zone", BERLIN);
        ruled_import(&f, SPLIT_DAY);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        /* Of the other one's rules nothing follows until somebody looks. */
        assert_armed_in(&f, MIN_USEC(120));
        test_clocks_advance(f.clocks, MIN_USEC(120));
        f.uid = 1000;
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_POMODORO);
}

static void test_full_disk(void) {
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, AFTERNOON);
        disk_full();
        test_clocks_advance(f.clocks, MIN_USEC(120));
        /* What nobody asked for and cannot be stored is not begun; what time made of the day is true all the
         * same. */
        assert_shown(&f, "window", "afternoon", INTERVAL_POMODORO);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_SCHEDULE_CHANGED), ==, 1);
        disk_free();
        test_clocks_advance(f.clocks, MIN_USEC(10));
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
}

static int sum_overtime(User *user, uint64_t *ret_usec) {
        const LogQuery query = { .span = { 0, INT64_MAX } };
        cleanup_(user_read_end) Reading reading = {};
        Interval interval;
        int r = user_read_intervals(user, &query, &reading);

        for (*ret_usec = 0; r == 0 && (r = user_read_next_interval(&reading, &interval)) > 0; r = 0) {
                *ret_usec += interval.overtime_usec;
                interval_done(&interval);
        }
        return r;
}

static void test_overtime(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval interval = {};
        uint64_t overtime = 0;

        ruled_begin(&f, SPLIT_DAY);
        test_clocks_advance(f.clocks, MIN_USEC(50));
        fixture_start_interval(&f, INTERVAL_FREEFORM, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(90)); /* 11:50 to 13:20 */
        fixture_event(&f, EVENT_STOP);
        interval = fixture_interval(&f, 1);
        g_assert_false(interval.overtime);
        g_assert_cmpuint(interval.overtime_usec, ==, MIN_USEC(60));
        g_assert_cmpint(fixture_in(&f, sum_overtime(user, &overtime)), ==, 0);
        g_assert_cmpuint(overtime, ==, MIN_USEC(60));

        /* By the rules of now. */
        ruled_import(&f, "[Rule all]\n");
        overtime = 0;
        g_assert_cmpint(fixture_in(&f, sum_overtime(user, &overtime)), ==, 0);
        g_assert_cmpuint(overtime, ==, 0);
}

/* Also of what runs, up to now; and nobody works overtime who has a break. */
static void test_overtime_of_a_break(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_(interval_done) Interval pomodoro = {}, rest = {};

        ruled_begin(&f, SPLIT_DAY);
        test_clocks_advance(f.clocks, MIN_USEC(6 * 60 - 10));
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(15));
        pomodoro = fixture_interval(&f, 1);
        g_assert_cmpint(pomodoro.outcome, ==, OUTCOME_RUNNING);
        g_assert_cmpuint(pomodoro.overtime_usec, ==, MIN_USEC(5));
        test_clocks_advance(f.clocks, MIN_USEC(12));
        rest = fixture_interval(&f, 2);
        g_assert_cmpint(rest.kind, ==, INTERVAL_SHORT_BREAK);
        g_assert_false(rest.overtime);
        g_assert_cmpuint(rest.overtime_usec, ==, 0);
}

#define TARGETS                                   \
        "[Rule a]\nHours=09:00-12:00\nTarget=3\n" \
        "[Rule b]\nHours=13:00-17:00\nTarget=6\n" \
        "[Rule c]\nHours=20:00-21:00\n"           \
        "[Rule tuesday]\nDays=Tue\nPriority=1\nHours=09:00-12:00\n"

/* A window's own, between windows the day's, and the setting where the rules have none. */
static void test_target(void) {
        static const struct {
                unsigned after_min;
                uint32_t target;
        } table[] = { { 0, 3 }, { 90, 9 }, { 60, 6 }, { 5 * 60, 9 }, { 120, 8 }, { 60, 9 }, { 3 * 60, 8 } };
        cleanup_(fixture_done) Fixture f;

        ruled_begin(&f, TARGETS);
        fixture_set(&f, "target", "8");
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                test_clocks_advance(f.clocks, MIN_USEC(table[i].after_min));
                g_assert_cmpuint(fixture_timer(&f).target_today, ==, table[i].target);
        }
        ruled_import(&f, "[Rule a]\nHours=09:00-10:00\nTarget=4\n");
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 4);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/schedule/none", test_without_rules);
        g_test_add_func("/engine/schedule/split-day", test_split_day);
        g_test_add_func("/engine/schedule/interval", test_interval_of_a_window);
        g_test_add_func("/engine/schedule/goes-on", test_freeform_goes_on);
        g_test_add_func("/engine/schedule/auto-switch", test_auto_switch);
        g_test_add_func("/engine/schedule/no-switch", test_no_switch_of_a_pomodoro);
        g_test_add_func("/engine/schedule/auto-start", test_auto_start);
        g_test_add_func("/engine/schedule/auto-start/late", test_auto_start_late);
        g_test_add_func("/engine/schedule/auto-start/started", test_auto_start_when_started);
        g_test_add_func("/engine/schedule/auto-start/new-rule", test_new_rule_begins_nothing);
        g_test_add_func("/engine/schedule/off-hours", test_off_hours);
        g_test_add_func("/engine/schedule/away", test_away);
        g_test_add_func("/engine/schedule/no-window", test_no_window_to_come);
        g_test_add_func("/engine/schedule/end-of-day", test_end_of_the_day);
        g_test_add_func("/engine/schedule/restart", test_restart);
        g_test_add_func("/engine/schedule/many-users", test_many_users);
        g_test_add_func("/engine/schedule/full-disk", test_full_disk);
        g_test_add_func("/engine/schedule/overtime", test_overtime);
        g_test_add_func("/engine/schedule/overtime/break", test_overtime_of_a_break);
        g_test_add_func("/engine/schedule/target", test_target);
        return g_test_run();
}
