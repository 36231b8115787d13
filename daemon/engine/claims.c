/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/claims.h"

#include <assert.h>
#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/enforce.h"
#include "daemon/engine/grants.h"
#include "daemon/engine/outbox.h"

void user_claims_done(User *user) {
        if (user->focus.claims)
                g_array_unref(user->focus.claims);
        user->focus.claims = NULL;
        g_clear_pointer(&user->focus.reports, g_ptr_array_unref);
        g_clear_pointer(&user->focus.absences, g_hash_table_unref);
        g_clear_pointer(&user->focus.told_failures, g_hash_table_unref);
        g_clear_pointer(&user->focus.shortfalls, g_ptr_array_unref);
        g_clear_pointer(&user->focus.not_enforced, g_free);
}

bool user_claims_any(const User *user) {
        return user->focus.claims && user->focus.claims->len > 0;
}

/* ---- loading ---- */

static int is_on_record(User *user, const Claim *claim) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        const ClaimQuery query = {
                .span = { claim->engaged_real_usec, claim->engaged_real_usec + 1 },
        };
        Claim found;
        int r;

        r = store_claims_read(user->store, &query, &cursor);
        while (r >= 0 && (r = store_claims_next(cursor, &found)) > 0) {
                const bool same = found.id == claim->id;

                claim_done(&found);
                if (same)
                        return 1;
        }
        return r;
}

/*
 * A store that could not be read any more knows nothing of what is in force: we do, and it stays so. Of a
 * claim that it knows, it knows the newest.
 */
static int keep_unknown(User *user, GArray *claims) {
        const GArray *had = user->focus.claims;

        for (guint i = 0; had && i < had->len; i++) {
                const Claim *claim = &g_array_index(had, Claim, i);
                int r = is_on_record(user, claim);

                if (r < 0)
                        return r;
                if (r > 0)
                        continue;
                claim_array_put(claims, claim);
                user_outbox_add_claim(user, claim, 0);
        }
        return 0;
}

static void drop(GArray *claims, int64_t id) {
        for (guint i = 0; i < claims->len; i++)
                if (g_array_index(claims, Claim, i).id == id) {
                        g_array_remove_index(claims, i);
                        return;
                }
}

static void adopt(GArray *claims, const Claim *claim) {
        if (claim->state == CLAIM_IN_FORCE)
                claim_array_put(claims, claim);
        else
                drop(claims, claim->id);
}

static void adopt_waiting(const Claim *claim, void *userdata) {
        adopt(userdata, claim);
}

/* One that engaged when nobody had to be asked, or before its plugin was installed. */
static void note_lacking(User *user) {
        const Consent *consent = user_grants_consent(user);
        const GArray *claims = user->focus.claims;

        for (guint i = 0; consent && i < claims->len; i++) {
                Claim *claim = &g_array_index(claims, Claim, i);
                ConsentItems items;

                if (claim->failure)
                        continue;
                items = consent_items_copied(consent, &claim->profile, claim->lists, claim->granted);
                if (items.left->len > 0) {
                        claim->failure = consent_failure(items.plugin, claim->profile.name, items.left);
                        user_outbox_add_claim(user, claim, user->engine->now.boot_usec + OUTBOX_FIRST_USEC);
                }
                consent_items_done(&items);
        }
}

int user_claims_load(User *user) {
        Focus *focus = &user->focus;
        GArray *claims = claim_array_new();
        int64_t next_id = 1;
        int r;

        assert(user->store);
        r = store_claims_load(user->store, claims, &next_id);
        if (r == 0)
                r = store_synchronised_boot_load(user->store, focus->synchronised_boot);
        if (r == 0)
                r = keep_unknown(user, claims);
        if (r < 0) {
                g_array_unref(claims);
                return r;
        }
        if (focus->claims)
                g_array_unref(focus->claims);
        focus->claims = claims;
        focus->next_id = MAX(next_id, focus->next_id);
        focus->attendance_usec = 0;
        focus->generation = ++user->engine->generation;
        user_outbox_each_claim(user, adopt_waiting, claims);
        note_lacking(user);
        (void) user_enforce_look(user);
        return 0;
}

/* ---- what becomes of them ---- */

static int engaged_before(const char *rule, Date date, uint32_t start_sec, void *userdata) {
        User *user = userdata;

        if (user_outbox_has_engaged(user, rule, date, start_sec))
                return 1;
        return store_claim_engaged_before(user->store, rule, date, start_sec);
}

