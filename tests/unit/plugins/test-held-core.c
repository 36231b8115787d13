/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * A host that is alone reckons as pomod would have: the same history of clocks and boots is told to both, and
 * both come to the same end. Of a claim by a rule it is so from when its clock was trusted once; before,
 * pomod knows the window, and a host does not.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/focus-private.h"
#include "plugins/host/held.h"
#include "tests/unit/check.h"

#define HISTORIES      20000
#define STEPS          12
#define TOLERANCE_USEC (2 * USEC_PER_SEC) /* less than a second is no step to a host */

typedef struct World {
        FocusEnv env;
        unsigned boot;
        GRand *random;
} World;

static uint64_t some(World *world, uint64_t most_usec) {
        return (uint64_t) (g_rand_double(world->random) * (double) most_usec);
}

/* By a minute to three days, back or forth. */
static void set_clock(World *world) {
        const uint64_t by = USEC_PER_MIN + some(world, 3 * USEC_PER_DAY);

        world->env.now.real_usec += g_rand_boolean(world->random) ? by : -by;
}

static void reboot(World *world) {
        Now *now = &world->env.now;

        snprintf(now->boot_id, sizeof(now->boot_id), "%u", ++world->boot);
        now->boot_usec = USEC_PER_SEC + some(world, USEC_PER_MIN);
        now->real_usec += USEC_PER_SEC + some(world, 2 * USEC_PER_HOUR);
        if (g_rand_boolean(world->random))
                set_clock(world);
        now->synchronised = world->env.synchronised = g_rand_int_range(world->random, 0, 3) == 0;
}

static void go_on(World *world, uint64_t usec) {
        world->env.now.boot_usec += usec;
        world->env.now.real_usec += usec;
}

static void step(World *world) {
        go_on(world, some(world, USEC_PER_MIN));
        switch (g_rand_int_range(world->random, 0, 5)) {
        case 0:
                reboot(world);
                break;
        case 1:
                set_clock(world);
                break;
        case 2:
                if (g_rand_boolean(world->random))
                        set_clock(world);
                world->env.now.synchronised = world->env.synchronised = true;
                break;
        default:
                go_on(world, some(world, USEC_PER_HOUR));
        }
}

/* As settle_end() of the core has it, of a claim that nobody releases. false: it is over. */
static bool settle(Claim *claim, const FocusEnv *env) {
        const Now *now = &env->now;

        claim_follow_clocks(claim, env);
        if (now->boot_usec < claim->until_boot_usec) {
                claim->resting = false;
                return true;
        }
        claim->resting = (claim->carried || !claim->firm) && now->real_usec >= claim->until_real_usec;
        return claim->resting;
}

static HeldNow held_now(const World *world) {
        const Now *now = &world->env.now;

        return (HeldNow){ now->boot_usec, now->real_usec, now->synchronised, now->boot_id };
}

static Claim claim_begin(World *world, uint64_t length_usec) {
        const Now *now = &world->env.now;
        Claim claim = {
                .source = g_rand_boolean(world->random) ? CLAIM_BY_RULE : CLAIM_BY_USER,
                .state = CLAIM_IN_FORCE,
                .engaged_boot_usec = now->boot_usec,
                .engaged_real_usec = now->real_usec,
                .length_usec = length_usec,
                .until_boot_usec = now->boot_usec + length_usec,
                .until_real_usec = now->real_usec + length_usec,
                .firm = true,
        };

        memcpy(claim.boot_id, now->boot_id, sizeof(claim.boot_id));
        return claim;
}

static void hold(Held *held, const Claim *claim, const HeldNow *now) {
        HeldClaim *held_claim;

        held_init(held);
        held_follow(held, now);
        held_claim = held_claims_add(&held->claims, 1000, 7);
        held_text(&held_claim->source, claim->source == CLAIM_BY_RULE ? "rule" : "user");
        held_claim->end = (HeldEnd){ claim->until_boot_usec, claim->until_real_usec, claim->length_usec, true,
                false, false };
}

/* How many steps it took until it was over. */
static unsigned run_history(uint32_t seed) {
        World world = {
                .env.now = { .boot_usec = USEC_PER_HOUR,
                                .real_usec = 400000 * USEC_PER_HOUR,
                                .synchronised = true,
                                .boot_id = "0" },
                .env.synchronised = true,
                .random = g_rand_new_with_seed(seed),
        };
        Claim claim = claim_begin(&world, USEC_PER_MIN + some(&world, 4 * USEC_PER_HOUR));
        HeldNow now = held_now(&world);
        bool is_held = true;
        unsigned steps = 0;
        Held held;

        hold(&held, &claim, &now);
        for (; is_held && steps < STEPS; steps++) {
                const HeldEnd *end = &held.claims.list[0].end;
                int64_t differs;

                step(&world);
                is_held = settle(&claim, &world.env);
                now = held_now(&world);
                held_follow(&held, &now);
                differs = (int64_t) (end->boottime_usec - claim.until_boot_usec);
                if (ABS(differs) > (int64_t) TOLERANCE_USEC || (is_held && end->suspended != claim.resting))
                        check_failed("history %u, step %u: pomod %" PRIu64 "%s, the host %" PRIu64 "%s", seed,
                                        steps, claim.until_boot_usec, claim.resting ? " rests" : "",
                                        end->boottime_usec, end->suspended ? " rests" : "");
                now.boottime_usec += HELD_ANSWER_USEC + TOLERANCE_USEC;
                if (!is_held && !held_has_ended(&held, &now))
                        check_failed("history %u, step %u: the host holds on", seed, steps);
        }
        held_clear(&held);
        g_rand_free(world.random);
        return steps;
}

static void test_histories(void) {
        unsigned over = 0;

        for (uint32_t seed = 0; seed < HISTORIES && !g_test_failed(); seed++)
                over += run_history(seed) < STEPS;
        /* Enough came to an end, and enough did not. */
        g_assert_cmpuint(over, >, HISTORIES / 10);
        g_assert_cmpuint(over, <, HISTORIES - HISTORIES / 10);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/held-core/histories of clocks and boots", test_histories);
        return g_test_run();
}
