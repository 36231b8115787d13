/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What became of office days: rows of a month, each with the reading that it excludes. */

#include <string.h>

#include "common/cleanup.h"
#include "daemon/core/office-days.h"
#include "tests/unit/core/focus-world.h"

/* July 2026: Wednesdays are the 1st, 8th, 15th, 22nd, 29th. */
#define DESK "[Rule desk]\nKind=office-day\nDays=Wed\nHours=09:00-12:00;13:00-17:00\nQuota=1/week\n"

static int note_day(const OfficeDay *day, void *userdata) {
        GString *text = userdata;
        char date[DATE_TEXT_MAX];

        if (!day)
                return 0;
        g_string_append_printf(text, "%s%s %s", text->len > 0 ? ", " : "", date_format(day->date, date) + 8,
                        office_day_fate_to_string(day->fate));
        if (day->moved_to != DATE_NONE)
                g_string_append_printf(text, " to %s", date_format(day->moved_to, date) + 8);
        if (day->away)
                g_string_append_printf(text, " away by %s", day->away);
        if (day->extra)
                g_string_append(text, " extra");
        if (day->failure)
                g_string_append_printf(text, " (%s)", day->failure);
        return 0;
}

static void check_days(FocusWorld *world, Date from, Date to, uint32_t week_start, const char *want) {
        GString *text = g_string_new(NULL);
        const OfficeDayEnv env = {
                .calendar = world->calendar,
                .rules = &world->rules,
                .claims = world->record,
                .now = world->now,
                .week_start = week_start,
        };

        g_assert_cmpint(office_days_each(&env, &(OfficeDayPlace){ .date = from }, to, note_day, text), ==, 0);
        g_assert_cmpstr(text->str, ==, want);
        g_string_free(text, TRUE);
}

static void check_month(FocusWorld *world, const char *want) {
        check_days(world, date_make(2026, 7, 1), date_make(2026, 7, 31), 1, want);
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
        /* Away hides one wholly, and of the next only the morning. */
        focus_world_set_rules(world,
                        DESK "[Rule ill]\nKind=away\nDates=2026-07-08..2026-07-08\n"
                             "[Rule dentist]\nKind=away\nDates=2026-07-15..2026-07-15\nHours=08:00-14:00\n");
        check_month(world, "01 missed, 08 missed away by ill, 15 planned, 22 planned, 29 planned");
        focus_world_wait(world, HOUR(24 * 15));
        check_month(world, "01 missed, 08 missed away by ill, 15 kept, 22 planned, 29 planned");
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
        check_month(world,
                        "01 planned, 08 moved to 13, 13 planned extra, 15 planned, 22 moved to 31, 29 planned, 31 planned extra");
        /* A day more in the same week is not where a dropped day went, whatever comes first in the list. */
        focus_world_set_rules(world, DESK "Except=2026-07-08\nAlso=2026-07-06;2026-07-09\n");
        check_month(world,
                        "01 planned, 06 planned extra, 08 moved to 09, 09 planned extra, 15 planned, 22 planned, 29 planned");
        /* What one of them got is not there for the next. */
        focus_world_set_rules(world,
                        "[Rule desk]\nKind=office-day\nDays=Wed\nHours=09:00-17:00\nQuota=4/month\n"
                        "Except=2026-07-15;2026-07-22\nAlso=2026-07-02;2026-07-20\n");
        check_month(world,
                        "01 planned, 02 planned extra, 08 planned, 15 moved to 20, 20 planned extra, 22 moved to 02, 29 planned");
        /* A date that was no office day is not moved by being excepted. */
        focus_world_set_rules(world, DESK "Except=2026-07-09\nAlso=2026-07-10\n");
        check_month(world, "01 planned, 08 planned, 10 planned extra, 15 planned, 22 planned, 29 planned");
        focus_world_free(world);
}

/* Sunday the 12th is in the week of the Wednesday after it where weeks begin on Sundays. */
static void test_week_start(void) {
        FocusWorld *world = focus_world_new(DESK "Except=2026-07-15\nAlso=2026-07-12\n");
        const Date from = date_make(2026, 7, 12), to = date_make(2026, 7, 18);

        check_days(world, from, to, 1, "12 planned extra");
        check_days(world, from, to, 7, "12 planned extra, 15 moved to 12");
        check_days(world, from, to, 6, "12 planned extra, 15 moved to 12");
        check_days(world, from, to, 3, "12 planned extra");
        focus_world_free(world);
}

static void since(FocusWorld *world, const char *rule, uint64_t real_usec) {
        for (guint i = 0; i < world->rules.rules->len; i++)
                if (strcmp(g_array_index(world->rules.rules, Rule, i).name, rule) == 0)
                        g_array_index(world->rules.rules, Rule, i).since_real_usec = real_usec;
}

