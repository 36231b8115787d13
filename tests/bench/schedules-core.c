/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * What the calendar costs with 1,000 rules, without a bus: Explain with the next change near, far and none, a
 * year's agenda, warnings, parsing. A line each: what, its median and the longest in microseconds of CPU.
 * schedules-core [RULES [SHAPE]]; with a shape, prints those rules as text instead, for a daemon to import.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/core/calendar.h"

#define ROUNDS 40

typedef struct Bench {
        RuleSet set;
        GTimeZone *zone;
        Calendar *calendar;
        char *text;
        uint64_t at;     /* an instant to ask about */
        uint64_t until;  /* the next change after it, as the last answer had it */
        guint stretches; /* of the last agenda */
} Bench;

typedef void (*Work)(Bench *bench);

static int compare(const void *a, const void *b) {
        gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

        return (x > y) - (x < y);
}

/* It only computes, so that this is what a clock would say on a computer with nothing else to do. */
static gint64 cpu_usec(void) {
        struct timespec ts;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
        return (gint64) ts.tv_sec * G_USEC_PER_SEC + ts.tv_nsec / 1000;
}

static void measure(Bench *bench, const char *what, Work work) {
        gint64 took[ROUNDS];

        for (int i = 0; i < ROUNDS; i++) {
                gint64 begin = cpu_usec();
                work(bench);
                took[i] = cpu_usec() - begin;
        }
        qsort(took, ROUNDS, sizeof(took[0]), compare);
        printf("%-42s %8" G_GINT64_FORMAT " %8" G_GINT64_FORMAT "\n", what, took[ROUNDS / 2],
                        took[ROUNDS - 1]);
}

/* A calendar of its own for every answer, as after a change of the rules. */
static void explain(Bench *bench) {
        Schedule schedule;
        char *why;

        bench->calendar = calendar_free(bench->calendar);
        bench->calendar = calendar_new(&bench->set, bench->zone);
        calendar_at(bench->calendar, bench->at, &schedule);
        why = calendar_why(bench->calendar, bench->at, &schedule);
        bench->until = schedule.until_real_usec;
        g_free(why);
}

static int nothing(const Stretch *stretch, void *userdata) {
        (void) stretch;
        (*(guint *) userdata)++;
        return 0;
}

static void agenda(Bench *bench) {
        bench->stretches = 0;
        calendar_agenda(bench->calendar, bench->at, bench->at + 366 * 86400 * (uint64_t) G_USEC_PER_SEC,
                        nothing, &bench->stretches);
}

static void no_warning(const char *rule, const char *sentence, void *userdata) {
        (void) rule;
        (void) sentence;
        (void) userdata;
}

static void warnings(Bench *bench) {
        calendar_warnings(bench->calendar, calendar_date_of(bench->calendar, bench->at), NULL, no_warning,
                        NULL);
}

static void parse(Bench *bench) {
        Refusal why;

        rule_set_done(&bench->set);
        if (rule_set_parse(bench->text, &bench->set, &why) != 0)
                g_error("%s", why.message);
}

/* 0: mixed; 1: all at once and on every date; 2: long over or far off; 3: one away rule above all; 4: one
 * whole day, again and again; 5: each its own hours; 6: nothing until nearly two years from now */
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
                else if (shape == 6)
                        g_string_append_printf(
                                        text, "Dates=2028-05-%02d..2028-12-31\nHours=09:00-12:00\n", day);
                else if (shape == 5)
                        g_string_append_printf(text, "Hours=%02d:%02d-%02d:%02d:30\n", i / 60 % 24, i % 60,
                                        (i / 60 + 1) % 24, i % 60);
                else if (shape != 4)
                        g_string_append(text, "Days=Mon-Fri\nHours=09:00-12:00;13:00-17:00\n");
        }
        return g_string_free(text, FALSE);
}

static const char *const shapes[] = { "mixed", "all at once", "none near", "hidden by away", "whole days",
        "own hours", "far" };

static void measure_shape(Bench *bench, size_t shape, int rules) {
        char what[64], days[32] = "none";

        bench->text = make_text((int) shape, rules);
        rule_set_init(&bench->set);
        g_snprintf(what, sizeof(what), "%s: parse", shapes[shape]);
        measure(bench, what, parse);
        explain(bench);
        if (bench->until != 0)
                g_snprintf(days, sizeof(days), "%.1f days",
                                (double) (bench->until - bench->at) / 86400 / G_USEC_PER_SEC);
        g_snprintf(what, sizeof(what), "%s: explain (%s)", shapes[shape], days);
        measure(bench, what, explain);
        agenda(bench);
        g_snprintf(what, sizeof(what), "%s: agenda (%u stretches)", shapes[shape], bench->stretches);
        measure(bench, what, agenda);
        g_snprintf(what, sizeof(what), "%s: warnings", shapes[shape]);
        measure(bench, what, warnings);
        bench->calendar = calendar_free(bench->calendar);
        rule_set_done(&bench->set);
        g_free(bench->text);
}

int main(int argc, char **argv) {
        int rules = argc > 1 ? atoi(argv[1]) : 1000;

        if (argc > 2) {
                for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
                        if (strcmp(argv[2], shapes[i]) == 0) {
                                char *text = make_text((int) i, rules);
                                fputs(text, stdout);
                                g_free(text);
                                return 0;
                        }
                fprintf(stderr, "there is no shape '%s'\n", argv[2]);
                return 2;
        }
        Bench bench = {
                .zone = g_time_zone_new_identifier("Europe/Zurich"),
                .at = G_GUINT64_CONSTANT(1780300800000000), /* 2026-06-01 10:00 */
        };
        printf("%-42s %8s %8s\n", "with that many rules, in usec of CPU", "median", "longest");
        for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
                measure_shape(&bench, i, rules);
        g_time_zone_unref(bench.zone);
        return 0;
}
