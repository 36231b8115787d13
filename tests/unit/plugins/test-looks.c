/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/looks.h"

#include "clients/lib/timer.h"
#include "common/duration.h"
#include "tests/unit/check.h"

#define LOOKS_PER_MIN 10

typedef struct Seen {
        sd_event *event;
        Looks *looks;
        int due, fought;
} Seen;

static void on_due(void *userdata) {
        Seen *seen = userdata;

        seen->due++;
}

static void on_fought(void *userdata) {
        Seen *seen = userdata;

        seen->fought++;
}

static void setup(Seen *seen, gconstpointer data) {
        g_assert_cmpint(sd_event_new(&seen->event), >=, 0);
        g_assert_cmpint(looks_new(
                                        &(LooksConfig){
                                                        .event = seen->event,
                                                        .due = on_due,
                                                        .fought = on_fought,
                                                        .userdata = seen,
                                        },
                                        &seen->looks),
                        >=, 0);
}

static void teardown(Seen *seen, gconstpointer data) {
        looks_unref(seen->looks);
        sd_event_unref(seen->event);
}

static void add(Seen *seen, int n, uint64_t now_usec) {
        for (int i = 0; i < n; i++)
                looks_add(seen->looks, now_usec);
}

static void test_ten_in_a_minute(Seen *seen, gconstpointer data) {
        add(seen, LOOKS_PER_MIN, USEC_PER_HOUR);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN);
        CHECK_INT(__LINE__, seen->fought, 0);
        CHECK(__LINE__, !looks_are_fought(seen->looks, USEC_PER_HOUR));

        add(seen, LOOKS_PER_MIN, USEC_PER_HOUR + USEC_PER_MIN);
        CHECK_INT(__LINE__, seen->due, 2 * LOOKS_PER_MIN);
}

static void test_more_than_ten(Seen *seen, gconstpointer data) {
        uint64_t now_usec = USEC_PER_HOUR;

        add(seen, LOOKS_PER_MIN + 5, now_usec);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN);
        CHECK_INT(__LINE__, seen->fought, 1);
        CHECK(__LINE__, looks_are_fought(seen->looks, now_usec));
        CHECK(__LINE__, looks_are_fought(seen->looks, now_usec + 2 * USEC_PER_MIN - 1));
        CHECK(__LINE__, !looks_are_fought(seen->looks, now_usec + 2 * USEC_PER_MIN));

        /* The minute after it waits from its first, and nobody is told anew. */
        now_usec += USEC_PER_MIN;
        add(seen, LOOKS_PER_MIN + 5, now_usec);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN);
        CHECK_INT(__LINE__, seen->fought, 1);

        /* It still waits after a minute of many, and not after one of few. */
        now_usec += USEC_PER_MIN;
        add(seen, 1, now_usec);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN);
        CHECK(__LINE__, looks_are_fought(seen->looks, now_usec));
        now_usec += USEC_PER_MIN;
        add(seen, 1, now_usec);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN + 1);
        CHECK(__LINE__, !looks_are_fought(seen->looks, now_usec));
}

static void test_quiet_for_two_minutes(Seen *seen, gconstpointer data) {
        add(seen, LOOKS_PER_MIN + 1, USEC_PER_HOUR);
        add(seen, 1, USEC_PER_HOUR + 2 * USEC_PER_MIN);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN + 1);
        CHECK(__LINE__, !looks_are_fought(seen->looks, USEC_PER_HOUR + 2 * USEC_PER_MIN));
}

/* What was not due at once is due when the minute is over. */
static void test_end_of_the_minute(Seen *seen, gconstpointer data) {
        /* Of the loop's own clock, as that has to find it past. */
        add(seen, LOOKS_PER_MIN + 2, boottime_now_usec() - USEC_PER_MIN);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN);
        g_assert_cmpint(sd_event_run(seen->event, UINT64_MAX), >, 0);
        CHECK_INT(__LINE__, seen->due, LOOKS_PER_MIN + 1);
        CHECK_INT(__LINE__, sd_event_run(seen->event, 0), 0);
}

int main(int argc, char **argv) {
        static const struct {
                const char *name;
                void (*func)(Seen *seen, gconstpointer data);
        } tests[] = {
                { "/looks/ten-in-a-minute", test_ten_in_a_minute },
                { "/looks/more-than-ten", test_more_than_ten },
                { "/looks/quiet-for-two-minutes", test_quiet_for_two_minutes },
                { "/looks/end-of-the-minute", test_end_of_the_minute },
        };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].name, Seen, NULL, setup, tests[i].func, teardown);
        return g_test_run();
}
