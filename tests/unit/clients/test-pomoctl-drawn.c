/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Weeks, months and plans as people see them. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "clients/pomoctl/agenda-grid.h"
#include "clients/pomoctl/office-month.h"
#include "clients/pomoctl/plan-days.h"
#include "clients/pomoctl/json.h"
#include "common/cleanup.h"
#include "common/text.h"

#define WEDNESDAY 1782856800 /* 2026-07-01 00:00 in Zurich */
#define HOUR      3600

static const Ctl plain = {};

static void zone(const char *name) {
        g_setenv("TZ", name, TRUE);
        tzset();
}

/* ---- a week ---- */

static char *drawn(const AgendaGrid *grid, unsigned columns) {
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);

        if (!agenda_grid_print(&plain, file, grid, columns))
                fputs("too narrow\n", file);
        fclose(file);
        return text;
}

static AgendaGrid two_days(void) {
        AgendaGrid grid = {
                .first = day_of(WEDNESDAY), .last = day_of(WEDNESDAY) + 1, .now = WEDNESDAY + 9 * HOUR + 1900
        };

        agenda_grid_add(&grid, AGENDA_FREEFORM, "mornings", WEDNESDAY + 9 * HOUR, WEDNESDAY + 10 * HOUR);
        agenda_grid_add(&grid, AGENDA_POMODORO, "\033x", WEDNESDAY + 10 * HOUR, WEDNESDAY + 11 * HOUR);
        agenda_grid_add(&grid, AGENDA_AWAY, "gone", WEDNESDAY + 24 * HOUR, WEDNESDAY + 48 * HOUR);
        return grid;
}

static void test_grid(void) {
        cleanup_(agenda_grid_done) AgendaGrid grid = {};
        cleanup_free_ char *text = NULL, *narrow = NULL, *none = NULL;

        zone("Europe/Zurich");
        grid = two_days();
        text = drawn(&grid, 30);
        g_assert_cmpstr(text, ==,
                        "       *Wed 01     Thu 02    \n"
                        "  09:00 ░mornings░ ╱gone╱╱╱╱╱\n"
                        ">       ░░░░░░░░░░ ╱╱╱╱╱╱╱╱╱╱\n"
                        "  10:00 ▓\xEF\xBF\xBDx▓▓▓▓▓▓▓ ╱╱╱╱╱╱╱╱╱╱\n"
                        "        ▓▓▓▓▓▓▓▓▓▓ ╱╱╱╱╱╱╱╱╱╱\n"
                        "\n"
                        "▓▓ pomodoro   ░░ freeform\n"
                        "╱╱ away\n");
        /* One day below the other. */
        narrow = drawn(&grid, 20);
        g_assert_nonnull(strstr(narrow, "\n\n        Thu 02"));
        none = drawn(&grid, 15);
        g_assert_cmpstr(none, ==, "too narrow\n");
}

/* Over midnight it is on both days; where a clock is set back or forward nothing is lost or drawn twice. */
static void test_grid_edges(void) {
        cleanup_(agenda_grid_done)
                        AgendaGrid grid = { .first = day_of(WEDNESDAY), .last = day_of(WEDNESDAY) + 1 };
        cleanup_(agenda_grid_done) AgendaGrid empty = { .first = 20000, .last = 20000 };
        cleanup_free_ char *text = NULL;

        zone("Europe/Zurich");
        agenda_grid_add(&grid, AGENDA_POMODORO, "owl", WEDNESDAY + 22 * HOUR, WEDNESDAY + 26 * HOUR);
        g_assert_cmpuint(grid.n_blocks, ==, 2);
        g_assert_cmpuint(grid.blocks[0].from_sec, ==, 22 * HOUR);
        g_assert_cmpuint(grid.blocks[0].to_sec, ==, 24 * HOUR);
        g_assert_cmpuint(grid.blocks[1].from_sec, ==, 0);
        g_assert_cmpuint(grid.blocks[1].to_sec, ==, 2 * HOUR);
        g_assert_cmpint(grid.blocks[1].day, ==, grid.blocks[0].day + 1);
        /* Behind the last day nothing is kept. */
        agenda_grid_add(&grid, AGENDA_AWAY, "x", WEDNESDAY + 47 * HOUR, WEDNESDAY + 500 * HOUR);
        g_assert_cmpuint(grid.n_blocks, ==, 3);

        text = drawn(&empty, 40);
        g_assert_nonnull(strstr(text, "nothing in these days"));
}

/* ---- a month ---- */

static void office(OfficeMonth *month, const char *date, const char *fate, const char *to) {
        struct json_object *o = json_object_new_object();

        json_add_text(o, "Rule", "office");
        json_add_text(o, "Date", date);
        json_add_text(o, "Fate", fate);
        json_add_text(o, "MovedTo", to);
        json_add_text(o, "Quota", "1/week");
        json_add_text(o, "Away", strcmp(fate, "missed") == 0 ? "closed" : "");
        json_add_text(o, "Failure", strcmp(fate, "kept") == 0 ? "sites: no\trights" : "");
        office_month_add(month, o);
        json_object_put(o);
}

