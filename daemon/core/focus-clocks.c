/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Claims and the clocks. The end that counts is on BOOTTIME; the wall end is kept beside it for another boot,
 * and moves with every step of the wall clock. Only while the clock of a boot cannot be trusted it is the
 * other way round: for claims of rules with every step, for all that came from another boot with the first
 * synchronisation.
 */

#include <string.h>

#include "daemon/core/focus-private.h"
#include "daemon/core/machine-private.h"

bool focus_clock_trusted(const FocusEnv *env) {
        return env->synchronised || env->now.synchronised || env->now.boot_usec >= FOCUS_UNSYNCHRONISED_USEC;
}

bool claim_follows_wall(const Claim *claim) {
        return claim->carried || (claim->source == CLAIM_BY_RULE && !claim->firm);
}

void claim_end(Claim *claim, const Now *now, ClaimState state, uint64_t boot_usec) {
        claim->state = state;
        claim->ended_real_usec = usec_sub(now->real_usec, usec_sub(now->boot_usec, boot_usec));
        claim->resting = false;
}

static int64_t left_on_wall(const Claim *claim, const Now *now) {
        return (int64_t) (claim->until_real_usec - now->real_usec);
}

/* The two ends tell different times. */
static bool is_stepped(const Claim *claim, const Now *now) {
        int64_t by = left_on_wall(claim, now) - (int64_t) (claim->until_boot_usec - now->boot_usec);

        return by > (int64_t) CLOCK_TOLERANCE_USEC || by < -(int64_t) CLOCK_TOLERANCE_USEC;
}

void claim_rebase(Claim *claim, const Now *now) {
        claim->until_real_usec = now->real_usec + claim->until_boot_usec - now->boot_usec;
}

/* What was counted in another boot goes on by the wall clock, and never for longer than it was made for. */
static void take_over(Claim *claim, const Now *now, bool trusted) {
        const uint64_t left = usec_sub(claim->until_real_usec, now->real_usec);

        if (claim->release_boot_usec != 0) {
                uint64_t before_end = usec_sub(claim->until_boot_usec, claim->release_boot_usec);
                uint64_t due = usec_sub(claim->until_real_usec, before_end);
                uint64_t wait = claim->lock_delay_usec;

                /* A wait that a wrong clock says is over begins anew: no clock lifts a lock. */
                if (trusted)
                        wait = MIN(wait, usec_sub(due, now->real_usec));
                claim->release_boot_usec = now->boot_usec + wait;
        }
        claim->until_boot_usec = now->boot_usec + MIN(left, claim->length_usec);
        memcpy(claim->boot_id, now->boot_id, sizeof(claim->boot_id));
        claim->carried = true;
}

/* The same again when the clock of this boot was set. What was cut to its full length once is not given more.
 */
static void follow_wall(Claim *claim, const Now *now) {
        const int64_t left = left_on_wall(claim, now);

        if (left <= 0)
                claim->until_boot_usec = MIN(claim->until_boot_usec, now->boot_usec);
        else if ((uint64_t) left > claim->length_usec) {
                if (claim->resting)
                        claim->until_boot_usec = now->boot_usec + claim->length_usec;
        } else if (is_stepped(claim, now))
                claim->until_boot_usec = now->boot_usec + (uint64_t) left;
}

/* A rule that engaged by a clock which nobody vouched for goes wherever the clock goes within its window. */
static void follow_window(Claim *claim, const FocusEnv *env) {
        const Now *now = &env->now;
        const int64_t left = left_on_wall(claim, now);
        uint64_t start, engaged;

        /* Another zone moves windows, and no lock. */
        if (!is_stepped(claim, now))
                return;
        if (!env->calendar || !calendar_resolve(env->calendar, claim->date, claim->window_start_sec, &start))
                start = usec_sub(claim->until_real_usec, claim->length_usec);
        /* By the clock of now, it engaged before the window or after it. */
        engaged = now->real_usec - (now->boot_usec - claim->engaged_boot_usec);
        if (now->real_usec < start || (left <= 0 && !claim->carried && engaged >= claim->until_real_usec)) {
                claim_end(claim, now, CLAIM_VOID, now->boot_usec);
                return;
        }
        if (left > 0)
                claim->length_usec = MAX(claim->length_usec, (uint64_t) left);
        follow_wall(claim, now);
}

static void trust(Claim *claim, const Now *now) {
        claim->firm = true;
        claim->carried = false;
        if (claim->until_boot_usec > now->boot_usec)
                claim_rebase(claim, now);
}

void claim_follow_clocks(Claim *claim, const FocusEnv *env) {
        const bool trusted = focus_clock_trusted(env),
                   synchronised = env->synchronised || env->now.synchronised;
        const Now *now = &env->now;

        if (strcmp(claim->boot_id, now->boot_id) != 0)
                take_over(claim, now, trusted);
        if (!claim_follows_wall(claim)) {
                if (is_stepped(claim, now))
                        claim_rebase(claim, now);
                return;
        }
        if (claim->source == CLAIM_BY_RULE && !claim->firm)
                follow_window(claim, env);
        /* Made by hand, it follows no step, but it came here by a clock that may have been wrong. */
        else if (claim->source == CLAIM_BY_RULE || synchronised || claim->resting)
                follow_wall(claim, now);
        else if (claim->until_boot_usec > now->boot_usec && is_stepped(claim, now) &&
                        left_on_wall(claim, now) <= (int64_t) claim->length_usec)
                claim_rebase(claim, now);
        if (trusted && claim->state == CLAIM_IN_FORCE)
                trust(claim, now);
}
