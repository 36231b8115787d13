/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What is held, as a plugin is given it. */

#include "common/cleanup.h"
#include "plugins/host/held.h"
#include "plugins/host/state.h"
#include "plugins/host/values.h"

typedef struct WantedNote { /* what of one claim could not be given */
        uint32_t uid;
        uint64_t id;
        char *sentence;
} WantedNote;

typedef struct Wanted {
        PomoDesired desired; /* generation, reason and flags are the caller's to set */
        PomoClaim *claims;
        const PomoClaim **list;
        Values **values; /* of each claim */
        size_t n;
        WantedNote *notes;
        size_t n_notes;
} Wanted;

/* list and standing must last as long; state has the lists that claims name. 0, or a negative errno. */
int wanted_make(const Plugin *plugin, State *state, const HeldList *list, const Values *standing,
                Wanted **ret_wanted);

/* The standing settings of a session's plugin, for wanted_make(); what is left out is said in the journal.
 * The plugin must outlive them; values_free(). 0 or a negative errno. */
int wanted_standing(const Plugin *plugin, const HeldPairs *pairs, Values **ret_standing);

Wanted *wanted_free(Wanted *wanted); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Wanted *, wanted_free);
