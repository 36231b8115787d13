/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What a host has before its loop: places, the lock and what is held, why the process before it ended, and
 * the plugin. */

#include <stdbool.h>

#include "plugins/host/guard.h"
#include "plugins/host/held.h"
#include "plugins/host/places.h"
#include "plugins/host/state.h"
#include "plugins/host/table.h"

typedef struct Start {
        const char *name;
        bool system; /* it acts on the whole computer */
        Places places;
        State *state;
        Held held;
        Guard *guard;
        Plugin *plugin;      /* NULL: not loaded */
        char *version;       /* as its NAME.json says before it is loaded; NULL: it does not */
        char *stale;         /* a sentence: NAME.json does not fit the plugin; NULL: nothing is wrong */
        char *failure;       /* why the process before this one ended; NULL: as it should */
        unsigned n_failures; /* in a row, of processes that ended by themselves */
        char suffix[32];     /* of the sentence that this process leaves, should it end */
} Start;

/*
 * All before its state; at a terminal there has to be such a plugin. bus: as it was typed, NULL: not. Limits
 * are taken before any descriptor is opened, and signals blocked before there is a thread. 0, or a negative
 * errno with a sentence. start_clear() in any case.
 */
int start_begin(Start *start, const char *name, const char *bus, PlacesFunc places, char **ret_sentence);
/* The lock, and what is held; it may be tried again. 0, or a negative errno with a sentence; -EBUSY: another
 * host has the lock; -EINTR without a sentence: a signal asked for its end. */
int start_state(Start *start, char **ret_sentence);
/* Finds and loads it, and may be tried again. 0, or a negative errno with a sentence. */
int start_load(Start *start, char **ret_sentence);
/* How long to wait before it is loaded, where it ended processes before. */
uint64_t start_delay_usec(const Start *start);
/* It has worked for a while: the next failure is the first of its row. */
void start_calm(Start *start);
void start_clear(Start *start);
