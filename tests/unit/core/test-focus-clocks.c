/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Claims and clocks that are set, wrong, asleep, or another boot's: in tables of what happens and what is
 * left. */

#include "tests/unit/core/focus-world.h"

static const char rules[] = "[Profile deep]\nPlugins=sites;mute\nsites.Block=reddit.com\n"
                            "[Rule morning]\nHours=09:00-12:00\nFocus=deep\nLock=admin\n";

typedef enum Op {
        END,
        ENGAGE, /* by hand, with the lock admin */
        ASK,    /* to release, of the lock delay 10m, which is engaged for two hours */
        WAIT,
        SLEEP,
        STEP,
        SYNC,    /* a step by a time service */
        OFF,     /* another boot, after so long, with the right clock that nobody vouches for */
        WRONG,   /* … with a clock that is wrong by so much, after no time at all */
        RULES,   /* 0: there are none any more */
        LEFT,    /* what is left is this */
        GONE,    /* nothing is in force */
        STATE,   /* of the first that ever engaged */
        ENGAGED, /* so many did in all */
} Op;

typedef struct ClockStep {
        Op op;
        int64_t usec;
} ClockStep;

typedef struct Story {
        int line;
        ClockStep steps[12];
} Story;

#define H(n) ((int64_t) (n) *USEC_PER_HOUR)
#define M(n) ((int64_t) (n) *USEC_PER_MIN)
#define S(n) ((int64_t) (n) *USEC_PER_SEC)

static const Story by_hand[] = {
        { __LINE__, { { ENGAGE, H(2) }, { STEP, H(3) }, { LEFT, H(2) } } },
        { __LINE__, { { ENGAGE, H(2) }, { STEP, -H(3) }, { LEFT, H(2) } } },
        { __LINE__, { { ENGAGE, H(2) }, { STEP, H(24 * 400) }, { LEFT, H(2) } } },
        { __LINE__, { { ENGAGE, H(2) }, { SYNC, H(3) }, { LEFT, H(2) } } },
        { __LINE__, { { ENGAGE, H(2) }, { WAIT, M(30) }, { STEP, H(3) }, { WAIT, M(89) }, { LEFT, M(1) },
                                    { WAIT, M(1) }, { GONE, 0 }, { STATE, CLAIM_ENDED } } },
        { __LINE__, { { ENGAGE, H(2) }, { RULES, 0 }, { LEFT, H(2) } } },
        /* asleep over the end, and not so long */
        { __LINE__, { { ENGAGE, H(2) }, { SLEEP, H(3) }, { GONE, 0 }, { STATE, CLAIM_ENDED } } },
        { __LINE__, { { ENGAGE, H(2) }, { SLEEP, H(1) }, { LEFT, H(1) } } },
        /* another boot goes on by the wall clock */
        { __LINE__, { { ENGAGE, H(2) }, { OFF, M(30) }, { LEFT, M(90) } } },
        { __LINE__, { { ENGAGE, H(2) }, { OFF, H(3) }, { GONE, 0 }, { WAIT, M(10) },
                                    { STATE, CLAIM_ENDED } } },
        { __LINE__, { { ENGAGE, H(2) }, { OFF, H(3) }, { SYNC, 0 }, { STATE, CLAIM_ENDED } } },
        { __LINE__, { { ENGAGE, H(2) }, { STEP, H(3) }, { OFF, M(30) }, { LEFT, M(90) } } },
        { __LINE__, { { ENGAGE, H(2) }, { STEP, -H(3) }, { OFF, M(30) }, { LEFT, M(90) } } },
        { __LINE__, { { ENGAGE, H(2) }, { OFF, M(30) }, { STEP, H(3) }, { LEFT, M(90) }, { OFF, M(30) },
                                    { LEFT, M(60) } } },
        { __LINE__, { { ENGAGE, H(2) }, { OFF, M(30) }, { WAIT, M(20) }, { STEP, H(3) }, { LEFT, M(70) } } },
        /* with a clock that is ahead it is over by that clock only, and comes back with the right time */
        { __LINE__, { { ENGAGE, H(2) }, { WAIT, M(10) }, { WRONG, H(5) }, { GONE, 0 }, { SYNC, -H(5) },
                                    { LEFT, M(110) } } },
        { __LINE__, { { ENGAGE, H(2) }, { WRONG, H(5) }, { WAIT, M(9) }, { GONE, 0 },
                                    { STATE, CLAIM_IN_FORCE }, { WAIT, M(1) }, { STATE, CLAIM_ENDED } } },
        /* with one that is behind it stands for its full length at most */
        { __LINE__, { { ENGAGE, H(2) }, { WRONG, -H(24 * 365 * 10) }, { LEFT, H(2) } } },
        { __LINE__, { { ENGAGE, H(2) }, { WAIT, H(1) }, { WRONG, -H(24 * 300) }, { LEFT, H(2) },
                                    { SYNC, H(24 * 300) }, { LEFT, H(1) } } },
        { __LINE__, { { ENGAGE, H(2) }, { WRONG, -H(24) }, { WAIT, H(2) - 1 }, { LEFT, 1 }, { WAIT, 1 },
                                    { STATE, CLAIM_ENDED } } },
        /* setting it by hand lifts nothing before it is trusted either */
        { __LINE__, { { ENGAGE, H(2) }, { WRONG, -H(24) }, { STEP, H(30) }, { LEFT, H(2) } } },
        { __LINE__, { { ENGAGE, H(2) }, { OFF, 0 }, { STEP, H(3) }, { LEFT, H(2) }, { STEP, H(3) },
                                    { LEFT, H(2) } } },
};