static void test_month(void) {
        cleanup_(office_month_done) OfficeMonth month = { .week_start = 1 };
        char sentence[TIMES_SENTENCE_MAX];
        cleanup_free_ char *text = NULL;
        size_t n;
        FILE *file;

        zone("UTC");
        g_assert_cmpint(day_parse("2026-02-01", 0, &month.first, sentence), ==, 0);
        month.today = month.first + 10;
        office(&month, "2026-02-04", "kept", "");
        office(&month, "2026-02-11", "moved", "2026-02-12");
        office(&month, "2026-02-12", "planned", "");
        office(&month, "2026-02-25", "missed", "");
        file = open_memstream(&text, &n);
        office_month_print(&plain, file, &month);
        fclose(file);
        g_assert_cmpstr(text, ==,
                        "February 2026\n"
                        "  Mo  Tu  We  Th  Fr  Sa  Su\n"
                        "                          1 \n"
                        "  2   3   4✓  5   6   7   8 \n"
                        "  9  10 >11→ 12○ 13  14  15 \n"
                        " 16  17  18  19  20  21  22 \n"
                        " 23  24  25– 26  27  28     \n"
                        "\n"
                        "office, 1/week: 1 kept ✓, 1 missed –, 1 moved →, 1 planned ○\n"
                        "  Wed 2026-02-04  kept, not enforced; failed: sites: no�rights\n"
                        "  Wed 2026-02-11  moved to Thu 2026-02-12\n"
                        "  Thu 2026-02-12  planned\n"
                        "  Wed 2026-02-25  missed, away: closed\n");
}

/* Every month, whatever its week begins on, has each of its days once. */
static void test_months(void) {
        zone("UTC");
        for (int i = 0; i < 120; i++) {
                OfficeMonth month = { .week_start = i % 7, .first = 20454 }; /* 2026-01-01 */
                char *text = NULL, *at;
                unsigned days = 0;
                struct tm tm;
                size_t n;
                FILE *file;

                for (int j = 0; j < i; j++)
                        do
                                month.first++;
                        while (date_split(month.first).day != 1);
                file = open_memstream(&text, &n);
                office_month_print(&plain, file, &month);
                fclose(file);
                for (at = strstr(text, "\n  ") + 30; (at = strpbrk(at, "0123456789"));
                                at += strspn(at, "0123456789"))
                        g_assert_cmpuint(strtoul(at, NULL, 10), ==, ++days);
                tm = date_to_tm(month.first + (Date) days);
                g_assert_cmpint(tm.tm_mday, ==, 1);
                free(text);
        }
}

/* ---- a plan ---- */

static void task(PlanDays *plan, uint64_t id, const char *project, uint64_t estimate, uint64_t used,
                const char *date) {
        struct json_object *o = json_object_new_object();

        json_object_object_add(o, "Id", json_object_new_uint64(id));
        json_add_text(o, "Title", "Mail");
        json_add_text(o, "Project", project);
        json_add_text(o, "PlanDate", date);
        json_object_object_add(o, "Estimate", json_object_new_uint64(estimate));
        json_object_object_add(o, "Used", json_object_new_uint64(used));
        plan_days_add(plan, o);
        json_object_put(o);
}

static void test_plan(void) {
        cleanup_(plan_days_done) PlanDays plan = { .done_today = 2, .fits_from_now = 5 };
        char sentence[TIMES_SENTENCE_MAX];
        cleanup_free_ char *text = NULL;
        struct json_object *shape;
        unsigned without;
        size_t n;
        FILE *file;

        zone("UTC");
        g_assert_cmpint(day_parse("2026-07-01", 0, &plan.first, sentence), ==, 0);
        plan.today = plan.first;
        plan.last = plan.first + 1;
        plan.capacities = calloc(2, sizeof(*plan.capacities));
        plan.capacities[0] = 5;
        plan.capacities[1] = 7;
        task(&plan, 4, "", 1, 3, "2026-07-01");
        task(&plan, 3, "", 0, 1, "2026-07-01");
        task(&plan, 2, "Acme", 6, 2, "2026-07-01");
        task(&plan, 1, "Acme", 2, 0, "2026-07-02");
        task(&plan, 5, "", 2, 0, "2026-06-30");
        task(&plan, 6, "", 2, 0, "2026-07-03");
        task(&plan, 7, "", 2, 0, "");
        plan_days_sort(&plan);
        g_assert_cmpuint(plan.n_tasks, ==, 4);
        g_assert_cmpuint(plan.n_earlier, ==, 1);
        g_assert_cmpuint(plan_days_planned(&plan, plan.first, &without), ==, 4);
        g_assert_cmpuint(without, ==, 1);
        g_assert_cmpint(plan_days_left(&plan, plan.first), ==, -1);
        g_assert_cmpint(plan_days_left(&plan, plan.last), ==, 5);

        file = open_memstream(&text, &n);
        plan_days_print(&plain, file, &plan);
        fclose(file);
        g_assert_cmpstr(text, ==,
                        "Wed 2026-07-01 · 5 fit by the rules · 2 done · 4 planned · 1 more than fit · 1 without an estimate\n"
                        "  Acme: 4\n"
                        "    #2 Mail: 4 more, 2 of 6 done\n"
                        "  no project: 0\n"
                        "    #3 Mail: no estimate\n"
                        "    #4 Mail: 3 done, and 1 were estimated\n"
                        "Thu 2026-07-02 · 7 fit by the rules · 2 planned · 5 left\n"
                        "  Acme: 2\n"
                        "    #1 Mail: 2\n"
                        "In all: 12 fit · 6 planned · 5 left from today on\n"
                        "Too much is planned: 1 pomodoro will not fit. There is room on other days.\n"
                        "1 open task is planned for earlier days; see: pomoctl task\n");

        shape = plan_days_json(&plan, plan.first);
        g_assert_cmpint(record_i64(shape, "left"), ==, -1);
        g_assert_cmpuint(record_u64(shape, "planned"), ==, 4);
        g_assert_cmpuint(record_u64(shape, "still_fits"), ==, 3);
        json_object_put(shape);
}

