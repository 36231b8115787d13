/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/given.h"

#include <stdlib.h>

#include "clients/lib/memory.h"

static void notes_forget(Given *given) {
        for (size_t i = 0; i < given->n_notes; i++)
                free(given->notes[i].sentence);
        free(steal(given->notes));
        given->n_notes = 0;
}

static void own_free(Values **values) {
        values_free(*values);
}

static void remember(Given *given, const HeldList *list, Wanted *wanted) {
        notes_forget(given);
        given->notes = steal(wanted->notes);
        given->n_notes = wanted->n_notes;
        wanted->n_notes = 0;
        free(given->claims);
        given->claims = memory_new(GivenClaim, list->n);
        given->n = list->n;
        for (size_t i = 0; i < list->n; i++)
                given->claims[i] = (GivenClaim){ list->claims[i]->uid, list->claims[i]->id };
}

int given_apply(Given *given, void *plugin_state, const HeldList *list, const HeldPairs *held_standing,
                bool alone, uint32_t reason) {
        cleanup_(own_free) Values *own = NULL;
        cleanup_(wanted_freep) Wanted *wanted = NULL;
        int r = given->standing ? 0 : wanted_standing(given->plugin, held_standing, &own);

        if (r >= 0)
                r = wanted_make(given->plugin, given->state, list, given->standing ?: own, &wanted);
        if (r < 0)
                return r;
        remember(given, list, wanted);
        wanted->desired.generation = ++given->generation;
        wanted->desired.reason = reason;
        wanted->desired.flags = alone ? POMO_ALONE : 0;
        calls_explain_anew(given->calls);
        return guard_apply(given->guard, plugin_state, &wanted->desired);
}

void given_none(Given *given) {
        given->n = 0;
}

static bool is_given(const Given *given, uint32_t uid, uint64_t id) {
        for (size_t i = 0; i < given->n; i++)
                if (given->claims[i].uid == uid && given->claims[i].id == id)
                        return true;
        return false;
}

CallsClaim *given_claims(const Given *given, size_t *ret_n) {
        size_t n_explained, n = 0;
        const CallsClaim *explained = calls_claims(given->calls, &n_explained);
        CallsClaim *claims = memory_new(CallsClaim, n_explained + given->n_notes);

        for (size_t i = 0; i < n_explained; i++)
                if (is_given(given, explained[i].uid, explained[i].id))
                        claims[n++] = explained[i];
        for (size_t i = 0; i < given->n_notes; i++)
                claims[n++] = (CallsClaim){ given->notes[i].uid, given->notes[i].id,
                        given->notes[i].sentence };
        *ret_n = n;
        return claims;
}

void given_clear(Given *given) {
        notes_forget(given);
        free(steal(given->claims));
        given->n = 0;
}
