/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What work is measured by: what still fits, what a day is meant to hold. */

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

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/calendar/capacity/from", test_capacity_from);
        g_test_add_func("/calendar/target", test_target);
        return g_test_run();
}
