/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What a verb is given, and the ways in which it speaks: to people, to scripts, on standard error. */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "clients/lib/client.h"
#include "clients/pomoctl/args.h"
#include "clients/pomoctl/table.h"

typedef struct Verb Verb;

typedef struct Ctl {
        const Verb *verb;
        const char *meant; /* the verb below it whose last word is near to the first that was typed; NULL:
                              none */
        const char *bus;   /* NULL: not given */
        uint32_t uid;
        bool other_user;
        bool json;
        bool colour;
        Client *client;
} Ctl;

/* Each prints one sentence (with --json an object) on standard error and returns what to exit with. */
int ctl_usage(const Ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));
int ctl_failed(const Ctl *ctl); /* of the last call */
int ctl_errno(const Ctl *ctl, int r, const char *what);
int ctl_cannot_ask(const Ctl *ctl, int r); /* a request that could not be put together */
int ctl_unreadable(const Ctl *ctl, int r); /* an answer that could not be read */
void ctl_error(const Ctl *ctl, const char *name, const char *message);

/*
 * The sentence of a refusal with the daemon's word for an option as it is typed: "or start with --switch".
 * What names none stays as it is. The caller's; NULL without memory.
 */
char *ctl_spell_option(const char *error, const char *message);

/* Sends a request that is answered with the id of what it made. 0, or what to exit with. */
int ctl_send_for_id(const Ctl *ctl, sd_bus_message *message, uint64_t *ret_id);

/* A text of somebody's, made safe for a terminal; NULL becomes "". The caller's; "" without memory. */
char *ctl_text(const char *text);

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

/* A table on standard output, or where it is empty a sentence instead; NULL: its headings all the same. */
void ctl_table(const Ctl *ctl, const Table *table, const char *none);

/* A setting that is a text, which lives as long as the reply. 0, or what to exit with. */
int ctl_setting(const Ctl *ctl, const char *name, sd_bus_message **ret_reply, const char **ret_text);
/* When a day begins, in seconds after midnight. 0, or what to exit with. */
int ctl_day_start(const Ctl *ctl, uint32_t *ret_sec);

/*
 * Times that are typed or shown without an offset are in the zone of the user's settings, if one is set:
 * from here on it is the zone of this process. 0, or what to exit with.
 */
int ctl_use_zone(Ctl *ctl);

/* Checks a text before it is sent, since a bus drops who sends what is not UTF-8. 0, or what to exit with. */
int ctl_check_text(const Ctl *ctl, const char *what, const char *text, size_t max_bytes);

/* Reads a duration that was typed. 0, or what to exit with. */
int ctl_duration(const Ctl *ctl, const char *text, uint64_t *ret_usec);
/* Reads an id that was typed: of "a task" or "a focus". 0, or what to exit with. */
int ctl_id(const Ctl *ctl, const char *what, const char *text, uint64_t *ret_id);
/* A first word that is no argument of the verb, for the reason in the sentence: perhaps it was a verb below
 * it. What to exit with. */
int ctl_no_argument(const Ctl *ctl, const char *word, const char *sentence);
