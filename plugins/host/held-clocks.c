/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * What is held, and the clocks. It is pomod's own arithmetic of claims (daemon/core/focus-clocks.c), so that
 * a host which is alone lifts nothing that pomod would have held. The end that counts is on BOOTTIME; the
 * wall end is for another boot, and is moved with every step of the wall clock, so that setting it lifts
 * nothing there either. Only while the clock of a boot cannot be trusted it is the other way round: for
 * claims of rules with every step, for all that came from another boot with the first synchronisation.
 */

#include "plugins/host/held-clocks.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE_USEC      USEC_PER_SEC        /* what is less is no step of the wall clock */
#define UNSYNCHRONISED_USEC (10 * USEC_PER_MIN) /* of uptime, after which a clock is believed anyway */

static uint64_t add(uint64_t a, uint64_t b) {
        return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t subtract(uint64_t a, uint64_t b) {
        return a > b ? a - b : 0;
}

static uint64_t least(uint64_t a, uint64_t b) {
        return a < b ? a : b;
}

/* The two ends tell different times, as far as they are not past. */
static bool is_stepped(const HeldEnd *end, const HeldNow *now) {
        const uint64_t wall = subtract(end->realtime_usec, now->realtime_usec),
                       boot = subtract(end->boottime_usec, now->boottime_usec);

        return subtract(wall, boot) > TOLERANCE_USEC || subtract(boot, wall) > TOLERANCE_USEC;
}

static bool rebase(HeldEnd *end, const HeldNow *now) {
        if (end->boottime_usec <= now->boottime_usec || !is_stepped(end, now))
                return false;
        end->realtime_usec = add(now->realtime_usec, end->boottime_usec - now->boottime_usec);
        return true;
}

static void take_over(HeldEnd *end, const HeldNow *now) {
        const uint64_t left = subtract(end->realtime_usec, now->realtime_usec);

        end->boottime_usec = add(now->boottime_usec, least(left, end->length_usec));
        end->carried = true;
        end->suspended = false;
}

/* Nobody has vouched for the clock that it goes by. */
static bool is_wavering(const HeldEnd *end) {
        return end->carried || !end->firm;
}

/* Past by a clock that may be wrong: it rests until somebody vouches for one. */
static bool is_suspended(const HeldEnd *end, const HeldNow *now) {
        return is_wavering(end) && end->boottime_usec <= now->boottime_usec &&
               end->realtime_usec <= now->realtime_usec;
}

/* What was cut to its full length once is not given more. */
static void follow_wall(HeldEnd *end, const HeldNow *now) {
        const uint64_t left = subtract(end->realtime_usec, now->realtime_usec);

        if (left == 0)
                end->boottime_usec = least(end->boottime_usec, now->boottime_usec);
        else if (left > end->length_usec) {
                if (end->suspended)
                        end->boottime_usec = add(now->boottime_usec, end->length_usec);
        } else if (is_stepped(end, now))
                end->boottime_usec = add(now->boottime_usec, left);
}

static bool follow(HeldEnd *end, bool by_rule, const HeldNow *now) {
        const HeldEnd before = *end;

        if (!is_wavering(end))
                return rebase(end, now);
        if (by_rule || now->synchronised || end->suspended)
                follow_wall(end, now);
        else if (subtract(end->realtime_usec, now->realtime_usec) <= end->length_usec)
                (void) rebase(end, now);
        if (now->synchronised || now->boottime_usec >= UNSYNCHRONISED_USEC) {
                end->firm = true;
                end->carried = false;
                (void) rebase(end, now);
        }
        end->suspended = is_suspended(end, now);
        return end->boottime_usec != before.boottime_usec || end->realtime_usec != before.realtime_usec ||
               end->suspended != before.suspended || is_wavering(end) != is_wavering(&before);
}

bool held_is_empty(const Held *held) {
        return held->claims.n == 0 && held->unread.length_usec == 0;
}

/* Nobody can take back a release, or end a rest, that another boot was waiting for: it holds. */
static void claim_take_over(HeldClaim *claim, const HeldNow *now) {
        take_over(&claim->end, now);
        claim->release_boottime_usec = claim->rests_until_boottime_usec = 0;
}

static void take_over_all(Held *held, const HeldNow *now) {
        for (size_t i = 0; i < held->claims.n; i++)
                claim_take_over(&held->claims.list[i], now);
        if (held->unread.length_usec != 0)
                take_over(&held->unread, now);
        held->other_boot = true;
}

bool held_follow(Held *held, const HeldNow *now) {
        bool changed = false, moved = false;

        assert(now->boot_id);
        if (strcmp(held->boot_id, now->boot_id) != 0) {
                if (!held_is_empty(held))
                        take_over_all(held, now);
                snprintf(held->boot_id, sizeof(held->boot_id), "%s", now->boot_id);
                changed = true;
        }
        for (size_t i = 0; i < held->claims.n; i++) {
                HeldClaim *claim = &held->claims.list[i];
                const uint64_t before = claim->end.boottime_usec;

                if (!claim->gone)
                        changed |= follow(&claim->end, strcmp(claim->source, "rule") == 0, now);
                moved |= claim->end.boottime_usec != before;
        }
        if (held->unread.length_usec != 0)
                changed |= follow(&held->unread, false, now);
        held->changes += moved; /* a plugin is told of ends */
        return changed;
}

void held_set_unread(Held *held, const HeldNow *now) {
        assert(now->boot_id);
        held->unread = (HeldEnd){
                .boottime_usec = add(now->boottime_usec, HELD_UNREAD_USEC),
                .realtime_usec = add(now->realtime_usec, HELD_UNREAD_USEC),
                .length_usec = HELD_UNREAD_USEC,
                .firm = true,
        };
        snprintf(held->boot_id, sizeof(held->boot_id), "%s", now->boot_id);
}

void held_add_legible(Held *held, HeldClaims *claims, bool of_boot, const HeldNow *now) {
        assert(held->unread.length_usec != 0 && held->claims.n == 0);
        free(held->claims.list);
        held->claims = *claims;
        *claims = (HeldClaims){};
        for (size_t i = 0; i < held->claims.n; i++) {
                HeldClaim *claim = &held->claims.list[i];

                if (!of_boot)
                        claim_take_over(claim, now);
                claim->end.boottime_usec = least(claim->end.boottime_usec, held->unread.boottime_usec);
                claim->end.realtime_usec = least(claim->end.realtime_usec, held->unread.realtime_usec);
        }
}

uint64_t held_wait_usec(const Held *held) {
        return held->other_boot ? HELD_BOOT_USEC : HELD_ANSWER_USEC;
}

static uint64_t claim_end(const HeldClaim *claim) {
        if (claim->release_boottime_usec == 0)
                return claim->end.boottime_usec;
        return least(claim->end.boottime_usec, claim->release_boottime_usec);
}

static bool is_past(uint64_t end_usec, uint64_t and_usec, const HeldNow *now) {
        return add(end_usec, and_usec) <= now->boottime_usec;
}

static bool claim_is_past(const HeldClaim *claim, uint64_t and_usec, const HeldNow *now) {
        if (claim->release_boottime_usec != 0 && is_past(claim->release_boottime_usec, and_usec, now))
                return true;
        return !claim->end.suspended && is_past(claim->end.boottime_usec, and_usec, now);
}

bool held_claim_is_over(const HeldClaim *claim, const HeldNow *now) {
        return claim->gone || claim_is_past(claim, HELD_ANSWER_USEC, now);
}

/* A break may be the last of a claim: it does not come back for the moment in which pomod is asked. */
static bool rests(const HeldClaim *claim, const HeldNow *now) {
        return claim->rests_until_boottime_usec > now->boottime_usec ||
               (claim->rests_until_boottime_usec != 0 &&
                               claim->rests_until_boottime_usec >= claim_end(claim));
}

bool held_claim_holds(const HeldClaim *claim, const HeldNow *now) {
        if (held_claim_is_over(claim, now) || rests(claim, now))
                return false;
        return !claim->end.suspended || !is_past(claim->end.boottime_usec, HELD_ANSWER_USEC, now);
}

bool held_unread_is_over(const Held *held, const HeldNow *now) {
        return !held->unread.suspended && is_past(held->unread.boottime_usec, 0, now);
}

bool held_asks(const Held *held, const HeldNow *now) {
        for (size_t i = 0; i < held->claims.n; i++) {
                const HeldClaim *claim = &held->claims.list[i];

                if (!held_claim_is_over(claim, now) && is_past(claim_end(claim), 0, now) &&
                                !is_past(claim_end(claim), HELD_ANSWER_USEC, now))
                        return true;
        }
        return false;
}

/* Each later than now, and the least of them. */
static void consider(uint64_t *next_usec, uint64_t at_usec, const HeldNow *now) {
        if (at_usec > now->boottime_usec)
                *next_usec = least(*next_usec, at_usec);
}

uint64_t held_next(const Held *held, const HeldNow *now) {
        uint64_t next = UINT64_MAX;

        for (size_t i = 0; i < held->claims.n; i++) {
                const HeldClaim *claim = &held->claims.list[i];

                if (claim->gone)
                        continue;
                consider(&next, claim_end(claim), now);
                consider(&next, add(claim_end(claim), HELD_ANSWER_USEC), now);
                consider(&next, claim->rests_until_boottime_usec, now);
                if (is_wavering(&claim->end))
                        consider(&next, UNSYNCHRONISED_USEC, now);
        }
        if (held->unread.length_usec != 0) {
                consider(&next, held->unread.boottime_usec, now);
                if (is_wavering(&held->unread))
                        consider(&next, UNSYNCHRONISED_USEC, now);
        }
        return next;
}

uint64_t held_last_realtime_usec(const Held *held) {
        uint64_t last = held->unread.length_usec != 0 ? held->unread.realtime_usec : 0;

        for (size_t i = 0; i < held->claims.n; i++)
                if (!held->claims.list[i].gone && held->claims.list[i].end.realtime_usec > last)
                        last = held->claims.list[i].end.realtime_usec;
        return last;
}
