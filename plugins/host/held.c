/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/held.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/timestamp.h"
#include "plugins/host/held-clocks.h"
#include "plugins/host/sentence.h"

/* ---- making one ---- */

void held_text(char **text, const char *value) {
        char *copy = memory_copy(value);

        free(*text);
        *text = copy;
}

void held_pairs_add(HeldPairs *pairs, const char *key, const char *text) {
        assert(key && text);
        pairs->list = memory_reserve(pairs->list, pairs->n + 1, &pairs->n_allocated, sizeof(*pairs->list));
        pairs->list[pairs->n++] = (HeldPair){ memory_copy(key), memory_copy(text) };
}

const char *held_pairs_get(const HeldPairs *pairs, const char *key) {
        for (size_t i = 0; i < pairs->n; i++)
                if (strcmp(pairs->list[i].key, key) == 0)
                        return pairs->list[i].text;
        return NULL;
}

void held_pairs_drop(HeldPairs *pairs, const char *text) {
        size_t n = 0;

        for (size_t i = 0; i < pairs->n; i++)
                if (strcmp(pairs->list[i].text, text) == 0) {
                        free(pairs->list[i].key);
                        free(pairs->list[i].text);
                } else
                        pairs->list[n++] = pairs->list[i];
        pairs->n = n;
}

void held_pairs_clear(HeldPairs *pairs) {
        for (size_t i = 0; i < pairs->n; i++) {
                free(pairs->list[i].key);
                free(pairs->list[i].text);
        }
        free(pairs->list);
        *pairs = (HeldPairs){};
}

const char **held_pairs_texts(const HeldPairs *pairs) {
        const char **texts = memory_new(const char *, 2 * pairs->n + 1);

        for (size_t i = 0; i < pairs->n; i++) {
                texts[2 * i] = pairs->list[i].key;
                texts[2 * i + 1] = pairs->list[i].text;
        }
        return texts;
}

static bool pairs_equal(const HeldPairs *a, const HeldPairs *b) {
        if (a->n != b->n)
                return false;
        for (size_t i = 0; i < a->n; i++)
                if (strcmp(a->list[i].key, b->list[i].key) != 0 ||
                                strcmp(a->list[i].text, b->list[i].text) != 0)
                        return false;
        return true;
}

static void claim_clear(HeldClaim *claim) {
        free(claim->profile);
        free(claim->lock);
        free(claim->source);
        held_pairs_clear(&claim->settings);
        held_pairs_clear(&claim->lists);
        *claim = (HeldClaim){};
}

