/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What became of office days: rows of a month, each with the reading that it excludes. */

#include "tests/unit/core/focus-world.h"

/* July 2026: Wednesdays are the 1st, 8th, 15th, 22nd, 29th. */
#define DESK "[Rule desk]\nKind=office-day\nDays=Wed\nHours=09:00-12:00;13:00-17:00\nQuota=1/week\n"

static int note_day(const OfficeDay *day, void *userdata) {
        GString *text = userdata;
        char date[DATE_TEXT_MAX];

        g_string_append_printf(text, "%s%s %s", text->len > 0 ? ", " : "", date_format(day->date, date) + 8,
                        office_day_fate_to_string(day->fate));
        if (day->moved_to != DATE_NONE)
                g_string_append_printf(text, " to %s", date_format(day->moved_to, date) + 8);
        if (day->extra)
                g_string_append(text, " extra");
        return 0;
}

static void check_month(FocusWorld *world, const char *want) {
        GString *text = g_string_new(NULL);
        Date from = date_make(2026, 7, 1);

        g_assert_cmpint(office_days_each(world->calendar, &world->rules, from, from + 30, world->record,
                                        &world->now, note_day, text),
                        ==, 0);
        g_assert_cmpstr(text->str, ==, want);
        g_string_free(text, TRUE);
}

static void test_kept_and_broken(void) {
        FocusWorld *world = focus_world_new(DESK);

        check_month(world, "01 planned, 08 planned, 15 planned, 22 planned, 29 planned");
        focus_world_wait(world, HOUR(2));
        check_month(world, "01 running, 08 planned, 15 planned, 22 planned, 29 planned");
        /* Between its hours the day goes on: what stood so far is not kept yet. */
        focus_world_wait(world, HOUR(2) + MIN_(30));
        check_month(world, "01 running, 08 planned, 15 planned, 22 planned, 29 planned");
        focus_world_wait(world, HOUR(5));
        check_month(world, "01 kept, 08 planned, 15 planned, 22 planned, 29 planned");
        /* Released in the afternoon: one of its claims is enough. */
        focus_world_wait(world, HOUR(24 * 7));
        check_month(world, "01 kept, 08 kept, 15 planned, 22 planned, 29 planned");
        focus_world_wait(world, HOUR(24 * 7) - HOUR(3));
        g_assert_cmpint(focus_world_release(world, 0, "a fire", false), ==, 0);
        check_month(world, "01 kept, 08 kept, 15 broken, 22 planned, 29 planned");
        /* Excepted afterwards it is broken all the same. */
        focus_world_set_rules(world, DESK "Except=2026-07-15\nAlso=2026-07-16\n");
        check_month(world, "01 kept, 08 kept, 15 broken, 16 planned extra, 22 planned, 29 planned");
        focus_world_free(world);
}

static void test_missed(void) {
        FocusWorld *world = focus_world_new(DESK);

        /* Nobody was there at any moment of it. */
        focus_world_sleep(world, HOUR(12));
        check_month(world, "01 missed, 08 planned, 15 planned, 22 planned, 29 planned");
        /* Away hides one wholly, and of another one only the morning. */
        focus_world_set_rules(world,
                        DESK "[Rule ill]\nKind=away\nDates=2026-07-08..2026-07-08\n"
                             "[Rule dentist]\nKind=away\nDates=2026-07-15..2026-07-15\nHours=08:00-14:00\n");
        check_month(world, "01 missed, 08 missed, 15 planned, 22 planned, 29 planned");
        focus_world_wait(world, HOUR(24 * 15));
        check_month(world, "01 missed, 08 missed, 15 kept, 22 planned, 29 planned");
        focus_world_free(world);
}

static void test_moved(void) {
        FocusWorld *world = focus_world_new(DESK "Except=2026-07-08\nAlso=2026-07-10\n");

        check_month(world,
                        "01 planned, 08 moved to 10, 10 planned extra, 15 planned, 22 planned, 29 planned");
        /* In another week it is a day dropped and a day more. */
        focus_world_set_rules(world, DESK "Except=2026-07-08\nAlso=2026-07-13\n");
        check_month(world, "01 planned, 13 planned extra, 15 planned, 22 planned, 29 planned");
        /* A quota of the month reaches across weeks; pairs are made in order. */
        focus_world_set_rules(world,
                        "[Rule desk]\nKind=office-day\nDays=Wed\nHours=09:00-17:00\nQuota=4/month\n"
                        "Except=2026-07-08;2026-07-22\nAlso=2026-07-13;2026-07-31\n");
        check_month(world, "01 planned, 08 moved to 13, 13 planned extra, 15 planned, 22 moved to 31, 29 "
                           "planned, 31 planned extra");
        /* A date that was no office day is not moved by being excepted. */
        focus_world_set_rules(world, DESK "Except=2026-07-09\nAlso=2026-07-10\n");
        check_month(world, "01 planned, 08 planned, 10 planned extra, 15 planned, 22 planned, 29 planned");
        focus_world_free(world);
}

/* The rule is another one now; what stood on record stands. */
static void test_edited(void) {
        FocusWorld *world = focus_world_new(DESK);

        focus_world_wait(world, HOUR(10));
        focus_world_set_rules(world, "[Rule "
                                     "desk]\nKind=office-day\nDays=Thu\nDates=2026-07-01..2026-07-10\nHours="
                                     "09:00-10:00\n");
        check_month(world, "01 kept, 02 planned, 09 planned");
        focus_world_free(world);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/office-days/kept-and-broken", test_kept_and_broken);
        g_test_add_func("/office-days/missed", test_missed);
        g_test_add_func("/office-days/moved", test_moved);
        g_test_add_func("/office-days/edited", test_edited);
        return g_test_run();
}