static char *plan_shown(const PlanDays *plan) {
        char *text = NULL;
        size_t n;
        FILE *file = open_memstream(&text, &n);

        plan_days_print(&plain, file, plan);
        fclose(file);
        return text;
}

/* What fits into a day goes by with it. */
static void test_plan_of_a_late_day(void) {
        static const struct {
                int line;
                uint32_t done, fits_from_now;
                const char *shown;
        } cases[] = {
                { __LINE__, 0, 7, "7 fit by the rules · 3 planned · 4 left\n" },
                { __LINE__, 0, 5, "7 fit by the rules · 5 still fit · 3 planned · 2 left\n" },
                { __LINE__, 4, 3, "7 fit by the rules · 4 done · 3 planned · 0 left\n" },
                { __LINE__, 4, 1,
                                "7 fit by the rules · 4 done · 1 still fits · 3 planned · 2 more than fit\n" },
                { __LINE__, 0, 0, "7 fit by the rules · 0 still fit · 3 planned · 3 more than fit\n" },
                /* More was done than fits, and a target is reached before the time is over. */
                { __LINE__, 9, 0, "7 fit by the rules · 9 done · 3 planned · 3 more than fit\n" },
                { __LINE__, 7, 5, "7 fit by the rules · 7 done · 3 planned · 3 more than fit\n" },
        };

        zone("UTC");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                cleanup_(plan_days_done) PlanDays plan = { .done_today = cases[i].done,
                        .fits_from_now = cases[i].fits_from_now };
                cleanup_free_ char *text = NULL;
                char sentence[TIMES_SENTENCE_MAX];

                g_assert_cmpint(day_parse("2026-07-01", 0, &plan.first, sentence), ==, 0);
                plan.today = plan.last = plan.first;
                plan.capacities = calloc(1, sizeof(*plan.capacities));
                plan.capacities[0] = 7;
                task(&plan, 1, "", 3, 0, "2026-07-01");
                text = plan_shown(&plan);
                if (!strstr(text, cases[i].shown))
                        g_error("line %d: no \"%s\" in: %s", cases[i].line, cases[i].shown, text);
                g_assert_cmpint(strstr(text, "Too much is planned") != NULL, ==,
                                plan_days_left(&plan, plan.first) < 0);
        }
}

/* A day that is over has no room, and what was planned for it is not too much now. */
static void test_plan_of_yesterday(void) {
        cleanup_(plan_days_done) PlanDays plan = { .done_today = 2, .fits_from_now = 5 };
        char sentence[TIMES_SENTENCE_MAX];

        zone("UTC");
        g_assert_cmpint(day_parse("2026-07-01", 0, &plan.first, sentence), ==, 0);
        plan.last = plan.first;
        plan.today = plan.first + 1;
        plan.capacities = calloc(1, sizeof(*plan.capacities));
        plan.capacities[0] = 7;
        g_assert_cmpuint(plan_days_fits(&plan, plan.first), ==, 0);
        g_assert_cmpint(plan_days_left(&plan, plan.first), ==, 7);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/agenda/grid", test_grid);
        g_test_add_func("/pomoctl/agenda/edges", test_grid_edges);
        g_test_add_func("/pomoctl/office-day/month", test_month);
        g_test_add_func("/pomoctl/office-day/months", test_months);
        g_test_add_func("/pomoctl/plan/days", test_plan);
        g_test_add_func("/pomoctl/plan/late", test_plan_of_a_late_day);
        g_test_add_func("/pomoctl/plan/yesterday", test_plan_of_yesterday);
        return g_test_run();
}