/* Where it is, or has to be put. */
static size_t claim_place(const HeldClaims *claims, uint32_t uid, uint64_t id) {
        size_t low = 0, high = claims->n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const HeldClaim *claim = &claims->list[middle];

                if (claim->uid < uid || (claim->uid == uid && claim->id < id))
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

HeldClaim *held_claims_find(const HeldClaims *claims, uint32_t uid, uint64_t id) {
        size_t place = claim_place(claims, uid, id);
        HeldClaim *claim = place < claims->n ? &claims->list[place] : NULL;

        return claim && claim->uid == uid && claim->id == id ? claim : NULL;
}

HeldClaim *held_claims_add(HeldClaims *claims, uint32_t uid, uint64_t id) {
        HeldClaim *found = held_claims_find(claims, uid, id);
        size_t place;

        if (found)
                return found;
        place = claim_place(claims, uid, id);
        claims->list = memory_reserve(
                        claims->list, claims->n + 1, &claims->n_allocated, sizeof(*claims->list));
        memmove(&claims->list[place + 1], &claims->list[place], (claims->n - place) * sizeof(*claims->list));
        claims->n++;
        claims->list[place] = (HeldClaim){
                .uid = uid,
                .id = id,
                .profile = memory_copy(""),
                .lock = memory_copy(""),
                .source = memory_copy(""),
        };
        return &claims->list[place];
}

void held_claims_clear(HeldClaims *claims) {
        for (size_t i = 0; i < claims->n; i++)
                claim_clear(&claims->list[i]);
        free(claims->list);
        *claims = (HeldClaims){};
}

void held_init(Held *held) {
        *held = (Held){ .bus = memory_copy(""), .store = memory_copy("") };
}

void held_clear(Held *held) {
        free(held->bus);
        free(held->store);
        held_pairs_clear(&held->standing);
        held_claims_clear(&held->claims);
        *held = (Held){};
}

/* ---- pomod's word ---- */

static bool claim_equal(const HeldClaim *a, const HeldClaim *b) {
        return strcmp(a->profile, b->profile) == 0 && strcmp(a->lock, b->lock) == 0 &&
               strcmp(a->source, b->source) == 0 && a->end.boottime_usec == b->end.boottime_usec &&
               a->end.realtime_usec == b->end.realtime_usec && a->end.length_usec == b->end.length_usec &&
               a->end.firm == b->end.firm && a->end.carried == b->end.carried &&
               a->end.suspended == b->end.suspended && a->release_boottime_usec == b->release_boottime_usec &&
               a->rests_until_boottime_usec == b->rests_until_boottime_usec && a->gone == b->gone &&
               pairs_equal(&a->settings, &b->settings) && pairs_equal(&a->lists, &b->lists);
}

static bool is_unknown(const HeldAnswer *answer, uint32_t uid) {
        for (size_t i = 0; i < answer->n_unknown; i++)
                if (answer->unknown[i] == uid)
                        return true;
        return false;
}

/* true: something changed. */
static bool mark_gone(HeldClaims *claims, const HeldAnswer *answer) {
        bool changed = false;

        for (size_t i = 0; i < claims->n; i++) {
                HeldClaim *claim = &claims->list[i];

                if (claim->gone || is_unknown(answer, claim->uid) ||
                                held_claims_find(&answer->claims, claim->uid, claim->id))
                        continue;
                claim->gone = changed = true;
        }
        return changed;
}

/* Takes the claim; what this process knows of the world stays. */
static bool take_claim(HeldClaims *claims, HeldClaim *from) {
        HeldClaim *claim = held_claims_add(claims, from->uid, from->id), taken = *from;

        *from = (HeldClaim){};
        if (claim_equal(claim, &taken)) {
                claim_clear(&taken);
                return false;
        }
        taken.applied = claim->applied;
        taken.given = taken.over = false;
        claim_clear(claim);
        *claim = taken;
        return true;
}

int held_merge(Held *held, HeldAnswer *answer) {
        bool changed = false;

        if (answer->same_run && answer->generation < held->generation)
                return -ESTALE;
        held->generation = answer->generation;
        changed = held->other_boot;
        held->other_boot = false;
        if (answer->pomod_boot_id)
                snprintf(held->pomod_boot_id, sizeof(held->pomod_boot_id), "%s", answer->pomod_boot_id);
        changed |= mark_gone(&held->claims, answer);
        for (size_t i = 0; i < answer->claims.n; i++)
                changed |= take_claim(&held->claims, &answer->claims.list[i]);
        free(answer->claims.list);
        answer->claims = (HeldClaims){};
        if (!pairs_equal(&held->standing, &answer->standing)) {
                held_pairs_clear(&held->standing);
                held->standing = answer->standing;
                answer->standing = (HeldPairs){};
                changed = true;
        }
        held_pairs_clear(&answer->standing);
        /* Of users of whom pomod cannot speak either, what was legible stays: more cannot be known. Nobody
         * else waits for them. */
        if (held->unread.length_usec != 0) {
                held->unread = (HeldEnd){};
                changed = true;
        }
        held->changes += changed;
        return changed;
}

/* FOLDER#NUMBER; an older pomod said the folder alone. */
static bool is_same_store(const char *a, const char *b) {
        const char *a_number = strrchr(a, '#'), *b_number = strrchr(b, '#');
        const size_t a_size = a_number ? (size_t) (a_number - a) : strlen(a),
                     b_size = b_number ? (size_t) (b_number - b) : strlen(b);

        if (a_number && b_number)
                return strcmp(a, b) == 0;
        return a_size == b_size && memcmp(a, b, a_size) == 0;
}

int held_adopt(Held *held, const char *bus, const char *store, const HeldNow *now, char **ret_sentence) {
        /* A session has another bus with each login, and the same store. */
        const bool same = *held->store && *store ? is_same_store(held->store, store)
                                                 : strcmp(held->bus, bus) == 0,
                   known = *held->bus;

        for (size_t i = 0; known && !same && i < held->claims.n; i++) {
                const HeldClaim *claim = &held->claims.list[i];
                char until[TIMESTAMP_TEXT_MAX];

                if (held_claim_is_over(claim, now))
                        continue;
                timestamp_format_utc(claim->end.realtime_usec, until);
                return sentence_set(ret_sentence, -EXDEV,
                                "it still holds \"%s\" until %s, which pomod on %s (%s) said, and this is %s (%s): use that one until then, or release it",
                                claim->profile, until, held->bus,
                                *held->store ? held->store : "its own store", bus,
                                *store ? store : "its own store");
        }
        held_text(&held->bus, bus);
        if (*store || !same)
                held_text(&held->store, store);
        return 0;
}

/* ---- the world ---- */

bool held_has_ended(const Held *held, const HeldNow *now) {
        if (held->unread.length_usec != 0)
                return held_unread_is_over(held, now);
        for (size_t i = 0; i < held->claims.n; i++)
                if (held_claim_is_over(&held->claims.list[i], now))
                        return true;
        return false;
}

HeldTodo held_todo(const Held *held, const HeldNow *now) {
        bool any = false, differs = held->changes != held->applied;

        for (size_t i = 0; i < held->claims.n; i++) {
                const HeldClaim *claim = &held->claims.list[i];
                const bool holds = held_claim_holds(claim, now);

                any |= holds;
                differs |= holds != claim->applied || held_claim_is_over(claim, now);
        }
        if (held->unread.length_usec != 0) {
                if (!held_unread_is_over(held, now))
                        return HELD_WAIT;
                return any ? HELD_APPLY : HELD_RELEASE;
        }
        return differs ? HELD_APPLY : HELD_NOTHING;
}

void held_apply_list(Held *held, const HeldNow *now, HeldList *ret_list) {
        HeldList list = { memory_new(const HeldClaim *, held->claims.n), 0 };

        for (size_t i = 0; i < held->claims.n; i++) {
                HeldClaim *claim = &held->claims.list[i];

                claim->over = held_claim_is_over(claim, now);
                claim->given = held_claim_holds(claim, now);
                if (claim->given)
                        list.claims[list.n++] = claim;
        }
        held->given = held->changes;
        *ret_list = list;
}

void held_list_clear(HeldList *list) {
        free(list->claims);
        *list = (HeldList){};
}

/* true: there were some. */
static bool drop_over(HeldClaims *claims) {
        size_t n = 0;
        bool any;

        for (size_t i = 0; i < claims->n; i++) {
                if (claims->list[i].over)
                        claim_clear(&claims->list[i]);
                else
                        claims->list[n++] = claims->list[i];
        }
        any = n < claims->n;
        claims->n = n;
        return any;
}

bool held_applied(Held *held) {
        bool changed = held->unread.length_usec != 0;

        for (size_t i = 0; i < held->claims.n; i++)
                held->claims.list[i].applied = held->claims.list[i].given;
        changed |= drop_over(&held->claims);
        held->unread = (HeldEnd){};
        held->applied = held->given;
        return changed;
}

bool held_released(Held *held) {
        const bool changed = held->unread.length_usec != 0;

        for (size_t i = 0; i < held->claims.n; i++)
                held->claims.list[i].applied = false;
        held->unread = (HeldEnd){};
        held->changes++;
        return changed;
}

void held_forget(Held *held) {
        held_claims_clear(&held->claims);
        held->unread = (HeldEnd){};
        held->changes++;
}