static const Story by_rule[] = {
        { __LINE__, { { GONE, 0 }, { WAIT, H(1) - 1 }, { GONE, 0 }, { WAIT, 1 }, { LEFT, H(3) } } },
        { __LINE__, { { WAIT, H(1) }, { STEP, H(3) }, { LEFT, H(3) } } },
        { __LINE__, { { WAIT, H(1) }, { STEP, -H(3) }, { LEFT, H(3) }, { WAIT, H(3) }, { GONE, 0 },
                                    { ENGAGED, 1 } } },
        { __LINE__, { { WAIT, H(1) }, { RULES, 0 }, { LEFT, H(3) } } },
        { __LINE__, { { WAIT, H(1) }, { SLEEP, H(4) }, { GONE, 0 }, { STATE, CLAIM_ENDED } } },
        { __LINE__, { { SLEEP, H(2) }, { LEFT, H(2) } } },
        { __LINE__, { { SLEEP, H(5) }, { GONE, 0 }, { ENGAGED, 0 } } },
        { __LINE__, { { WAIT, H(1) }, { OFF, H(1) }, { LEFT, H(2) }, { ENGAGED, 1 } } },
        { __LINE__, { { WAIT, H(1) }, { STEP, H(3) }, { OFF, H(1) }, { LEFT, H(2) } } },
        { __LINE__, { { WAIT, H(5) }, { ENGAGED, 1 }, { WAIT, H(24) }, { ENGAGED, 2 } } },
        /* the same window does not engage twice, whatever the clock says */
        { __LINE__, { { WAIT, H(4) }, { STATE, CLAIM_ENDED }, { STEP, -H(3) }, { GONE, 0 },
                                    { ENGAGED, 1 } } },
        /* a wrong clock at boot: what it engages is void when the right time comes, and engages in its time
         */
        { __LINE__, { { WRONG, H(2) }, { LEFT, H(2) }, { SYNC, -H(2) }, { GONE, 0 }, { STATE, CLAIM_VOID },
                                    { WAIT, H(1) - S(20) }, { WAIT, S(20) }, { LEFT, H(3) },
                                    { ENGAGED, 2 } } },
        { __LINE__, { { WRONG, H(2) }, { LEFT, H(2) }, { STEP, -H(2) }, { GONE, 0 },
                                    { STATE, CLAIM_VOID } } },
        { __LINE__, { { WRONG, H(2) }, { STEP, H(3) }, { GONE, 0 }, { STATE, CLAIM_VOID } } },
        { __LINE__, { { WRONG, H(4) - M(5) }, { WAIT, M(3) }, { STEP, M(4) }, { GONE, 0 }, { WAIT, M(7) },
                                    { STATE, CLAIM_ENDED } } },
        { __LINE__, { { WRONG, H(3) }, { STEP, -H(1) }, { LEFT, H(2) }, { STEP, -H(1) }, { LEFT, H(3) },
                                    { STATE, CLAIM_IN_FORCE } } },
        { __LINE__, { { WRONG, H(2) }, { WRONG, -H(2) }, { GONE, 0 }, { STATE, CLAIM_VOID } } },
        { __LINE__, { { WRONG, H(2) }, { SYNC, 0 }, { STEP, -H(2) }, { LEFT, H(2) } } },
        { __LINE__, { { WRONG, H(2) }, { WAIT, M(10) }, { STEP, -H(2) }, { LEFT, H(2) - M(10) } } },
        { __LINE__, { { WAIT, H(1) }, { WRONG, -H(24 * 30) }, { LEFT, H(3) }, { SYNC, H(24 * 30) + H(4) },
                                    { GONE, 0 }, { STATE, CLAIM_ENDED } } },
        { __LINE__, { { WAIT, H(1) }, { WRONG, H(24) }, { SYNC, -H(24) }, { LEFT, H(3) } } },
        { __LINE__, { { OFF, H(2) }, { LEFT, H(2) }, { RULES, 0 }, { LEFT, H(2) } } },
};

