/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a bar shows of a timer at a moment: words, without any bar's syntax. Pure: the moment is an argument,
 * and the answer says when it will change, so that nobody looks before.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "clients/lib/timer.h"

#define VIEW_IDLE_TEXT_BYTES      256u /* of --idle-text: what a bar has room for, and then some */
#define VIEW_TITLE_COLUMNS        40u  /* a longer title is cut: it is in the tooltip in full */
#define VIEW_REFUSAL_COLUMNS      60u  /* the same for what a click was refused with */
#define VIEW_NOT_ENFORCED_COLUMNS 60u  /* the same for why focus does not hold */
#define VIEW_REFUSAL_USEC         5000000ULL
#define VIEW_RANG_USEC            10000000ULL

typedef struct ViewOptions {
        const char *idle_text;        /* NULL: "idle" */
        bool minutes;                 /* no seconds */
        uint64_t schedule_until_usec; /* by the wall clock: when the timer's rule holds no longer; 0: not
                                         known */
        time_t now;                   /* the same clock: an end on another day is shown with its date */
        const char *refusal;          /* of the last click, shown up to a moment; NULL: none */
        uint64_t refusal_until_boot_usec;
        uint64_t rang_id; /* the break that a ring began; 0: none */
} ViewOptions;

typedef struct View {
        const char *word; /* the state in one word, for style sheets: the API's, or "away" */
        bool away, paused;
        bool refused;      /* text and tooltip say why, for now */
        bool rang;         /* a break that should be seen: it has just rung */
        bool not_enforced; /* focus should hold and does not: text and tooltip say by whom and why */
        uint64_t seq;
        char *text;    /* "24:59 Write the report" */
        char *brief;   /* the same without the title */
        char *tooltip; /* lines */
        unsigned percentage;
        uint64_t next_boot_usec; /* when it will read differently, UINT64_MAX: not by itself */
} View;

/* timer NULL: the daemon is away, and message (may be NULL) says more about it. The view is made anew;
 * view_done() frees it. */
void view_make(const TimerState *timer, const char *message, const ViewOptions *options,
                uint64_t now_boot_usec, View *ret_view);
void view_done(View *view);