/* What was over when the rule came was no office day of it; nor was anything moved then. */
static void test_since(void) {
        static const char late[] = "[Rule late]\nKind=office-day\nDays=Wed\nHours=18:00-20:00\n"
                                   "Except=2026-07-08\nAlso=2026-07-09\n";
        cleanup_free_ char *both = g_strconcat(DESK, late, NULL);
        FocusWorld *world = focus_world_new(DESK);

        focus_world_wait(world, HOUR(10));
        focus_world_sleep(world, HOUR(24 * 14));
        check_month(world, "01 kept, 08 missed, 15 missed, 22 planned, 29 planned");
        focus_world_set_rules(world, both);
        since(world, "late", world->now.real_usec);
        check_month(world,
                        "01 kept, 08 missed, 15 missed, 15 planned, 22 planned, 22 planned, 29 planned, 29 planned");
        /* To the end of the window and not a moment before: of a rule that came within, there was a part to
         * keep. */
        since(world, "desk", WORLD_REAL_USEC + HOUR(9 + 24 * 7));
        check_month(world, "01 kept, 15 missed, 15 planned, 22 planned, 22 planned, 29 planned, 29 planned");
        since(world, "desk", WORLD_REAL_USEC + HOUR(9 + 24 * 7) - 1);
        check_month(world,
                        "01 kept, 08 missed, 15 missed, 15 planned, 22 planned, 22 planned, 29 planned, 29 planned");
        /* A clock that was set back is before all rules: what is to come is planned. */
        since(world, "desk", WORLD_REAL_USEC + HOUR(24 * 60));
        check_month(world, "01 kept, 15 planned, 22 planned, 22 planned, 29 planned, 29 planned");
        focus_world_free(world);
}

/* The rule is gone, or is none of office days any more: what is on record is listed by its name. */
static void test_gone(void) {
        FocusWorld *world = focus_world_new(DESK);

        focus_world_wait(world, HOUR(10));
        focus_world_wait(world, HOUR(24 * 7) - HOUR(3));
        g_assert_cmpint(focus_world_release(world, 0, "a fire", false), ==, 0);
        focus_world_set_rules(world, "");
        check_month(world, "01 kept, 08 broken");
        focus_world_set_rules(world, "[Rule desk]\nDays=Wed\nHours=09:00-12:00\n");
        check_month(world, "01 kept, 08 broken");
        /* One that engaged by a wrong clock is none. */
        for (guint i = 0; i < world->record->len; i++)
                g_array_index(world->record, Claim, i).state = CLAIM_VOID;
        check_month(world, "");
        focus_world_free(world);
}

static void test_failure(void) {
        FocusWorld *world = focus_world_new(DESK);

        focus_world_wait(world, HOUR(10));
        g_assert_cmpuint(world->record->len, ==, 2);
        g_array_index(world->record, Claim, 0).failure = g_strdup("sites: no rights");
        check_month(world, "01 kept (sites: no rights), 08 planned, 15 planned, 22 planned, 29 planned");
        g_array_index(world->record, Claim, 1).failure = g_strdup("mute: no mail");
        check_month(world, "01 kept (mute: no mail), 08 planned, 15 planned, 22 planned, 29 planned");
        focus_world_free(world);
}

/* Nobody looks beyond the last years that there are: what nothing hides is planned. */
static void test_far_ahead(void) {
        FocusWorld *world = focus_world_new(DESK);

        check_days(world, date_make(9999, 12, 20), date_make(9999, 12, 31), 1, "22 planned, 29 planned");
        focus_world_free(world);
}

/* The rule was replaced; what stood on record stands. */
static void test_edited(void) {
        FocusWorld *world = focus_world_new(DESK);

        focus_world_wait(world, HOUR(10));
        focus_world_set_rules(world,
                        "[Rule desk]\nKind=office-day\nDays=Thu\nDates=2026-07-01..2026-07-10\nHours=09:00-10:00\n");
        check_month(world, "01 kept, 02 planned, 09 planned");
        focus_world_free(world);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/office-days/kept-and-broken", test_kept_and_broken);
        g_test_add_func("/office-days/missed", test_missed);
        g_test_add_func("/office-days/moved", test_moved);
        g_test_add_func("/office-days/week-start", test_week_start);
        g_test_add_func("/office-days/since", test_since);
        g_test_add_func("/office-days/gone", test_gone);
        g_test_add_func("/office-days/failure", test_failure);
        g_test_add_func("/office-days/far-ahead", test_far_ahead);
        g_test_add_func("/office-days/edited", test_edited);
        return g_test_run();
}
