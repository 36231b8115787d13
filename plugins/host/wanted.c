/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/wanted.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "plugins/host/note.h"

/* What one user may take of the memory that all share. The claims of a user follow one another, the oldest
 * first: what is given of one is not less for those that come after it. */
typedef struct Budget {
        uint32_t uid;
        size_t n_names; /* that are left */
        bool spent;     /* a list was too large for it: none is looked at any more */
} Budget;

/* The texts of lists stay until the values of their claim are made. */
typedef struct Lists {
        State *state;
        const HeldClaim *claim;
        Budget *budget;
        char **texts;
        size_t n, n_allocated;
} Lists;

static bool take_names(Budget *budget, const char *text) {
        size_t n = 0;

        for (; *text; text++)
                n += *text == '\n';
        budget->spent = n > budget->n_names;
        if (!budget->spent)
                budget->n_names -= n;
        return !budget->spent;
}

static int find_list(const char *list, void *userdata, const char **ret_text) {
        Lists *lists = userdata;
        const char *digest = held_pairs_get(&lists->claim->lists, list);
        char *text;
        int r;

        if (lists->budget->spent)
                return -E2BIG;
        r = digest ? state_get_list(lists->state, digest, &text) : -ENOENT;
        if (r < 0)
                return r;
        lists->texts = memory_reserve(lists->texts, lists->n + 1, &lists->n_allocated, sizeof(char *));
        lists->texts[lists->n++] = text;
        if (!take_names(lists->budget, text))
                return -E2BIG;
        *ret_text = text;
        return 0;
}

static void lists_clear(Lists *lists) {
        for (size_t i = 0; i < lists->n; i++)
                free(lists->texts[i]);
        free(lists->texts);
}

static int make_values(const Plugin *plugin, Lists *lists, Values **ret_values, char **ret_sentence) {
        cleanup_free_ const char **pairs = held_pairs_texts(&lists->claim->settings);

        return values_make(plugin, false, pairs, find_list, lists, ret_values, ret_sentence);
}

static int add_claim(
                Wanted *wanted, const Plugin *plugin, State *state, const HeldClaim *claim, Budget *budget) {
        cleanup_(lists_clear) Lists lists = { .state = state, .claim = claim, .budget = budget };
        cleanup_free_ char *sentence = NULL;
        size_t i = wanted->n;
        int r;

        if (i == 0 || claim->uid != budget->uid)
                *budget = (Budget){ .uid = claim->uid, .n_names = CAP_GIVEN_LIST_NAMES };
        r = make_values(plugin, &lists, &wanted->values[i], &sentence);
        if (r < 0)
                return r;
        wanted->n++;
        if (sentence)
                wanted->notes[wanted->n_notes++] = (WantedNote){ claim->uid, claim->id, steal(sentence) };
        wanted->claims[i] = (PomoClaim){
                .size = sizeof(PomoClaim),
                .uid = claim->uid,
                .id = claim->id,
                .until_boottime_usec = claim->end.boottime_usec,
                .profile = claim->profile,
                .lock = claim->lock,
                .source = claim->source,
                .values = wanted->values[i]->list,
                .n_values = wanted->values[i]->n,
        };
        wanted->list[i] = &wanted->claims[i];
        return 0;
}

int wanted_make(const Plugin *plugin, State *state, const HeldList *list, const Values *standing,
                Wanted **ret_wanted) {
        cleanup_(wanted_freep) Wanted *wanted = memory_new(Wanted, 1);
        Budget budget = {};
        int r = 0;

        wanted->claims = memory_new(PomoClaim, list->n);
        wanted->list = memory_new(const PomoClaim *, list->n + 1);
        wanted->values = memory_new(Values *, list->n);
        wanted->notes = memory_new(WantedNote, list->n);
        for (size_t i = 0; r >= 0 && i < list->n; i++)
                r = add_claim(wanted, plugin, state, list->claims[i], &budget);
        if (r < 0)
                return r;
        wanted->desired = (PomoDesired){
                .size = sizeof(PomoDesired),
                .claims = wanted->list,
                .n_claims = wanted->n,
                .standing = standing->list,
                .n_standing = standing->n,
        };
        *ret_wanted = steal(wanted);
        return 0;
}

int wanted_standing(const Plugin *plugin, const HeldPairs *pairs, Values **ret_standing) {
        cleanup_free_ const char **texts = held_pairs_texts(pairs);
        cleanup_free_ char *sentence = NULL;
        int r = values_make(plugin, true, texts, NULL, NULL, ret_standing, &sentence);

        if (sentence)
                note_warning("%s", sentence);
        return r < 0 ? r : 0;
}

Wanted *wanted_free(Wanted *wanted) {
        if (!wanted)
                return NULL;
        for (size_t i = 0; i < wanted->n; i++)
                values_free(wanted->values[i]);
        for (size_t i = 0; i < wanted->n_notes; i++)
                free(wanted->notes[i].sentence);
        free(wanted->claims);
        free(wanted->list);
        free(wanted->values);
        free(wanted->notes);
        free(wanted);
        return NULL;
}
