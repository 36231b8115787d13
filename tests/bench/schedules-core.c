/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * What the calendar costs with 1,000 rules, without a bus: Explain with the next change near, far and none, a
 * year's agenda, warnings, parsing. A line each: what, its median and the longest in microseconds.
 * schedules-core [RULES]
 */

#include <stdio.h>
#include <stdlib.h>

#include "daemon/core/calendar.h"

#define ROUNDS 40

typedef struct Bench {
        RuleSet set;
        GTimeZone *zone;
        Calendar *calendar;
        char *text;
        uint64_t at; /* an instant to ask about */
} Bench;

typedef void (*Work)(Bench *bench);

static int compare(const void *a, const void *b) {
        gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

        return (x > y) - (x < y);
}

static void measure(Bench *bench, const char *what, Work work) {
        gint64 took[ROUNDS];

        for (int i = 0; i < ROUNDS; i++) {
                gint64 begin = g_get_monotonic_time();
                work(bench);
                took[i] = g_get_monotonic_time() - begin;
        }
        qsort(took, ROUNDS, sizeof took[0], compare);
        printf("%-34s %8" G_GINT64_FORMAT " %8" G_GINT64_FORMAT "\n", what, took[ROUNDS / 2],
                        took[ROUNDS - 1]);
}

/* A calendar of its own for every answer, as after a change of the rules. */
static void explain(Bench *bench) {
        Schedule schedule;
        char *why;

        bench->calendar = calendar_free(bench->calendar);
        calendar_new(&bench->set, bench->zone, &bench->calendar);
        calendar_at(bench->calendar, bench->at, &schedule);
        calendar_why(bench->calendar, bench->at, &schedule, &why);
        g_free(why);
}

static int nothing(const Stretch *stretch, void *userdata) {
        (void) stretch;
        (*(guint *) userdata)++;
        return 0;
}

static void agenda(Bench *bench) {
        guint n = 0;

        calendar_agenda(bench->calendar, bench->at, bench->at + 366 * 86400 * (uint64_t) G_USEC_PER_SEC,
                        nothing, &n);
}

static void no_warning(const char *rule, const char *sentence, void *userdata) {
        (void) rule;
        (void) sentence;
        (void) userdata;
}

static void warnings(Bench *bench) {
        calendar_warnings(bench->calendar, calendar_date_of(bench->calendar, bench->at), no_warning, NULL);
}

static void parse(Bench *bench) {
        Refusal why;

        rule_set_done(&bench->set);
        if (rule_set_parse(bench->text, &bench->set, &why) != 0)
                g_error("%s", why.message);
}

/* 0: mixed; 1: all at once and on every date; 2: long over or far off; 3: one away rule above all; 4: one
 * whole day, again and again; 5: each its own hours */
static char *make_text(int shape, int rules) {
        GString *text = g_string_new(shape == 3 ? "[Rule never-here]\nKind=away\nPriority=9\n" : "");

        for (int i = 0; i < rules; i++) {
                int month = 1 + i % 12, day = 1 + i * 7 % 28;

                g_string_append_printf(text, "[Rule r%d]\n", i);
                if (shape == 0)
                        g_string_append_printf(text,
                                        "Dates=%02d-%02d..%02d-28\nDays=Mon-Fri\nHours=%02d:00-%02d:%02d\n"
                                        "Priority=%d\nKind=%s\n",
                                        month, day, 1 + (i + 1) % 12, 6 + i % 10, 9 + i % 10, i % 60, i % 7,
                                        i % 5 == 0 ? "away" : "work");
                else if (shape == 2)
                        g_string_append_printf(text, "Dates=%d-%02d-%02d..%d-12-31\nHours=09:00-12:00\n",
                                        i % 2 == 0 ? 1980 : 2090, month, day, i % 2 == 0 ? 1990 : 2095);
                else if (shape == 5)
                        g_string_append_printf(text, "Hours=%02d:%02d-%02d:%02d:30\n", i / 60 % 24, i % 60,
                                        (i / 60 + 1) % 24, i % 60);
                else if (shape != 4)
                        g_string_append(text, "Days=Mon-Fri\nHours=09:00-12:00;13:00-17:00\n");
        }
        return g_string_free(text, FALSE);
}

int main(int argc, char **argv) {
        static const char *const shapes[] = { "mixed", "all at once", "none near", "hidden by away",
                "whole days", "own hours" };
        int rules = argc > 1 ? atoi(argv[1]) : 1000;
        Bench bench = { .zone = g_time_zone_new_identifier("Europe/Zurich") };
        char what[64];

        printf("%-34s %8s %8s\n", "with that many rules, in usec", "median", "longest");
        for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
                bench.text = make_text((int) i, rules);
                rule_set_init(&bench.set);
                bench.at = G_GUINT64_CONSTANT(1780300800000000); /* 2026-06-01 10:00 */
                g_snprintf(what, sizeof what, "%s: parse", shapes[i]);
                measure(&bench, what, parse);
                g_snprintf(what, sizeof what, "%s: explain", shapes[i]);
                measure(&bench, what, explain);
                g_snprintf(what, sizeof what, "%s: agenda of a year", shapes[i]);
                measure(&bench, what, agenda);
                g_snprintf(what, sizeof what, "%s: warnings", shapes[i]);
                measure(&bench, what, warnings);
                bench.calendar = calendar_free(bench.calendar);
                rule_set_done(&bench.set);
                g_free(bench.text);
        }
        g_time_zone_unref(bench.zone);
        return 0;
}
