/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What became of claims, windows and office days, as events with a sentence that a person can be shown as it
 * is: clients of a session (a notification, a bell) tell it, and need not ask what it was about.
 */

#include <glib.h>
#include <stdint.h>

#include "daemon/core/focus.h"

#define TOLD_MAX 8u /* events that one change makes at most: of one kind they are told together */

typedef struct Told {
        HappeningType type;
        int64_t claim;                    /* the first that it is about; 0 none */
        char subject[CAP_RULE_BYTES + 1]; /* the name of the profile, rule or plugin */
        const char *word;                 /* "kept", "broken" or "not-enforced" of an office day; else "" */
        char *message;                    /* owned */
} Told;
void told_done(Told *told, unsigned n);

/* Of claims as they were before a change. Returns how many. */
unsigned told_of_claims(const GArray *before, const FocusChange *change, const Now *now, GTimeZone *zone,
                Told told[TOLD_MAX]);
/* Of a window that was left (its rule; empty: none), and the one that was entered, if there is one. */
unsigned told_of_windows(const char *left, const Schedule *entered, const Now *now, GTimeZone *zone,
                Told told[TOLD_MAX]);
/* Of a plugin that failed (message: why; may be empty), or works again. */
void told_of_plugin(const char *plugin, bool failed, const char *message, Told *ret_told);

/* As a happening, whose texts are the told's. */
Happening told_happening(const Told *told, const Now *now);
