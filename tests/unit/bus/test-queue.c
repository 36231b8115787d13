/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <stdio.h>

#include "daemon/bus/queue.h"

/* Calls are texts: "a1" is the first of connection a. */
static unsigned n_freed;

static void free_call(void *call) {
        n_freed++;
        g_free(call);
}

static Caller *add_known(Queue *queue, const char *name, uid_t uid) {
        Caller *caller = queue_add(queue, name);

        g_assert_nonnull(caller);
        queue_know(queue, caller, uid);
        return caller;
}

static void put(Queue *queue, Caller *caller, const char *call) {
        g_assert_cmpint(queue_put(queue, caller, g_strdup(call), 1, 0), ==, QUEUE_WAITS);
}

/* Those that are served, one after the other, at one instant. */
static char *serve_all(Queue *queue, uint64_t now_usec) {
        GString *served = g_string_new(NULL);
        Turn turn;

        while (queue_next(queue, now_usec, &turn)) {
                g_string_append_printf(served, "%s%s", served->len > 0 ? " " : "", (char *) turn.call);
                g_free(turn.call);
        }
        return g_string_free(served, FALSE);
}

static void assert_served(Queue *queue, uint64_t now_usec, const char *expected) {
        char *served = serve_all(queue, now_usec);

        g_assert_cmpstr(served, ==, expected);
        g_free(served);
}

static void test_uids_take_turns(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *b = add_known(queue, "b", 2), *a;

        for (int i = 1; i <= 4; i++) {
                char call[8];

                snprintf(call, sizeof(call), "b%d", i);
                put(queue, b, call);
        }
        a = add_known(queue, "a", 1);
        put(queue, a, "a1");
        put(queue, a, "a2");
        assert_served(queue, 0, "b1 a1 b2 a2 b3 b4");
        assert_served(queue, 0, "");
        queue_free(queue);
}

/* Who comes late has had no turn for longest. */
static void test_who_comes_late_is_next(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *b = add_known(queue, "b", 2), *c = add_known(queue, "c", 3), *a = add_known(queue, "a", 1);
        Turn turn;

        for (int i = 0; i < 6; i++) {
                put(queue, b, "b");
                put(queue, c, "c");
        }
        g_assert_true(queue_is_urgent(queue));
        for (int i = 0; i < 9; i++) {
                g_assert_true(queue_next(queue, 0, &turn));
                g_free(turn.call);
        }
        put(queue, b, "b");
        g_assert_false(queue_is_urgent(queue));
        put(queue, a, "a");
        g_assert_true(queue_is_urgent(queue));
        assert_served(queue, 0, "a c b c b");
        put(queue, a, "a");
        g_assert_false(queue_is_urgent(queue));
        queue_free(queue);
}

static void test_connections_of_a_uid_take_turns(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *x = add_known(queue, "x", 1), *y = add_known(queue, "y", 1), *z = add_known(queue, "z", 2);

        put(queue, x, "x1");
        put(queue, x, "x2");
        put(queue, x, "x3");
        put(queue, y, "y1");
        put(queue, z, "z1");
        assert_served(queue, 0, "x1 z1 y1 x2 x3");
        queue_free(queue);
}

/* Nobody else waits for one whose uid is not known, and its calls keep their order. */
static void test_the_unknown_are_held(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *new = queue_add(queue, "n"), *old = add_known(queue, "o", 1);

        g_assert_true(queue_find(queue, "n") == new);
        put(queue, new, "n1");
        put(queue, new, "n2");
        put(queue, old, "o1");
        assert_served(queue, 0, "o1");
        g_assert_false(queue_is_ready(queue));
        queue_know(queue, new, 1);
        g_assert_true(queue_is_ready(queue));
        assert_served(queue, 0, "n1 n2");

        for (unsigned i = 0; i < CAP_CALLERS_HELD; i++) {
                char name[16];

                snprintf(name, sizeof(name), "held%u", i);
                g_assert_nonnull(queue_add(queue, name));
        }
        g_assert_null(queue_add(queue, "one more"));
        queue_drop(queue, queue_find(queue, "held7"));
        g_assert_null(queue_find(queue, "held7"));
        g_assert_nonnull(queue_add(queue, "one more"));
        queue_free(queue);
}

