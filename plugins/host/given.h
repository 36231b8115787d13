/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the last apply() of a plugin was given, and so which claims something can be said of: what the host
 * could not give of one, and what the plugin explained of those that it was given.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plugins/host/calls.h"
#include "plugins/host/guard.h"
#include "plugins/host/held.h"
#include "plugins/host/state.h"
#include "plugins/host/values.h"
#include "plugins/host/wanted.h"

typedef struct GivenClaim {
        uint32_t uid;
        uint64_t id;
} GivenClaim;

/* What the caller sets must last as long. The rest is zero at first, and given_clear() gives it back. */
typedef struct Given {
        Guard *guard;
        const Plugin *plugin;
        State *state; /* has the lists that claims name */
        Calls *calls;
        const Values *standing; /* of a system plugin; NULL: they are the session's, which are held */

        uint64_t generation; /* of the last apply() */
        GivenClaim *claims;
        size_t n;
        WantedNote *notes;
        size_t n_notes;
} Given;

/*
 * apply() of the plugin, which is open. held_standing: of a session. alone: pomod does not answer. reason: as
 * of PomoReason. What apply() returned, POMO_LATER too; or a negative errno, by which nothing was called and
 * the last one is as it was.
 */
int given_apply(Given *given, void *plugin_state, const HeldList *list, const HeldPairs *held_standing,
                bool alone, uint32_t reason);
/* release() is next: the plugin has no claim any more. */
void given_none(Given *given);

/* Claims of which something is to be said; the array is the caller's, its texts are not and last until the
 * next call of the plugin. */
CallsClaim *given_claims(const Given *given, size_t *ret_n);

void given_clear(Given *given);
