/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/agenda-grid.h"

#include <string.h>

#include "clients/lib/memory.h"
#include "common/text.h"

#define HOUR_SEC      3600u
#define DAY_SEC       86400u
#define HOURS_COLUMNS 7u /* "> 09:00 " less the space that begins a day */
#define DAY_COLUMNS   9u /* at least */
#define DAY_WIDEST    18u
#define MONTH_COLUMNS 11u /* more have room for the month */
#define HALF_HOURS    24u /* rows up to which a row is half an hour */

static const struct {
        const char *texture, *label;
        Colour colour;
} looks[_AGENDA_KIND_MAX] = {
        [AGENDA_POMODORO] = { "▓", "pomodoro", COLOUR_WORK },
        [AGENDA_FREEFORM] = { "░", "freeform", COLOUR_REST },
        [AGENDA_OFFICE_DAY] = { "█", "office day", COLOUR_BOLD },
        [AGENDA_AWAY] = { "╱", "away", COLOUR_WRONG },
};

const char *agenda_kind_label(AgendaKind kind) {
        return looks[kind].label;
}

void agenda_grid_done(AgendaGrid *grid) {
        for (size_t i = 0; i < grid->n_blocks; i++)
                free(grid->blocks[i].rule);
        free(grid->blocks);
        *grid = (AgendaGrid){};
}

