/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What work is measured by: what still fits, what a day is meant to hold, what was outside of its hours. */

#include "common/duration.h"
#include "tests/unit/check.h"
#include "tests/unit/core/asked.h"

static Date date_of(const char *text) {
        Date date = DATE_NONE;

        g_assert_cmpint(date_parse(text, &date), ==, 0);
        return date;
}

/* ---- what still fits ---- */

static void test_capacity_from(void) {
        static const struct {
                int line;
                const char *rules, *from;
                uint32_t pomodoros;
        } table[] = {
#define DAY "[Rule a]\nHours=09:00-12:00\nMode=freeform\n[Rule b]\nHours=13:00-17:00\n"
                { __LINE__, DAY, "1970-01-01T00:00:00Z", 7 },
                { __LINE__, DAY, "2026-05-04T08:00:00Z", 7 },
                { __LINE__, DAY, "2026-05-04T13:00:00Z", 7 },
                { __LINE__, DAY, "2026-05-04T16:05:00Z", 2 },
                { __LINE__, DAY, "2026-05-04T16:35:00Z", 1 },
                { __LINE__, DAY, "2026-05-04T16:35:01Z", 0 },
                { __LINE__, DAY, "2026-05-04T21:50:00Z", 0 },
                { __LINE__, DAY, "2026-05-05T13:00:00Z", 0 },
                { __LINE__, DAY, "2026-05-03T13:00:00Z", 7 },
                /* Touching windows of a rule are one stretch from there on, too; and it is cut, not dropped.
                 */
                { __LINE__, "[Rule a]\nHours=09:00-09:30;09:30-10:00\n", "2026-05-04T09:20:00Z", 1 },
                /* A target is of what is still to come. */
                { __LINE__, "[Rule a]\nHours=09:00-12:00\nTarget=2\n", "2026-05-04T10:00:00Z", 2 },
                { __LINE__, "[Rule a]\nHours=09:00-12:00\nTarget=2\n", "2026-05-04T11:30:00Z", 1 },
                { __LINE__, "[Rule a]\nDays=Mon\nHours=23:00-01:00\n", "2026-05-05T00:30:00Z", 1 },
        };
        Settings settings;

        settings_init(&settings);
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Asked *asked = ask(table[i].rules, "UTC");
                uint32_t pomodoros = UINT32_MAX;

                CHECK_INT(table[i].line,
                                calendar_capacity(asked->calendar, &settings, date_of("2026-05-04"),
                                                instant(table[i].from), &pomodoros),
                                0);
                CHECK_INT(table[i].line, pomodoros, table[i].pomodoros);
                asked_done(asked);
        }
}

/* ---- what a day is meant to hold ---- */