void user_claims_env(User *user, FocusEnv *ret_env) {
        const bool ruled = user->rules.rules->len > 0;

        *ret_env = (FocusEnv){
                .now = user->engine->now,
                .synchronised = strcmp(user->focus.synchronised_boot, user->engine->now.boot_id) == 0,
                .calendar = ruled ? user_calendar(user) : NULL,
                .schedule = ruled ? user_calendar_schedule(user) : NULL,
                .rules = &user->rules,
                .lists = user->lists,
                .consent = user_grants_consent(user),
                .running = &user->machine.running,
                .was_break = user->focus.was_break,
                .next_id = user->focus.next_id,
                .engaged_before = engaged_before,
                .userdata = user,
        };
}

bool user_claims_are_told(const User *user, const FocusChange *change) {
        if (change->desired)
                return true;
        for (guint i = 0; i < change->claims->len; i++) {
                const Claim *claim = &g_array_index(change->claims, Claim, i);

                if (claim->state != CLAIM_IN_FORCE || !claim_array_find(user->focus.claims, claim->id))
                        return true;
        }
        return false;
}

void user_claims_adopt(User *user, const FocusChange *change) {
        Focus *focus = &user->focus;

        assert(focus->claims);
        for (guint i = 0; i < change->claims->len; i++)
                adopt(focus->claims, &g_array_index(change->claims, Claim, i));
        focus->next_id = change->next_id;
        focus->attendance_usec = 0;
        if (!change->desired)
                return;
        focus->generation = ++user->engine->generation;
}

static void note(User *user, Claim *claim, const char *failure, uint64_t delay_usec) {
        if (g_strcmp0(claim->failure, failure) == 0)
                return;
        free(claim->failure);
        claim->failure = g_strdup(failure);
        user_outbox_add_claim(user, claim, user->engine->now.boot_usec + delay_usec);
}

static bool concerns(const User *user, const Claim *claim, const char *plugin) {
        return claim_in_force(claim, &user->engine->now) && claim_names_plugin(claim, plugin);
}

/* What a hand lifted is more than what went wrong after it, and that more than what holds in part. */
static bool is_outdone(const Claim *claim, ClaimFailureKind kind) {
        if (!claim->failure)
                return true;
        if (claim_failure_kind(claim) == CLAIM_LIFTED_BY_HAND)
                return kind == CLAIM_LIFTED_BY_HAND;
        return kind != CLAIM_HOLDS_IN_PART || claim_failure_kind(claim) == CLAIM_HOLDS_IN_PART;
}

/*
 * Once for all that was said meanwhile, and what replaces a failure that is on record much later: a plugin
 * that fails all the time delays nobody.
 */
void user_claims_note_failure(
                User *user, ClaimFailureKind kind, const char *plugin, const char *message, int64_t id) {
        cleanup_free_ char *failure = claim_failure_make(kind, plugin, message);
        const GArray *claims = user->focus.claims;
        const bool by_hand = kind == CLAIM_LIFTED_BY_HAND;

        for (guint i = 0; claims && i < claims->len; i++) {
                Claim *claim = &g_array_index(claims, Claim, i);

                if ((id == 0 || claim->id == id) && concerns(user, claim, plugin) && is_outdone(claim, kind))
                        note(user, claim, failure,
                                        claim->failure && !by_hand ? OUTBOX_LAST_USEC : OUTBOX_FIRST_USEC);
        }
}

/* ---- the record ---- */

/* A record that says less than what is known by now: not stored yet, or over by a clock that is not trusted
 * yet. */
static int show(User *user, const Claim *recorded, ClaimFunc func, void *userdata) {
        const Claim *claim = user_outbox_find_claim(user, recorded->id) ?: recorded;
        const Now *now = &user->engine->now;
        cleanup_(claim_done) Claim over = {};

        if (claim->state != CLAIM_IN_FORCE || claim_in_force(claim, now))
                return func(claim, userdata);
        over = claim_copy(claim);
        over.state = CLAIM_ENDED;
        over.ended_real_usec = MIN(claim->until_real_usec, now->real_usec);
        return func(&over, userdata);
}

int user_claims_each_recorded(User *user, const ClaimQuery *query, ClaimFunc func, void *userdata) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        Claim claim;
        int r;

        assert(user->store);
        r = store_claims_read(user->store, query, &cursor);
        while (r >= 0 && (r = store_claims_next(cursor, &claim)) > 0) {
                r = show(user, &claim, func, userdata);
                claim_done(&claim);
                if (r != 0)
                        return r;
        }
        return r;
}