static void test_bounds(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *a = add_known(queue, "a", 1), *also_a = add_known(queue, "A", 1),
               *b = add_known(queue, "b", 2);
        Caller *held = queue_add(queue, "h");
        Turn turn;
        char call[] = "refused";

        for (unsigned i = 0; i < CAP_CALLS_WAITING; i++)
                put(queue, i % 2 ? a : also_a, "a");
        g_assert_cmpint(queue_put(queue, a, call, 1, 0), ==, QUEUE_FULL);
        g_assert_cmpint(queue_put(queue, also_a, call, 1, 0), ==, QUEUE_FULL);
        put(queue, b, "b");
        g_assert_true(queue_next(queue, 0, &turn));
        g_assert_cmpuint(turn.caller->uid, ==, 1);
        g_free(turn.call);
        put(queue, a, "a");
        g_assert_cmpint(queue_put(queue, a, call, 1, 0), ==, QUEUE_FULL);

        for (unsigned i = 0; i < CAP_CALLS_HELD; i++)
                put(queue, held, "h");
        g_assert_cmpint(queue_put(queue, held, call, 1, 0), ==, QUEUE_FULL_OF_HELD);

        g_assert_cmpint(queue_put(queue, queue_add(queue, "large"), g_strdup("h"), CAP_CALLERS_HELD_BYTES, 0),
                        ==, QUEUE_WAITS);
        g_assert_cmpint(queue_put(queue, queue_add(queue, "late"), call, 1, 0), ==, QUEUE_FULL_OF_HELD);
        queue_know(queue, queue_find(queue, "large"), 3);
        put(queue, queue_find(queue, "late"), "h");

        /* One that passes the bound of bytes still waits; the next one does not. */
        g_assert_cmpint(queue_put(queue, b, g_strdup("large"), CAP_CALLS_WAITING_BYTES, 0), ==, QUEUE_WAITS);
        g_assert_cmpint(queue_put(queue, b, call, 1, 0), ==, QUEUE_FULL);
        n_freed = 0;
        queue_free(queue);
        g_assert_cmpuint(n_freed, ==, CAP_CALLS_WAITING + 2 + CAP_CALLS_HELD + 2);
}

static void test_who_was_sent_too_much_rests(void) {
        Queue *queue = queue_new(true, free_call);
        Caller *a = add_known(queue, "a", 1), *b = add_known(queue, "b", 2);
        const uint64_t now = 1000000000;

        queue_charge(queue, 1, CAP_ANSWERED_BURST + CAP_ANSWERED_PER_SEC, now);
        g_assert_true(queue_is_over_rate(queue, 1, now));
        g_assert_false(queue_is_over_rate(queue, 2, now));
        put(queue, a, "a1");
        put(queue, b, "b1");
        assert_served(queue, now, "b1");
        g_assert_false(queue_is_ready(queue));
        g_assert_cmpuint(queue_wake_usec(queue), >=, now + 1000000);
        g_assert_cmpuint(queue_wake_usec(queue), <, now + 1000010);
        assert_served(queue, now + 999999, "");
        assert_served(queue, queue_wake_usec(queue), "a1");
        g_assert_cmpuint(queue_wake_usec(queue), ==, UINT64_MAX);

        queue_charge(queue, 0, 10 * CAP_ANSWERED_BURST, now);
        queue_charge_time(queue, 0, 10 * CAP_HELD_UP_BURST, now);
        g_assert_false(queue_is_over_rate(queue, 0, now));
        queue_free(queue);
}