/* The wait before a release, of a delay of ten minutes. */
static const Story asked[] = {
        { __LINE__, { { ASK, 0 }, { LEFT, H(2) }, { WAIT, M(10) - 1 }, { LEFT, M(110) + 1 }, { WAIT, 1 },
                                    { GONE, 0 }, { STATE, CLAIM_RELEASED } } },
        { __LINE__, { { ASK, 0 }, { STEP, H(1) }, { LEFT, H(2) }, { WAIT, M(10) },
                                    { STATE, CLAIM_RELEASED } } },
        { __LINE__, { { ASK, 0 }, { SLEEP, M(30) }, { STATE, CLAIM_RELEASED } } },
        { __LINE__, { { ASK, 0 }, { SLEEP, H(3) }, { STATE, CLAIM_RELEASED } } },
        { __LINE__, { { ASK, 0 }, { WRONG, H(1) }, { LEFT, H(1) }, { WAIT, M(9) }, { LEFT, M(51) },
                                    { WAIT, M(1) }, { STATE, CLAIM_RELEASED } } },
        { __LINE__, { { ASK, 0 }, { OFF, M(1) }, { WAIT, M(9) }, { STATE, CLAIM_IN_FORCE }, { WAIT, M(1) },
                                    { STATE, CLAIM_RELEASED } } },
};

static void run_step(FocusWorld *world, const ClockStep *step, int line) {
        switch (step->op) {
        case END:
                break;
        case ENGAGE:
                CHECK_INT(line, focus_world_engage(world, "deep", (uint64_t) step->usec, LOCK_ADMIN, 0), 0);
                break;
        case ASK:
                CHECK_INT(line, focus_world_engage(world, "deep", HOUR(2), LOCK_DELAY, MIN_(10)), 0);
                CHECK_INT(line, focus_world_release(world, 1, "a fire", false), 0);
                break;
        case WAIT:
                focus_world_wait(world, (uint64_t) step->usec);
                break;
        case SLEEP:
                focus_world_sleep(world, (uint64_t) step->usec);
                break;
        case STEP:
                focus_world_step(world, step->usec);
                break;
        case SYNC:
                focus_world_synchronise(world, step->usec);
                break;
        case OFF:
                focus_world_reboot(world, (uint64_t) step->usec, 0);
                break;
        case WRONG:
                focus_world_reboot(world, 0, step->usec);
                break;
        case RULES:
                focus_world_set_rules(world, "");
                focus_world_settle(world);
                break;
        case LEFT:
                CHECK_INT(line, focus_world_left(world), step->usec);
                break;
        case GONE:
                CHECK(line, !focus_world_claim(world, 0));
                break;
        case STATE:
                check_str_at(line, "state", claim_state_to_string(focus_world_record(world, 1)->state),
                                claim_state_to_string((ClaimState) step->usec));
                break;
        case ENGAGED:
                CHECK_INT(line, world->record->len, step->usec);
                break;
        }
}

static void run(const Story *rows, gsize n, bool with_rules) {
        for (gsize i = 0; i < n; i++) {
                FocusWorld *world = focus_world_new(with_rules ? rules : "[Profile deep]\nPlugins=sites\n");

                for (gsize s = 0; s < G_N_ELEMENTS(rows[i].steps); s++)
                        run_step(world, &rows[i].steps[s], rows[i].line);
                focus_world_free(world);
        }
}

static void test_by_hand(void) {
        run(by_hand, G_N_ELEMENTS(by_hand), false);
}

static void test_by_rule(void) {
        run(by_rule, G_N_ELEMENTS(by_rule), true);
}

static void test_asked(void) {
        run(asked, G_N_ELEMENTS(asked), false);
}

/* The clock of this boot is known to be right, and the time service is off since. */
static void test_latched(void) {
        FocusWorld *world = focus_world_new(rules);

        focus_world_reboot(world, HOUR(2), 0);
        focus_world_synchronise(world, 0);
        world->now.synchronised = false;
        focus_world_step(world, H(3));
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(2));
        focus_world_free(world);
}

/* A zone in which the window would begin later makes nothing void, even while the clock is not trusted. */
static void test_zone(void) {
        FocusWorld *world = focus_world_new(rules);

        focus_world_reboot(world, HOUR(2), 0);
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(2));
        g_time_zone_unref(world->zone);
        world->zone = g_time_zone_new_offset(-8 * 3600);
        focus_world_set_rules(world, rules);
        focus_world_settle(world);
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(2));
        g_assert_cmpint(focus_world_record(world, 1)->state, ==, CLAIM_IN_FORCE);
        focus_world_free(world);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/focus/clocks/by-hand", test_by_hand);
        g_test_add_func("/focus/clocks/by-rule", test_by_rule);
        g_test_add_func("/focus/clocks/asked", test_asked);
        g_test_add_func("/focus/clocks/latched", test_latched);
        g_test_add_func("/focus/clocks/zone", test_zone);
        return g_test_run();
}
