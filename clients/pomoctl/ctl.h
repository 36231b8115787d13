/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a verb is given, and the ways in which all verbs read what was typed and show what there is. The table
 * of verbs is above this: what a verb needs of it is in here as data.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "clients/lib/program.h"
#include "clients/pomoctl/args.h"

typedef struct Verb Verb;

typedef struct Ctl {
        Program program;
        const Verb *verb;  /* the one that runs; NULL: not known yet */
        const char *meant; /* the verb below it whose last word is near to the first that was typed; NULL:
                              none */
        bool colour;
} Ctl;

/* A sentence about what was typed, and how it is typed. What to exit with. */
int ctl_usage(const Ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A first word that is no argument of the verb, for the reason in the sentence: perhaps it was a verb below
 * it. What to exit with. Not before the verb is known. */
int ctl_no_argument(const Ctl *ctl, const char *word, const char *sentence);

/* Escape sequences, empty where colour is not wanted. */
typedef enum Colour {
        COLOUR_OFF,
        COLOUR_BOLD,
        COLOUR_DIM,
        COLOUR_WORK,  /* a pomodoro, freeform */
        COLOUR_REST,  /* a break */
        COLOUR_WRONG, /* void, away */
        _COLOUR_MAX,
} Colour;
const char *ctl_colour(const Ctl *ctl, Colour colour);

/* How wide a terminal on standard output is; 0 for a pipe, which cuts nothing. */
unsigned ctl_columns(void);

/* ---- what was typed; 0, or what to exit with ---- */

/* Checks a text before it is sent, since a bus drops who sends what is not UTF-8. NULL is none, and fine. */
int ctl_check_text(const Ctl *ctl, const char *what, const char *text, size_t max_bytes);
int ctl_duration(const Ctl *ctl, const char *text, uint64_t *ret_usec);
/* An id of "a task" or "a focus". */
int ctl_id(const Ctl *ctl, const char *what, const char *text, uint64_t *ret_id);

/* ---- settings of the daemon that change what verbs understand or show; 0, or what to exit with ---- */

/* The day on which a week begins, 0 Sunday to 6 Saturday. */
int setting_week_start(const Program *program, int *ret_weekday);
/* When a day begins, in seconds after midnight. */
int setting_day_start(const Program *program, uint32_t *ret_sec);
