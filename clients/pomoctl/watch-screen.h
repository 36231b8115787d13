/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What `pomoctl watch` shows: a picture of the timer that fits into so many columns and rows. Pure. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clients/pomoctl/ctl.h"

typedef struct WatchView {
        const Ctl *ctl;
        const TimerState *timer; /* NULL: the daemon is away */
        uint64_t now_boot_usec;
        uint32_t long_break_every; /* 0: not known */
        const char *message;       /* what was refused, or why it is away; NULL: nothing to say */
        const char *until;         /* until when the schedule stands so; "": not known */
        bool keys;                 /* there is a keyboard */
        unsigned columns, rows;
} WatchView;

/* From the upper left corner on, erasing what was there. No line is wider and none further down than there is
 * room. */
void watch_draw(FILE *file, const WatchView *view);

/* Whether what is next begins only by "a", which is against the hours. */
bool watch_starts_anyway(const TimerState *timer);

/*
 * After how long what is shown changes by itself: at the next edge of a second while something runs, else
 * UINT64_MAX.
 */
uint64_t watch_next_usec(const TimerState *timer, uint64_t now_boot_usec);