static unsigned second_of_day(time_t t) {
        struct tm tm = {};

        localtime_r(&t, &tm);
        return (unsigned) (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
}

static void block_add(AgendaGrid *grid, AgendaBlock block) {
        grid->blocks = memory_reserve(
                        grid->blocks, grid->n_blocks + 1, &grid->n_allocated, sizeof(*grid->blocks));
        grid->blocks[grid->n_blocks++] = block;
}

void agenda_grid_add(AgendaGrid *grid, AgendaKind kind, const char *rule, time_t from, time_t to) {
        Date begins = day_of(from);

        for (Date day = begins; day <= grid->last && day_start(day) < to; day++) {
                unsigned from_sec = day == begins ? second_of_day(from) : 0,
                         to_sec = to >= day_start(day + 1) ? DAY_SEC : second_of_day(to);

                if (to_sec > from_sec)
                        block_add(grid, (AgendaBlock){
                                                        .day = day,
                                                        .kind = kind,
                                                        .from_sec = from_sec,
                                                        .to_sec = to_sec,
                                                        .rule = memory_safe_text(rule),
                                        });
        }
}

/* Which block a row of a day shows: the one that has most of it, NULL where none has any. */
static const AgendaBlock *block_at(const AgendaGrid *grid, Date day, unsigned from, unsigned to) {
        const AgendaBlock *best = NULL;
        unsigned best_sec = 0;

        for (size_t i = 0; i < grid->n_blocks; i++) {
                const AgendaBlock *b = &grid->blocks[i];
                unsigned begin = b->from_sec > from ? b->from_sec : from,
                         end = b->to_sec < to ? b->to_sec : to;

                if (b->day == day && end > begin && end - begin > best_sec) {
                        best = b;
                        best_sec = end - begin;
                }
        }
        return best;
}

/* The hours of which something is to be seen; whole days say nothing of when to begin. */
static void hours_seen(const AgendaGrid *grid, unsigned *ret_from, unsigned *ret_to) {
        unsigned from = DAY_SEC, to = 0;

        for (size_t i = 0; i < grid->n_blocks; i++) {
                const AgendaBlock *b = &grid->blocks[i];

                if (b->from_sec == 0 && b->to_sec == DAY_SEC)
                        continue;
                from = b->from_sec < from ? b->from_sec : from;
                to = b->to_sec > to ? b->to_sec : to;
        }
        if (from >= to) {
                from = 8 * HOUR_SEC;
                to = 18 * HOUR_SEC;
        }
        *ret_from = from - from % HOUR_SEC;
        *ret_to = to + (HOUR_SEC - to % HOUR_SEC) % HOUR_SEC;
}

/* Text in exactly so many columns, cut or followed by fill. */
static void print_filled(FILE *file, const char *text, const char *fill, unsigned columns) {
        cleanup_free_ char *fits = memory_copy_n(text, text_fitting_bytes(text, columns));

        fputs(fits, file);
        for (size_t i = text_width(fits); i < columns; i++)
                fputs(fill, file);
}

static void print_cell(
                const Ctl *ctl, FILE *file, const AgendaBlock *block, bool first_row, unsigned columns) {
        fputc(' ', file);
        if (!block) {
                print_filled(file, "", " ", columns - 1);
                return;
        }
        fputs(ctl_colour(ctl, looks[block->kind].colour), file);
        fputs(looks[block->kind].texture, file);
        print_filled(file, first_row ? block->rule : "", looks[block->kind].texture, columns - 2);
        fputs(ctl_colour(ctl, COLOUR_OFF), file);
}

static void print_head(
                const Ctl *ctl, FILE *file, const AgendaGrid *grid, Date first, Date last, unsigned columns) {
        Date today = day_of(grid->now);

        print_filled(file, "", " ", HOURS_COLUMNS);
        for (Date day = first; day <= last; day++) {
                struct tm tm = date_to_tm(day);
                char text[32];

                if (strftime(text, sizeof(text), columns > MONTH_COLUMNS ? "%a %d %b" : "%a %d", &tm) == 0)
                        text[0] = '\0';
                fputc(day == today ? '*' : ' ', file);
                if (day == today)
                        fputs(ctl_colour(ctl, COLOUR_BOLD), file);
                print_filled(file, text, " ", columns - 1);
                if (day == today)
                        fputs(ctl_colour(ctl, COLOUR_OFF), file);
        }
        fputc('\n', file);
}

static void print_days(
                const Ctl *ctl, FILE *file, const AgendaGrid *grid, Date first, Date last, unsigned columns) {
        unsigned from, to, step, now_sec = second_of_day(grid->now);
        Date today = day_of(grid->now);

        hours_seen(grid, &from, &to);
        step = (to - from) / (HOUR_SEC / 2) <= HALF_HOURS ? HOUR_SEC / 2 : HOUR_SEC;
        print_head(ctl, file, grid, first, last, columns);
        for (unsigned at = from; at < to; at += step) {
                bool now = today >= first && today <= last && now_sec >= at && now_sec < at + step;

                fprintf(file, "%s ", now ? ">" : " ");
                if (at % HOUR_SEC == 0)
                        fprintf(file, "%02u:%02u", at / HOUR_SEC, at % HOUR_SEC / 60);
                else
                        fputs("     ", file);
                for (Date day = first; day <= last; day++) {
                        const AgendaBlock *block = block_at(grid, day, at, at + step),
                                          *above = at > from ? block_at(grid, day, at - step, at) : NULL;

                        print_cell(ctl, file, block, block != above, columns);
                }
                fputc('\n', file);
        }
}

bool agenda_grid_print(const Ctl *ctl, FILE *file, const AgendaGrid *grid, unsigned columns) {
        unsigned n_days = (unsigned) (grid->last - grid->first + 1), room, beside;
        bool seen[_AGENDA_KIND_MAX] = {};
        unsigned at = 0;

        if (columns < HOURS_COLUMNS + DAY_COLUMNS)
                return false;
        room = columns - HOURS_COLUMNS;
        beside = room / DAY_COLUMNS < n_days ? room / DAY_COLUMNS : n_days;
        room = room / beside < DAY_WIDEST ? room / beside : DAY_WIDEST;

        for (Date day = grid->first; day <= grid->last; day += (Date) beside) {
                Date last = day + (Date) beside - 1;

                if (day > grid->first)
                        fputc('\n', file);
                print_days(ctl, file, grid, day, last < grid->last ? last : grid->last, room);
        }

        for (size_t i = 0; i < grid->n_blocks; i++)
                seen[grid->blocks[i].kind] = true;
        fputc('\n', file);
        for (int kind = 0; kind < _AGENDA_KIND_MAX; kind++) {
                unsigned width = (unsigned) text_width(looks[kind].label) + 3;

                if (!seen[kind])
                        continue;
                if (at > 0)
                        fputs(at + 3 + width > columns ? "\n" : "   ", file);
                at = at > 0 && at + 3 + width <= columns ? at + 3 + width : width;
                fprintf(file, "%s%s%s%s %s", ctl_colour(ctl, looks[kind].colour), looks[kind].texture,
                                looks[kind].texture, ctl_colour(ctl, COLOUR_OFF), looks[kind].label);
        }
        fputs(at > 0 ? "\n" : "nothing in these days\n", file);
        return true;
}
