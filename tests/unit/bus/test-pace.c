/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/pace.h"

#include <glib.h>

#define NOW_USEC (1000 * USEC_PER_SEC)

static unsigned take_all(Pace *pace, uint64_t now_usec) {
        unsigned n = 0;

        while (pace_wait(pace, now_usec) == 0) {
                pace_take(pace, now_usec);
                n++;
        }
        return n;
}

static void test_a_second_at_once(void) {
        Pace pace = {};

        g_assert_cmpuint(take_all(&pace, NOW_USEC), ==, CHANGES_PER_SEC);
        g_assert_cmpuint(pace_wait(&pace, NOW_USEC), ==, PACE_STEP_USEC);
        g_assert_cmpuint(take_all(&pace, NOW_USEC + PACE_STEP_USEC - 1), ==, 0);
        g_assert_cmpuint(take_all(&pace, NOW_USEC + PACE_STEP_USEC), ==, 1);
        g_assert_cmpuint(take_all(&pace, NOW_USEC + 2 * USEC_PER_SEC), ==, CHANGES_PER_SEC);
}

static void test_no_wait_is_longer_than_a_step(void) {
        Pace pace = {};

        for (uint64_t now = NOW_USEC; now < NOW_USEC + 3 * USEC_PER_SEC; now += 1234) {
                (void) take_all(&pace, now);
                g_assert_cmpuint(pace_wait(&pace, now), <=, PACE_STEP_USEC);
        }
}

/* What is told out of its turn is counted, and puts off what comes next by no more than that. */
static void test_out_of_turn(void) {
        Pace pace = {};

        (void) take_all(&pace, NOW_USEC);
        pace_take(&pace, NOW_USEC);
        g_assert_cmpuint(pace_wait(&pace, NOW_USEC), ==, 2 * PACE_STEP_USEC);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pace/a-second-at-once", test_a_second_at_once);
        g_test_add_func("/pace/no-wait-is-longer-than-a-step", test_no_wait_is_longer_than_a_step);
        g_test_add_func("/pace/out-of-turn", test_out_of_turn);
        return g_test_run();
}