/* Within its burst it does not; then it may hold up others for 20 ms of each second. */
static void test_who_holds_up_others_rests(void) {
        Queue *queue = queue_new(true, free_call);
        Caller *a = add_known(queue, "a", 1), *b = add_known(queue, "b", 2);
        const uint64_t now = 1000000000;

        put(queue, a, "a1");
        queue_charge_time(queue, 1, CAP_HELD_UP_BURST - 1, now);
        assert_served(queue, now, "a1");
        queue_charge_time(queue, 1, 1 + CAP_HELD_UP_PER_SEC, now);
        put(queue, a, "a2");
        put(queue, b, "b1");
        assert_served(queue, now, "b1");
        assert_served(queue, now + 900000, "");
        assert_served(queue, queue_wake_usec(queue), "a2");
        queue_free(queue);
}

static void test_without_a_rate_nobody_rests(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *a = add_known(queue, "a", 1);
        char *most;

        queue_charge(queue, 1, 10 * CAP_ANSWERED_BURST, 1);
        queue_charge(queue, 2, 2048, 1);
        put(queue, a, "a1");
        assert_served(queue, 1, "a1");
        most = queue_who_was_sent_most(queue, 2);
        g_assert_cmpstr(most, ==, "1 (81920 KiB), 2 (2 KiB)");
        g_free(most);
        queue_free(queue);
}

/* Nobody else waits for one whose account is looked for, or who may have left. */
static void test_one_that_is_put_back(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *a = add_known(queue, "a", 1), *b = add_known(queue, "b", 2);
        const uid_t account = 7;
        Turn turn;

        put(queue, a, "a1");
        put(queue, a, "a2");
        put(queue, b, "b1");
        g_assert_true(queue_next(queue, 0, &turn));
        g_assert_cmpstr(turn.call, ==, "a1");
        queue_put_back(queue, &turn, &account);
        put(queue, a, "a3");
        assert_served(queue, 0, "b1");
        queue_account_known(queue, 8);
        assert_served(queue, 0, "");
        queue_account_known(queue, 7);
        assert_served(queue, 0, "a1 a2 a3");

        /* The last of a connection likewise. */
        put(queue, a, "a4");
        g_assert_true(queue_next(queue, 0, &turn));
        queue_put_back(queue, &turn, NULL);
        assert_served(queue, 0, "");
        queue_know(queue, a, 1);
        assert_served(queue, 0, "a4");

        /* It may leave meanwhile. */
        put(queue, b, "b2");
        g_assert_true(queue_next(queue, 0, &turn));
        queue_put_back(queue, &turn, &account);
        n_freed = 0;
        queue_drop(queue, b);
        g_assert_cmpuint(n_freed, ==, 1);
        queue_account_known(queue, 7);
        assert_served(queue, 0, "");
        queue_free(queue);
}

/* It takes as much memory as before, and who called has waited since they called. */
static void test_what_is_put_back_counts(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *a = add_known(queue, "a", 1), *b = add_known(queue, "b", 1);
        const uid_t account = 7;
        char *more = g_strdup("b1");
        Turn turn;

        g_assert_cmpint(queue_put(queue, a, g_strdup("a1"), CAP_CALLS_WAITING_BYTES, 1000), ==, QUEUE_WAITS);
        g_assert_true(queue_next(queue, 1500, &turn));
        queue_put_back(queue, &turn, &account);
        g_assert_cmpint(queue_put(queue, b, more, 1, 2000), ==, QUEUE_FULL);
        queue_account_known(queue, account);
        g_assert_true(queue_next(queue, 3000, &turn));
        g_assert_cmpuint(turn.waited_usec, ==, 2000);
        g_assert_cmpint(queue_put(queue, b, more, 1, 3000), ==, QUEUE_WAITS);
        g_free(turn.call);
        queue_free(queue);
}