static void test_target(void) {
        static const struct {
                int line;
                const char *rules;
                uint32_t target;
        } table[] = {
                { __LINE__, "[Rule a]\nHours=09:00-12:00\nTarget=3\n[Rule b]\nHours=13:00-17:00\nTarget=6\n",
                                9 },
                { __LINE__, "[Rule a]\nHours=09:00-12:00\n[Rule b]\nHours=13:00-17:00\nTarget=6\n", 6 },
                { __LINE__, "[Rule a]\nHours=09:00-12:00\n", 0 },
                { __LINE__, "[Rule a]\nDays=Tue\nTarget=3\n", 0 },
                /* Once for a rule, however many windows it has; and none of a rule that is hidden. */
                { __LINE__, "[Rule a]\nHours=09:00-12:00;13:00-17:00\nTarget=3\n", 3 },
                { __LINE__, "[Rule a]\nTarget=3\n[Rule b]\nPriority=1\nTarget=6\n", 6 },
                { __LINE__, "[Rule a]\nTarget=3\n[Rule off]\nKind=away\nHours=13:00-14:00\n", 3 },
                { __LINE__, "", 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Asked *asked = ask(table[i].rules, "UTC");

                CHECK_INT(table[i].line, calendar_target(asked->calendar, date_of("2026-05-04")),
                                table[i].target);
                asked_done(asked);
        }
}

/* ---- outside of the hours ---- */

static Interval work(uint64_t started_usec, uint64_t length_min) {
        return (Interval){
                .kind = INTERVAL_FREEFORM,
                .started_real_usec = started_usec,
                .length_usec = length_min * USEC_PER_MIN,
        };
}

static void test_overtime(void) {
        static const struct {
                int line;
                const char *rules, *started;
                uint64_t length_min, overtime_min;
        } table[] = {
#define WORK  "[Rule work]\nDays=Mon-Fri\nHours=09:00-12:00;13:00-17:00\n"
#define LUNCH WORK "[Rule out]\nKind=away\nHours=10:00-10:30\n"
                { __LINE__, WORK, "2026-05-04T09:00:00Z", 180, 0 },
                { __LINE__, WORK, "2026-05-04T11:50:00Z", 90, 60 },
                { __LINE__, WORK, "2026-05-04T16:30:00Z", 90, 60 },
                { __LINE__, WORK, "2026-05-04T08:59:00Z", 1, 1 },
                { __LINE__, WORK, "2026-05-04T09:59:00Z", 30, 0 },
                { __LINE__, LUNCH, "2026-05-04T09:50:00Z", 60, 30 },
                /* No rule covers the weekend: what is free is not outside. */
                { __LINE__, WORK, "2026-05-09T08:00:00Z", 600, 0 },
                { __LINE__, WORK, "2026-05-08T23:00:00Z", 120, 60 },
                { __LINE__, "", "2026-05-04T08:00:00Z", 600, 0 },
                /* From Monday on: 17 hours of each day are outside, and only a week of it is looked at. */
                { __LINE__, "[Rule work]\nHours=09:00-16:00\n", "2026-05-04T00:00:00Z", 7 * 1440,
                                7 * 17 * 60 },
                { __LINE__, "[Rule work]\nHours=09:00-16:00\n", "2026-05-04T00:00:00Z", 999 * 1440,
                                7 * 17 * 60 },
                { __LINE__, WORK, "9999-06-01T08:00:00Z", 60, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Asked *asked = ask(table[i].rules, "UTC");
                Interval interval = work(instant(table[i].started), table[i].length_min);

                for (unsigned k = 0; k < 2; k++) /* and when it is known */
                        CHECK_INT(table[i].line,
                                        calendar_overtime(asked->calendar, &interval, NULL) / USEC_PER_MIN,
                                        table[i].overtime_min);
                asked_done(asked);
        }
}

/* No more than was worked, and nothing of a break. */
static void test_overtime_of_work(void) {
        Asked *asked = ask("[Rule work]\nHours=09:00-12:00\n", "UTC");
        Interval interval = work(instant("2026-05-04T11:00:00Z"), 120);

        interval.paused_usec = 90 * USEC_PER_MIN;
        g_assert_cmpuint(calendar_overtime(asked->calendar, &interval, NULL), ==, 30 * USEC_PER_MIN);
        interval.paused_usec = 0;
        interval.kind = INTERVAL_POMODORO;
        g_assert_cmpuint(calendar_overtime(asked->calendar, &interval, NULL), ==, 60 * USEC_PER_MIN);
        interval.kind = INTERVAL_SHORT_BREAK;
        g_assert_cmpuint(calendar_overtime(asked->calendar, &interval, NULL), ==, 0);
        interval.kind = INTERVAL_LONG_BREAK;
        g_assert_cmpuint(calendar_overtime(asked->calendar, &interval, NULL), ==, 0);
        asked_done(asked);
}

/* The same for whatever was asked before: forwards, backwards, within and across what is known. */
static void test_overtime_in_any_order(void) {
        Asked *asked = ask("[Rule work]\nDays=Mon-Thu\nHours=09:00-12:00;22:00-02:30\n"
                           "[Rule out]\nKind=away\nHours=10:10-10:20\n",
                        "Europe/Berlin");
        GRand *random = g_rand_new_with_seed(7);

        for (unsigned i = 0; i < 2000; i++) {
                uint64_t started = instant("2026-03-27T00:00:00Z") +
                                   (uint64_t) g_rand_int_range(random, 0, 7 * 1440) * USEC_PER_MIN;
                Interval interval = work(started, (uint64_t) g_rand_int_range(random, 1, 600));
                uint64_t want = 0;

                for (uint64_t at = started; at < interval_ended_real_usec(&interval); at += USEC_PER_MIN) {
                        Schedule schedule;

                        g_assert_cmpint(calendar_look(asked->calendar, at, &schedule), ==, 0);
                        want += schedule.state == SCHEDULE_OFF_HOURS || schedule.state == SCHEDULE_AWAY;
                }
                g_assert_cmpuint(
                                calendar_overtime(asked->calendar, &interval, NULL), ==, want * USEC_PER_MIN);
        }
        g_rand_free(random);
        asked_done(asked);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/calendar/capacity/from", test_capacity_from);
        g_test_add_func("/calendar/target", test_target);
        g_test_add_func("/calendar/overtime", test_overtime);
        g_test_add_func("/calendar/overtime/of-work", test_overtime_of_work);
        g_test_add_func("/calendar/overtime/any-order", test_overtime_in_any_order);
        return g_test_run();
}
