/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What people ask of focus: to engage, to release, to take a release back. */

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "common/duration.h"
#include "common/text.h"
#include "daemon/core/focus-private.h"
#include "daemon/core/presets.h"

static int check_lock(LockKind lock, uint64_t delay_usec, Refusal *ret_refusal) {
        char delay[DURATION_TEXT_MAX];

        if (lock == LOCK_DELAY && (delay_usec < USEC_PER_SEC || delay_usec > USEC_PER_DAY))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the wait of a delay lock is %s; it can be 1s to 24h, as in delay 10m",
                                duration_format(delay_usec, delay));
        return 0;
}

int focus_engage(const GArray *claims, const FocusEnv *env, const char *profile, uint64_t length_usec,
                LockKind lock, uint64_t lock_delay_usec, FocusChange *ret_change, Refusal *ret_refusal) {
        const Profile *found = rule_set_find_profile(env->rules, profile);
        char length[DURATION_TEXT_MAX];
        unsigned by_hand = 0;
        Claim claim;
        int r;

        if (!found)
                return presets_refuse_profile(profile, ret_refusal);
        if (length_usec < FOCUS_LENGTH_MIN_USEC || length_usec > FOCUS_LENGTH_MAX_USEC)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "%s is no time to focus; it can be 1s to 168h, which are 7 days",
                                duration_format(length_usec, length));
        r = check_lock(lock, lock_delay_usec, ret_refusal);
        if (r != 0)
                return r;
        for (guint i = 0; i < claims->len; i++)
                by_hand += g_array_index(claims, Claim, i).source == CLAIM_BY_USER;
        if (by_hand >= CAP_CLAIMS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u claims made by hand are in force, the most there can be", by_hand);
        r = focus_share_check(claims, &env->now, found, env->lists, ret_refusal);
        if (r != 0)
                return r;
        claim = claim_new(env, CLAIM_BY_USER, found, length_usec);
        claim.lock = lock;
        claim.lock_delay_usec = lock == LOCK_DELAY ? lock_delay_usec : 0;
        focus_change_init(ret_change);
        ret_change->next_id = env->next_id;
        ret_change->desired = true;
        focus_change_take(ret_change, &claim);
        return 0;
}

/* What a claim is called in a sentence. */
static const char *claim_name(const Claim *claim) {
        if (claim->profile.name[0] != '\0')
                return claim->profile.name;
        return claim->rule;
}

/* Whether a request for the claim id, 0 for all, is about this one. */
static bool is_meant(const Claim *claim, int64_t id, const Now *now) {
        return claim_in_force(claim, now) && (id == 0 || claim->id == id);
}

static bool has_admin_word(const AdminWord *word, const char *profile) {
        return word->all || (word->profiles && g_strv_contains(word->profiles, profile));
}

static int check_release(
                const Claim *claim, const char *reason, const AdminWord *word, Refusal *ret_refusal) {
        if (claim->lock != LOCK_NONE && (!reason || reason[strspn(reason, " \t\n")] == '\0'))
                return refuse(ret_refusal, REFUSAL_LOCKED,
                                "#%" PRIi64
                                " (%s) is locked: releasing it takes a reason, which is kept on record",
                                claim->id, claim_name(claim));
        if (claim->lock == LOCK_ADMIN && !has_admin_word(word, claim->profile.name)) {
                refuse(ret_refusal, REFUSAL_LOCKED,
                                "#%" PRIi64
                                " (%s) has the lock admin: only an administrator releases it before its end",
                                claim->id, claim_name(claim));
                refuse_without_admin(ret_refusal, claim->profile.name);
                return REFUSAL_LOCKED;
        }
        return 0;
}

/* When it is released: now, or after the wait, which asking again does not begin anew. */
static uint64_t release(Claim *claim, const Now *now, const char *reason) {
        if (claim->lock == LOCK_DELAY && claim->release_boot_usec != 0)
                return MIN(claim->release_boot_usec, claim->until_boot_usec);
        free(claim->reason);
        claim->reason = reason && reason[0] != '\0' ? g_strdup(reason) : NULL;
        if (claim->lock == LOCK_DELAY) {
                claim->release_boot_usec = now->boot_usec + claim->lock_delay_usec;
                return MIN(claim->release_boot_usec, claim->until_boot_usec);
        }
        claim_end(claim, now, CLAIM_RELEASED, now->boot_usec);
        return now->boot_usec;
}

int focus_release(const GArray *claims, const FocusEnv *env, int64_t id, const char *reason,
                const AdminWord *word, FocusChange *ret_change, uint64_t *ret_release_boot_usec,
                Refusal *ret_refusal) {
        uint64_t last = env->now.boot_usec;
        FocusChange change;
        unsigned n = 0;

        assert(!reason || text_check(reason, CAP_NOTE_BYTES) == 0);
        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);
                int r;

                if (!is_meant(claim, id, &env->now))
                        continue;
                r = check_release(claim, reason, word, ret_refusal);
                if (r != 0)
                        return r;
                n++;
        }
        if (n == 0)
                return id == 0 ? refuse(ret_refusal, REFUSAL_NO_SUCH_CLAIM, "no claim is in force")
                               : refuse(ret_refusal, REFUSAL_NO_SUCH_CLAIM,
                                                 "no claim #%" PRIu64 " is in force", (uint64_t) id);

        focus_change_init(&change);
        change.next_id = env->next_id;
        for (guint i = 0; i < claims->len; i++) {
                const Claim *before = &g_array_index(claims, Claim, i);
                Claim after;

                if (!is_meant(before, id, &env->now))
                        continue;
                after = claim_copy(before);
                last = MAX(last, release(&after, &env->now, reason));
                change.desired = true; /* a host is told of a release that waits, too */
                focus_change_take(&change, &after);
        }
        *ret_change = change;
        *ret_release_boot_usec = last;
        return 0;
}

int focus_withdraw(const GArray *claims, const FocusEnv *env, int64_t id, FocusChange *ret_change,
                Refusal *ret_refusal) {
        bool known = false;
        FocusChange change;

        focus_change_init(&change);
        change.next_id = env->next_id;
        for (guint i = 0; i < claims->len; i++) {
                const Claim *before = &g_array_index(claims, Claim, i);
                Claim after;

                if (!is_meant(before, id, &env->now))
                        continue;
                known = true;
                if (before->release_boot_usec == 0)
                        continue;
                after = claim_copy(before);
                after.release_boot_usec = 0;
                free(after.reason);
                after.reason = NULL;
                change.desired = true;
                focus_change_take(&change, &after);
        }
        if (change.claims->len > 0) {
                *ret_change = change;
                return 0;
        }
        focus_change_done(&change);
        if (id != 0 && !known)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_CLAIM, "no claim #%" PRIu64 " is in force",
                                (uint64_t) id);
        return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE, "no release is waiting that could be taken back");
}