/* Whoever is served meanwhile has a share, though those of whom nothing waits are forgotten. */
static void test_what_is_put_back_after_many(void) {
        Queue *queue = queue_new(true, free_call);
        Caller *a = add_known(queue, "a", 1);
        const uid_t account = 7;
        Turn turn;

        put(queue, a, "a1");
        g_assert_true(queue_next(queue, 0, &turn));
        for (uid_t uid = 2; uid < 1100; uid++)
                queue_charge(queue, uid, 0, 0);
        queue_put_back(queue, &turn, &account);
        queue_account_known(queue, account);
        assert_served(queue, 0, "a1");
        queue_free(queue);
}

static void test_many_wait_for_one_account(void) {
        Queue *queue = queue_new(false, free_call);
        const uid_t account = 7, other = 8;
        Turn turn;

        for (unsigned i = 0; i < CAP_CALLERS_HELD_OF; i++) {
                char name[16];

                g_assert_false(queue_is_full_of(queue, account));
                snprintf(name, sizeof(name), "c%u", i);
                put(queue, add_known(queue, name, 7), "call");
                g_assert_true(queue_next(queue, 0, &turn));
                queue_put_back(queue, &turn, &account);
        }
        g_assert_true(queue_is_full_of(queue, account));
        g_assert_false(queue_is_full_of(queue, other));
        queue_account_known(queue, account);
        g_assert_false(queue_is_full_of(queue, account));
        queue_free(queue);
}

static void test_how_long_it_waited(void) {
        Queue *queue = queue_new(false, free_call);
        Caller *a = add_known(queue, "a", 1);
        Turn turn;

        g_assert_cmpint(queue_put(queue, a, g_strdup("a1"), 1, 1000), ==, QUEUE_WAITS);
        g_assert_true(queue_next(queue, 1500, &turn));
        g_assert_cmpuint(turn.waited_usec, ==, 500);
        g_free(turn.call);
        queue_free(queue);
}

/* Those that wait are remembered whatever comes; of the others, the least recently used goes. */
static void test_stays_within_its_capacity(void) {
        Queue *queue = queue_new(true, free_call);
        Caller *waits = add_known(queue, "w", 1);
        unsigned known = 0;
        char name[32];

        put(queue, waits, "w1");
        for (unsigned i = 0; i < 3 * QUEUE_CALLERS_KEPT; i++) {
                snprintf(name, sizeof(name), ":1.%u", i);
                add_known(queue, name, i);
        }
        for (unsigned i = 0; i < 3 * QUEUE_CALLERS_KEPT; i++) {
                snprintf(name, sizeof(name), ":1.%u", i);
                if (queue_find(queue, name)) {
                        g_assert_cmpuint(queue_find(queue, name)->uid, ==, i);
                        known++;
                }
        }
        g_assert_cmpuint(known, ==, QUEUE_CALLERS_KEPT);
        g_assert_true(queue_find(queue, "w") == waits);
        assert_served(queue, 0, "w1");
        queue_free(queue);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/bus/queue/uids", test_uids_take_turns);
        g_test_add_func("/bus/queue/late", test_who_comes_late_is_next);
        g_test_add_func("/bus/queue/connections", test_connections_of_a_uid_take_turns);
        g_test_add_func("/bus/queue/held", test_the_unknown_are_held);
        g_test_add_func("/bus/queue/bounds", test_bounds);
        g_test_add_func("/bus/queue/rate", test_who_was_sent_too_much_rests);
        g_test_add_func("/bus/queue/time", test_who_holds_up_others_rests);
        g_test_add_func("/bus/queue/no-rate", test_without_a_rate_nobody_rests);
        g_test_add_func("/bus/queue/put-back", test_one_that_is_put_back);
        g_test_add_func("/bus/queue/put-back-counts", test_what_is_put_back_counts);
        g_test_add_func("/bus/queue/put-back-after-many", test_what_is_put_back_after_many);
        g_test_add_func("/bus/queue/many-for-one", test_many_wait_for_one_account);
        g_test_add_func("/bus/queue/waited", test_how_long_it_waited);
        g_test_add_func("/bus/queue/capacity", test_stays_within_its_capacity);
        return g_test_run();
}
