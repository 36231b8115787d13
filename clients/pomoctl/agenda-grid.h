/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Days drawn side by side, hours downwards. Each way of working has a texture of its own, so that the picture
 * reads without colour. Pure: stretches in, lines out.
 */

#include <stdbool.h>
#include <stdio.h>

#include "clients/pomoctl/ctl.h"
#include "clients/pomoctl/days.h"

typedef enum AgendaKind {
        AGENDA_POMODORO,
        AGENDA_FREEFORM,
        AGENDA_OFFICE_DAY,
        AGENDA_AWAY,
        _AGENDA_KIND_MAX,
} AgendaKind;

/* A stretch within one day, in seconds of its wall clock; the end may be 86400. */
typedef struct AgendaBlock {
        Date day;
        AgendaKind kind;
        unsigned from_sec, to_sec;
        char *rule; /* owned, safe for a terminal */
} AgendaBlock;

typedef struct AgendaGrid {
        AgendaBlock *blocks; /* in order */
        size_t n_blocks, n_allocated;
        Date first, last;
        time_t now; /* marked where it is within */
} AgendaGrid;

void agenda_grid_done(AgendaGrid *grid);

/* From one instant to another, in the zone of the environment; cut at every midnight. */
void agenda_grid_add(AgendaGrid *grid, AgendaKind kind, const char *rule, time_t from, time_t to);

/* Draws it in so many columns; false where they are too few even for one day after another. */
bool agenda_grid_print(const Ctl *ctl, FILE *file, const AgendaGrid *grid, unsigned columns);

/* "office day": how a person reads it. */
const char *agenda_kind_label(AgendaKind kind);
