/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which names are to be blocked, worked out once for all backends. Pure. A name is blocked if a claim blocks
 * it that does not itself except it; what a claim excepts stays open with all below it, as far as that claim
 * goes.
 */

#include <glib.h>
#include <pomo-plugin.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/cleanup.h"
#include "plugins/sites/never.h"
#include "plugins/sites/pins.h"

#define WANTED_NAMES 20000u /* that are taken in all: each one more makes every lookup of a name slower */

typedef struct WantedName {
        const char *name; /* an A-label, in small letters */
        bool own;         /* written in a profile, and not by an @list */
        uint32_t uid;     /* who wants it; of several, one of them */
        bool below;       /* names below it are blocked, too: false where one of them must stay open */
        bool added;       /* www. or m. of a name, which nobody wrote */
} WantedName;

typedef struct Wanted {
        GPtrArray *names; /* of WantedName, in order of preference, no name twice: users' own, each with its
                             www. and m., round-robin between users; those of lists, likewise; www. and m. of
                             these. WANTED_NAMES at most */
        GHashTable *by_name; /* the same */
        struct WantedClaim *claims;
        guint n_claims;
        const Never *never;
} Wanted;

/* desired, never and pins must last as long. */
Wanted *wanted_new(const PomoDesired *desired, const Never *never);
/* The same; a claim that has a pin is blocked what root keeps open by now, but did not when it engaged. */
Wanted *wanted_new_pinned(const PomoDesired *desired, const Never *never, const Pins *pins);
Wanted *wanted_free(Wanted *wanted); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Wanted *, wanted_free);

typedef void (*WantedFunc)(uint32_t uid, uint64_t id, const char *sentence, void *data);

/* Of each claim whose names are not all blocked since some are never: which, and why. */
void wanted_each_left_out(const Wanted *wanted, WantedFunc func, void *data);
/* Of each claim that blocks names which root keeps open by now: which. */
void wanted_each_pinned(const Wanted *wanted, WantedFunc func, void *data);
/*
 * Of each claim that wants names which are not in taken (keys: names): how many and which, as "3 names
 * (a.example, b.example, c.example)". What is never blocked is none of them, nor what nobody wrote.
 */
void wanted_each_missing(const Wanted *wanted, GHashTable *taken, WantedFunc func, void *data);
