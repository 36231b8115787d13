/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/agenda-grid.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/records.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

#define DAYS_DRAWN    14u /* more are easier to read as lines */
#define COLUMNS_DRAWN 34u /* less is, too: three days beside each other */

typedef struct AgendaList {
        const Ctl *ctl;
        AgendaGrid *grid;
        bool draw;
        Date day; /* of the line before */
        unsigned n;
} AgendaList;

static AgendaKind kind_of(struct json_object *record) {
        if (strcmp(record_text(record, "State"), "away") == 0)
                return AGENDA_AWAY;
        if (strcmp(record_text(record, "Kind"), "office-day") == 0)
                return AGENDA_OFFICE_DAY;
        return strcmp(record_text(record, "Mode"), "freeform") == 0 ? AGENDA_FREEFORM : AGENDA_POMODORO;
}

/* A heading for each day, and below it what is in it. */
static void print_line(AgendaList *agenda, AgendaKind kind, const char *rule, time_t from, time_t to) {
        cleanup_free_ char *safe = memory_safe_text(rule);
        const Ctl *ctl = agenda->ctl;
        char begin[DAY_TEXT_MAX], end[DAY_TEXT_MAX];
        Date day = day_of(from);

        if (agenda->n == 1 || day != agenda->day)
                printf("%s%s%s\n", ctl_colour(ctl, COLOUR_BOLD), day_label(day, begin),
                                ctl_colour(ctl, COLOUR_OFF));
        agenda->day = day;
        printf("  %s–%s  %s (%s)\n", moment_label(from, from, begin),
                        to == day_start(day + 1) ? "24:00" : moment_label(to, from, end), safe,
                        agenda_kind_label(kind));
}

static void stretch_show(AgendaList *agenda, struct json_object *record) {
        time_t from = record_time(record, "FromRealtimeUSec"), to = record_time(record, "ToRealtimeUSec");
        AgendaKind kind = kind_of(record);

        agenda->n++;
        if (agenda->ctl->program.json)
                json_print_and_put(stdout, json_of_record(record, JSON_SECONDS));
        else if (agenda->draw)
                agenda_grid_add(agenda->grid, kind, record_text(record, "Rule"), from, to);
        else
                print_line(agenda, kind, record_text(record, "Rule"), from, to);
}

static int agenda_ask(const Ctl *ctl, uint64_t from_usec, uint64_t to_usec, AgendaList *agenda) {
        cleanup_(records_done) Records records = records_ask(
                        &ctl->program, POMOD_INTERFACE_SCHEDULES, "Agenda", NULL, "tt", from_usec, to_usec);

        for (struct json_object *record; (record = records_next(&records));)
                stretch_show(agenda, record);
        return records.status;
}

/* A zone that crosses the date line skips a whole date: it ends where it begins. */
static int check_there(const Ctl *ctl, Date first, Date last) {
        const char *zone = getenv("TZ");
        char date[DAY_TEXT_MAX];

        if (day_start(first) < day_start(last + 1))
                return 0;
        return ctl_usage(ctl, "the zone %s skipped the date %s, so it has no agenda; ask for another date",
                        zone ? zone : "of this computer", date_format(first, date));
}

static int verb_schedule_agenda(Ctl *ctl, const Args *args) {
        cleanup_(agenda_grid_done) AgendaGrid grid = {};
        AgendaList agenda = { .ctl = ctl, .grid = &grid };
        char sentence[TIMES_SENTENCE_MAX];
        unsigned columns = ctl_columns() ?: 80;
        int week_start, r;

        r = program_use_zone(&ctl->program) ?: setting_week_start(&ctl->program, &week_start);
        if (r != 0)
                return r;

        grid.now = time(NULL);
        if (days_parse(args->n_words > 0 ? args->words[0] : "week", grid.now, week_start, true, &grid.first,
                            &grid.last, sentence) < 0)
                return ctl_usage(ctl, "%s", sentence);
        r = check_there(ctl, grid.first, grid.last);
        if (r != 0)
                return r;
        agenda.draw = !ctl->program.json && !args_has(args, "lines") &&
                      (args_has(args, "draw") ||
                                      (isatty(STDOUT_FILENO) &&
                                                      (unsigned) (grid.last - grid.first) < DAYS_DRAWN &&
                                                      columns >= COLUMNS_DRAWN));

        r = agenda_ask(ctl, (uint64_t) day_start(grid.first) * USEC_PER_SEC,
                        (uint64_t) day_start(grid.last + 1) * USEC_PER_SEC, &agenda);
        if (r != 0 || ctl->program.json)
                return r;
        if (!agenda.draw && agenda.n == 0)
                printf("nothing in these days\n");
        if (agenda.draw && !agenda_grid_print(ctl, stdout, &grid, columns))
                return ctl_usage(ctl, "the terminal is too narrow to draw a day; see it with --lines");
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_agenda[] = {
        { .name = "schedule agenda", .usage = "[DAYS] [--draw|--lines]", .words = 1, .run = verb_schedule_agenda,
          .sentence = "show which rule holds when; alone: this week",
          .details = DETAILS("A terminal sees the days drawn beside each other. A pipe, a narrow terminal and more than two weeks get a line for each stretch."),
          .terms = DAYS_TERMS, .terms_title = "Days",
          .options = OPTIONS({ "draw", NULL, "draw it, also on a pipe" },
                          { "lines", NULL, "a line for each stretch" }, ),
          .examples = ITEMS({ "pomoctl schedule agenda", "this week at a glance" },
                          { "pomoctl schedule agenda tomorrow", "what tomorrow is like" },
                          { "pomoctl schedule agenda 2026-07-01..2026-07-31", "all of July" }, ) },
        {},
};
/* clang-format on */
