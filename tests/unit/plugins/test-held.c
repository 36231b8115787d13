/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* A table of histories: each step is a moment, or what pomod said at it, and says what the world is to be. */

#include <errno.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "plugins/host/held.h"
#include "tests/unit/check.h"

#define SEC   USEC_PER_SEC
#define HOUR  USEC_PER_HOUR
#define BOOT1 "11111111111111111111111111111111"
#define BOOT2 "22222222222222222222222222222222"
#define UP    (HOUR)           /* of the first boot, when a history begins */
#define WALL  (1000000 * HOUR) /* the wall clock then */
#define NEVER UINT64_MAX

static void clear(Held *held) {
        held_clear(held);
}
#define held_ cleanup_(clear) Held

/* So long after the beginning of a history, in its first boot. */
static HeldNow at(uint64_t usec) {
        return (HeldNow){ UP + usec, WALL + usec, true, BOOT1 };
}

/* So long after the second boot, on a wall clock that is so far on since the beginning. */
static HeldNow again(uint64_t up_usec, uint64_t since_usec, bool synchronised) {
        return (HeldNow){ up_usec, WALL + since_usec, synchronised, BOOT2 };
}

static void fill(HeldClaims *claims, uint32_t uid, uint64_t id, uint64_t until_usec, const char *source) {
        HeldClaim *claim = held_claims_add(claims, uid, id);

        held_text(&claim->profile, "deep");
        held_text(&claim->lock, "admin");
        held_text(&claim->source, source);
        claim->end = (HeldEnd){ UP + until_usec, WALL + until_usec, until_usec, true, false };
        held_pairs_add(&claim->settings, "block", "reddit.com");
}

static HeldAnswer answer_of(uint64_t generation) {
        return (HeldAnswer){ .generation = generation, .same_run = true, .pomod_boot_id = BOOT1 };
}

/* One claim of user 1000 for an hour, which the world has. */
static void hold_one(Held *held, const char *source) {
        HeldAnswer answer = answer_of(1);
        HeldNow now = at(0);
        HeldList list;

        held_init(held);
        g_assert_true(held_follow(held, &now));
        fill(&answer.claims, 1000, 7, HOUR, source);
        g_assert_cmpint(held_merge(held, &answer), ==, 1);
        g_assert_cmpint(held_todo(held, &now), ==, HELD_APPLY);
        held_apply_list(held, &now, &list);
        g_assert_cmpuint(list.n, ==, 1);
        held_list_clear(&list);
        g_assert_false(held_applied(held));
        g_assert_cmpint(held_todo(held, &now), ==, HELD_NOTHING);
}

/* How many claims the world is to have now; -1: it is to be left as it is, -2: all is to be released. */
static int world(Held *held, HeldNow now) {
        HeldTodo todo;
        HeldList list;
        int n;

        held_follow(held, &now);
        todo = held_todo(held, &now);
        if (todo == HELD_WAIT || todo == HELD_RELEASE)
                return todo == HELD_WAIT ? -1 : -2;
        held_apply_list(held, &now, &list);
        n = (int) list.n;
        held_list_clear(&list);
        return n;
}

static uint64_t next(const Held *held, HeldNow now) {
        return held_next(held, &now);
}

static bool asks(const Held *held, HeldNow now) {
        return held_asks(held, &now);
}

/* ---- the same boot ---- */

static void test_end(void) {
        held_ held;
        HeldNow now;

        hold_one(&held, "rule");
        CHECK_INT(__LINE__, next(&held, at(0)), UP + HOUR);
        CHECK_INT(__LINE__, world(&held, at(HOUR - 1)), 1);
        CHECK(__LINE__, !asks(&held, at(HOUR - 1)));
        /* At its end pomod is asked, and it holds on until there is no answer. */
        CHECK(__LINE__, asks(&held, at(HOUR)));
        CHECK_INT(__LINE__, world(&held, at(HOUR)), 1);
        CHECK_INT(__LINE__, next(&held, at(HOUR)), UP + HOUR + 2 * SEC);
        CHECK_INT(__LINE__, world(&held, at(HOUR + 2 * SEC - 1)), 1);
        CHECK_INT(__LINE__, world(&held, at(HOUR + 2 * SEC)), 0);
        CHECK(__LINE__, !asks(&held, at(HOUR + 2 * SEC)));
        now = at(HOUR + 2 * SEC);
        CHECK_INT(__LINE__, held_todo(&held, &now), HELD_APPLY);
        /* It is forgotten when the world is without it, and not before. */
        CHECK(__LINE__, !held_is_empty(&held));
        CHECK(__LINE__, held_applied(&held));
        CHECK(__LINE__, held_is_empty(&held));
        CHECK_INT(__LINE__, next(&held, now), NEVER);
}

static void test_answers_at_an_end(void) {
        held_ longer, ended;
        HeldAnswer answer = answer_of(2);

        hold_one(&longer, "user");
        fill(&answer.claims, 1000, 7, 2 * HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&longer, &answer), 1);
        CHECK_INT(__LINE__, world(&longer, at(HOUR + 5 * SEC)), 1);
        CHECK_INT(__LINE__, next(&longer, at(HOUR + 5 * SEC)), UP + 2 * HOUR);

        hold_one(&ended, "user");
        answer = answer_of(2);
        CHECK_INT(__LINE__, held_merge(&ended, &answer), 1);
        CHECK_INT(__LINE__, world(&ended, at(HOUR)), 0);
}

static void test_release(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);
        HeldNow now = at(SEC);

        hold_one(&held, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 0);
        /* Until the world is without it, it stays where --release-ended finds it. */
        CHECK(__LINE__, held_has_ended(&held, &now));
        CHECK(__LINE__, !held_is_empty(&held));
        CHECK(__LINE__, held_applied(&held));
        CHECK(__LINE__, held_is_empty(&held));
}

static void test_comes_back(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);

        hold_one(&held, "user");
        (void) held_merge(&held, &answer);
        answer = answer_of(3);
        fill(&answer.claims, 1000, 7, HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 1);
}

static void test_nothing_new(void) {
        held_ held;
        HeldAnswer answer = answer_of(1);
        HeldNow now = at(SEC);

        hold_one(&held, "user");
        fill(&answer.claims, 1000, 7, HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 0);
        CHECK_INT(__LINE__, held_todo(&held, &now), HELD_NOTHING);
}

static void test_delayed_release(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);

        hold_one(&held, "user");
        fill(&answer.claims, 1000, 7, HOUR, "user");
        answer.claims.list[0].release_boottime_usec = UP + 600 * SEC;
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, next(&held, at(SEC)), UP + 600 * SEC);
        CHECK(__LINE__, asks(&held, at(600 * SEC)));
        CHECK_INT(__LINE__, world(&held, at(600 * SEC)), 1);
        CHECK_INT(__LINE__, world(&held, at(602 * SEC)), 0);
}

static void test_rest(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);
        HeldNow now = at(100 * SEC);

        hold_one(&held, "interval");
        fill(&answer.claims, 1000, 7, HOUR, "interval");
        answer.claims.list[0].rests_until_boottime_usec = UP + 300 * SEC;
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, now), 0);
        CHECK(__LINE__, !held_has_ended(&held, &now));
        CHECK(__LINE__, !held_applied(&held));
        CHECK(__LINE__, !held_is_empty(&held));
        CHECK_INT(__LINE__, next(&held, now), UP + 300 * SEC);
        now = at(300 * SEC);
        CHECK_INT(__LINE__, held_todo(&held, &now), HELD_APPLY);
        CHECK_INT(__LINE__, world(&held, now), 1);

        answer = answer_of(3);
        fill(&answer.claims, 1000, 7, HOUR, "interval");
        answer.claims.list[0].rests_until_boottime_usec = NEVER;
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, now), 0);
        CHECK_INT(__LINE__, next(&held, now), UP + HOUR);
}

/* A break that is the last of a claim: while pomod is asked, it does not come back for a moment. */
static void test_rest_to_the_end(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);

        hold_one(&held, "interval");
        fill(&answer.claims, 1000, 7, 300 * SEC, "interval");
        answer.claims.list[0].rests_until_boottime_usec = UP + 300 * SEC;
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(299 * SEC)), 0);
        CHECK(__LINE__, asks(&held, at(300 * SEC)));
        CHECK_INT(__LINE__, world(&held, at(300 * SEC)), 0);
        CHECK_INT(__LINE__, world(&held, at(302 * SEC)), 0);
}

/* ---- answers that are none, or not of everybody ---- */

static void test_unknown(void) {
        const uint32_t unknown[] = { 1000 };
        held_ held;
        HeldAnswer answer = answer_of(2);

        hold_one(&held, "user");
        answer.unknown = unknown;
        answer.n_unknown = 1;
        fill(&answer.claims, 1001, 7, HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 2);
        CHECK_INT(__LINE__, held.claims.list[0].uid, 1000);
        /* What is not heard of ends at its end. */
        CHECK_INT(__LINE__, world(&held, at(HOUR + 2 * SEC)), 0);

        /* Known again, and without a claim. */
        answer = answer_of(3);
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 0);
}

static void test_older(void) {
        held_ held;
        HeldAnswer answer = answer_of(0);

        hold_one(&held, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), -ESTALE);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 1);
        /* Of another pomod, whose clock was set back. */
        answer.same_run = false;
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 0);
}

static void test_standing(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);
        HeldNow now = at(SEC);
        HeldList list;

        hold_one(&held, "user");
        fill(&answer.claims, 1000, 7, HOUR, "user");
        held_pairs_add(&answer.standing, "sound", "no");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_STR(__LINE__, held_pairs_get(&held.standing, "sound"), "no");
        held_apply_list(&held, &now, &list);
        held_list_clear(&list);
        /* What changes while the plugin is still at it comes afterwards. */
        answer = answer_of(3);
        fill(&answer.claims, 1000, 7, HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        (void) held_applied(&held);
        CHECK_INT(__LINE__, held_todo(&held, &now), HELD_APPLY);
}

static void test_changed_meanwhile(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);
        HeldNow now = at(SEC);
        HeldList list;

        hold_one(&held, "user");
        held_apply_list(&held, &now, &list);
        held_list_clear(&list);
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        /* The world has it still: it was in the list. */
        (void) held_applied(&held);
        CHECK(__LINE__, !held_is_empty(&held));
        CHECK_INT(__LINE__, held_todo(&held, &now), HELD_APPLY);
        CHECK_INT(__LINE__, world(&held, now), 0);
}

/* ---- clocks ---- */

static void test_clock_set(void) {
        held_ held;
        HeldNow now = at(SEC);

        hold_one(&held, "user");
        now.realtime_usec += 48 * HOUR;
        CHECK(__LINE__, held_follow(&held, &now));
        CHECK(__LINE__, !held_follow(&held, &now));
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, UP + HOUR);
        /* Nor does it lift anything in another boot. */
        CHECK_INT(__LINE__, held.claims.list[0].end.realtime_usec, WALL + 49 * HOUR);
        CHECK_INT(__LINE__, world(&held, again(SEC, 48 * HOUR + 60 * SEC, true)), 1);
}

static void test_not_firm(void) {
        held_ held;
        HeldNow now = { 10 * SEC, 0, false, BOOT1 };
        HeldAnswer answer = answer_of(1);
        HeldClaim *claim;

        held_init(&held);
        held_follow(&held, &now);
        claim = held_claims_add(&answer.claims, 1000, 7);
        held_text(&claim->source, "rule");
        claim->end = (HeldEnd){ 10 * SEC + HOUR, HOUR, HOUR, false, false };
        (void) held_merge(&held, &answer);
        CHECK_INT(__LINE__, world(&held, now), 1);
        /* It goes where the clock goes … */
        now = (HeldNow){ 20 * SEC, HOUR / 2, false, BOOT1 };
        CHECK(__LINE__, held_follow(&held, &now));
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 20 * SEC + HOUR / 2);
        now = (HeldNow){ 30 * SEC, HOUR / 4, true, BOOT1 };
        CHECK(__LINE__, held_follow(&held, &now));
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 30 * SEC + HOUR * 3 / 4);
        /* … until somebody vouches for it. */
        now.realtime_usec = 30 * HOUR;
        CHECK(__LINE__, held_follow(&held, &now));
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 30 * SEC + HOUR * 3 / 4);
        CHECK_INT(__LINE__, world(&held, now), 1);
}

static void test_not_firm_for_long(void) {
        held_ held;
        HeldNow now = { 10 * SEC, 0, false, BOOT1 };
        HeldAnswer answer = answer_of(1);
        HeldClaim *claim;

        held_init(&held);
        held_follow(&held, &now);
        claim = held_claims_add(&answer.claims, 1000, 7);
        held_text(&claim->source, "rule");
        claim->end = (HeldEnd){ 10 * SEC + HOUR, HOUR, HOUR, false, false };
        (void) held_merge(&held, &answer);
        now = (HeldNow){ 600 * SEC, 590 * SEC, false, BOOT1 };
        CHECK(__LINE__, held_follow(&held, &now));
        now.realtime_usec += 30 * HOUR;
        (void) held_follow(&held, &now);
        CHECK_INT(__LINE__, world(&held, now), 1);
}

/* ---- another boot: clamp(wall end - now, 0, length) ---- */

static void test_other_boot(void) {
        static const struct {
                int line;
                uint64_t since_usec; /* on the wall, since the claim of an hour began */
                uint64_t left_usec;
        } rows[] = {
                { __LINE__, 60 * SEC, HOUR - 60 * SEC }, { __LINE__, HOUR - 1, 1 }, { __LINE__, HOUR, 0 },
                { __LINE__, 100 * HOUR, 0 }, { __LINE__, 0, HOUR },
                { __LINE__, -100 * HOUR,
                                HOUR }, /* a clock that lost its battery gives no more than an hour */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                for (int synchronised = 0; synchronised < 2; synchronised++) {
                        held_ held;
                        HeldNow now = again(5 * SEC, rows[i].since_usec, synchronised);

                        hold_one(&held, "user");
                        CHECK_INT(rows[i].line, held_wait_usec(&held), 2 * SEC);
                        CHECK(rows[i].line, held_follow(&held, &now));
                        CHECK_INT(rows[i].line, held.claims.list[0].end.boottime_usec,
                                        5 * SEC + rows[i].left_usec);
                        CHECK_INT(rows[i].line, held_wait_usec(&held), 30 * SEC);
                        CHECK_STR(rows[i].line, held.boot_id, BOOT2);
                        /* Looking again gives it nothing more. */
                        now.boottime_usec += 10 * SEC;
                        now.realtime_usec += 10 * SEC;
                        (void) held_follow(&held, &now);
                        CHECK_INT(rows[i].line, held.claims.list[0].end.boottime_usec,
                                        5 * SEC + rows[i].left_usec);
                }
}

static void test_other_boot_then_synchronised(void) {
        held_ held;

        /* The clock begins in the past, and is set right after 20 s. */
        hold_one(&held, "rule");
        CHECK_INT(__LINE__, world(&held, again(5 * SEC, -100 * HOUR, false)), 1);
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 5 * SEC + HOUR);
        CHECK_INT(__LINE__, world(&held, again(25 * SEC, HOUR / 2, true)), 1);
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 25 * SEC + HOUR / 2);
        /* From here on nobody sets it away. */
        CHECK_INT(__LINE__, world(&held, again(26 * SEC, 100 * HOUR, true)), 1);
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 25 * SEC + HOUR / 2);
}

static void test_other_boot_by_hand(void) {
        held_ held;

        /* A clock that is set by hand ends no claim that was made by hand. */
        hold_one(&held, "user");
        CHECK_INT(__LINE__, world(&held, again(5 * SEC, 60 * SEC, false)), 1);
        CHECK_INT(__LINE__, world(&held, again(10 * SEC, 50 * HOUR, false)), 1);
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 5 * SEC + HOUR - 60 * SEC);
}

static void test_other_boot_of_a_rest(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);

        hold_one(&held, "interval");
        fill(&answer.claims, 1000, 7, HOUR, "interval");
        answer.claims.list[0].rests_until_boottime_usec = NEVER;
        answer.claims.list[0].release_boottime_usec = UP + 60 * SEC;
        (void) held_merge(&held, &answer);
        CHECK_INT(__LINE__, world(&held, again(5 * SEC, 60 * SEC, true)), 1);
        CHECK_INT(__LINE__, next(&held, again(5 * SEC, 60 * SEC, true)), 5 * SEC + HOUR - 60 * SEC);
}

static void test_answer_in_another_boot(void) {
        held_ held;
        HeldAnswer answer = answer_of(2);

        hold_one(&held, "user");
        (void) world(&held, again(5 * SEC, 60 * SEC, true));
        answer.same_run = false;
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, held_wait_usec(&held), 2 * SEC);
        CHECK_INT(__LINE__, world(&held, again(6 * SEC, 61 * SEC, true)), 0);
}

/* By a clock that may be wrong it is past: it rests, and comes back with the right one. */
static void test_other_boot_in_the_future(void) {
        held_ held;
        HeldNow now = again(5 * SEC, 100 * HOUR, false);

        hold_one(&held, "user");
        CHECK_INT(__LINE__, world(&held, now), 1);
        now = again(7 * SEC, 100 * HOUR + 2 * SEC, false);
        CHECK_INT(__LINE__, world(&held, now), 0);
        CHECK(__LINE__, !held_has_ended(&held, &now));
        CHECK(__LINE__, !held_applied(&held));
        CHECK_INT(__LINE__, next(&held, now), 600 * SEC);
        CHECK_INT(__LINE__, world(&held, again(60 * SEC, HOUR / 2, true)), 1);
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 60 * SEC + HOUR / 2);

        /* Nobody says otherwise for long enough. */
        held_clear(&held);
        hold_one(&held, "user");
        CHECK_INT(__LINE__, world(&held, again(5 * SEC, 100 * HOUR, false)), 1);
        now = again(600 * SEC, 100 * HOUR + 595 * SEC, false);
        CHECK_INT(__LINE__, world(&held, now), 0);
        CHECK(__LINE__, held_has_ended(&held, &now));
}

/* ---- what could not be read ---- */

static void test_unread(void) {
        held_ held;
        HeldNow now = at(0);

        held_init(&held);
        held_set_unread(&held, &now);
        CHECK_INT(__LINE__, world(&held, at(0)), -1);
        CHECK_INT(__LINE__, next(&held, at(0)), UP + 12 * HOUR);
        CHECK_INT(__LINE__, world(&held, at(12 * HOUR - 1)), -1);
        now = at(12 * HOUR - 1);
        CHECK(__LINE__, !held_has_ended(&held, &now));
        CHECK_INT(__LINE__, world(&held, at(12 * HOUR)), -2);
        now = at(12 * HOUR);
        CHECK(__LINE__, held_has_ended(&held, &now));
        CHECK(__LINE__, held_released(&held));
        CHECK(__LINE__, held_is_empty(&held));
}

static void test_unread_is_answered(void) {
        const uint32_t unknown[] = { 1001 };
        held_ held;
        HeldNow now = at(0);
        HeldAnswer answer = answer_of(1);

        held_init(&held);
        held_set_unread(&held, &now);
        /* What was lost may have been 1001's, of whom nothing is known; 1000 does not wait for that. */
        answer.unknown = unknown;
        answer.n_unknown = 1;
        fill(&answer.claims, 1000, 7, 20 * HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 1);
        CHECK_INT(__LINE__, world(&held, at(12 * HOUR)), 1);

        answer = answer_of(2);
        fill(&answer.claims, 1000, 7, 20 * HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 0);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 1);

        /* Nobody has a claim: that is an answer, too. */
        held_forget(&held);
        held_set_unread(&held, &now);
        answer = answer_of(3);
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, held_todo(&held, &now), HELD_APPLY);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 0);
}

/* Nobody is given anything until pomod speaks; then each user of whom it cannot has what was legible. */
static void test_unread_is_legible(void) {
        const uint32_t unknown[] = { 1001 };
        HeldClaims claims = {};
        held_ held;
        HeldNow now = at(0);
        HeldAnswer answer = answer_of(1);

        held_init(&held);
        held_set_unread(&held, &now);
        fill(&claims, 1000, 6, HOUR, "user");
        fill(&claims, 1000, 7, HOUR, "user");
        fill(&claims, 1001, 7, HOUR, "user");
        fill(&claims, 1001, 8, 20 * HOUR, "user");
        held_add_legible(&held, &claims, true, &now);
        CHECK_INT(__LINE__, claims.n, 0);
        CHECK_INT(__LINE__, world(&held, at(SEC)), -1);

        answer.unknown = unknown;
        answer.n_unknown = 1;
        fill(&answer.claims, 1000, 7, HOUR, "user");
        CHECK_INT(__LINE__, held_merge(&held, &answer), 1);
        CHECK_INT(__LINE__, world(&held, at(SEC)), 3);
        CHECK(__LINE__, held_claims_find(&held.claims, 1000, 6)->gone);
        CHECK_INT(__LINE__, world(&held, at(2 * HOUR)), 1);
        /* No longer than what could not be read is held in any case. */
        CHECK_INT(__LINE__, world(&held, at(12 * HOUR)), 1);
        CHECK_INT(__LINE__, world(&held, at(12 * HOUR + 2 * SEC)), 0);
}

static void test_legible_of_another_boot(void) {
        HeldClaims claims = {};
        held_ held;
        HeldNow now = again(5 * SEC, HOUR, true);

        held_init(&held);
        held_set_unread(&held, &now);
        fill(&claims, 1000, 7, 2 * HOUR, "user");
        claims.list[0].rests_until_boottime_usec = UP;
        held_add_legible(&held, &claims, false, &now);
        CHECK_INT(__LINE__, held.claims.list[0].end.boottime_usec, 5 * SEC + HOUR);
        CHECK_INT(__LINE__, held.claims.list[0].rests_until_boottime_usec, 0);
        CHECK_INT(__LINE__, world(&held, now), -1);
        CHECK_INT(__LINE__, world(&held, again(5 * SEC + 12 * HOUR, 13 * HOUR, true)), -2);
}

static void test_unread_in_another_boot(void) {
        held_ held;
        HeldNow now = at(0);

        held_init(&held);
        held_set_unread(&held, &now);
        CHECK_INT(__LINE__, world(&held, again(5 * SEC, 2 * HOUR, true)), -1);
        CHECK_INT(__LINE__, held.unread.boottime_usec, 5 * SEC + 10 * HOUR);
        CHECK_INT(__LINE__, world(&held, again(5 * SEC + 10 * HOUR, 12 * HOUR, true)), -2);
}

/* ---- whose word it is ---- */

static void test_elsewhere(void) {
        static const struct {
                int line;
                const char *bus, *store;
                int want;
        } rows[] = {
                { __LINE__, "system", "/var/lib/pomod", 0 },
                { __LINE__, "system", "", 0 },
                { __LINE__, "session", "/var/lib/pomod", 0 },
                { __LINE__, "session", "", -EXDEV },
                { __LINE__, "system", "/srv/pomod", -EXDEV },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ char *sentence = NULL;
                held_ held;
                HeldNow now = at(SEC);

                hold_one(&held, "user");
                CHECK_INT(rows[i].line, held_adopt(&held, "system", "/var/lib/pomod", &now, NULL), 0);
                CHECK_INT(rows[i].line, held_adopt(&held, rows[i].bus, rows[i].store, &now, &sentence),
                                rows[i].want);
                CHECK(rows[i].line,
                                (rows[i].want != 0) ==
                                                (sentence && strstr(sentence,
                                                                             "pomod on system (/var/lib/pomod)")));
                CHECK_STR(rows[i].line, held.store, "/var/lib/pomod");
                /* What has ended is in nobody's way. */
                now = at(HOUR + 2 * SEC);
                CHECK_INT(rows[i].line, held_adopt(&held, rows[i].bus, rows[i].store, &now, NULL), 0);
        }
}

/* The same folder with another number is an empty one, whose file system is not mounted. */
static void test_empty_folder(void) {
        cleanup_free_ char *sentence = NULL;
        held_ held;
        HeldNow now = at(SEC);

        hold_one(&held, "user");
        /* Of an older pomod, which said the folder alone. */
        CHECK_INT(__LINE__, held_adopt(&held, "system", "/var/lib/pomod", &now, NULL), 0);
        CHECK_INT(__LINE__, held_adopt(&held, "system", "/srv/pomod#1", &now, NULL), -EXDEV);
        CHECK_INT(__LINE__, held_adopt(&held, "system", "/var/lib/pomod#1", &now, NULL), 0);
        CHECK_STR(__LINE__, held.store, "/var/lib/pomod#1");
        CHECK_INT(__LINE__, held_adopt(&held, "system", "/var/lib/pomod#2", &now, &sentence), -EXDEV);
        CHECK(__LINE__, strstr(sentence, "(/var/lib/pomod#1) said, and this is system (/var/lib/pomod#2)"));
        CHECK_INT(__LINE__, held_adopt(&held, "system", "/var/lib/pomod#1", &now, NULL), 0);
}

static void test_order(void) {
        held_ held;

        held_init(&held);
        for (uint64_t id = 20; id > 0; id--)
                fill(&held.claims, (uint32_t) (id % 3), id, HOUR, "user");
        CHECK_INT(__LINE__, held.claims.n, 20);
        for (size_t i = 1; i < held.claims.n; i++) {
                const HeldClaim *a = &held.claims.list[i - 1], *b = &held.claims.list[i];

                CHECK(__LINE__, a->uid < b->uid || (a->uid == b->uid && a->id < b->id));
        }
        CHECK(__LINE__, held_claims_find(&held.claims, 1, 7) != NULL);
        CHECK(__LINE__, held_claims_find(&held.claims, 2, 7) == NULL);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/held/an end, and no answer", test_end);
        g_test_add_func("/held/an end, and an answer", test_answers_at_an_end);
        g_test_add_func("/held/a release", test_release);
        g_test_add_func("/held/a claim that comes back", test_comes_back);
        g_test_add_func("/held/an answer with nothing new", test_nothing_new);
        g_test_add_func("/held/a release that waits", test_delayed_release);
        g_test_add_func("/held/a rest", test_rest);
        g_test_add_func("/held/a rest to the end", test_rest_to_the_end);
        g_test_add_func("/held/users of whom pomod cannot speak", test_unknown);
        g_test_add_func("/held/an older answer", test_older);
        g_test_add_func("/held/standing settings", test_standing);
        g_test_add_func("/held/a change while a plugin is at it", test_changed_meanwhile);
        g_test_add_func("/held/a clock that is set lifts nothing", test_clock_set);
        g_test_add_func("/held/a clock that nobody vouched for", test_not_firm);
        g_test_add_func("/held/a clock that nobody ever vouches for", test_not_firm_for_long);
        g_test_add_func("/held/another boot", test_other_boot);
        g_test_add_func("/held/another boot, and the clock is set right", test_other_boot_then_synchronised);
        g_test_add_func("/held/another boot, and the clock is set by hand", test_other_boot_by_hand);
        g_test_add_func("/held/another boot, in the future", test_other_boot_in_the_future);
        g_test_add_func("/held/another boot, and what rested", test_other_boot_of_a_rest);
        g_test_add_func("/held/another boot, and an answer", test_answer_in_another_boot);
        g_test_add_func("/held/what could not be read", test_unread);
        g_test_add_func("/held/what could not be read, and an answer", test_unread_is_answered);
        g_test_add_func("/held/what is legible of it", test_unread_is_legible);
        g_test_add_func("/held/what is legible of another boot", test_legible_of_another_boot);
        g_test_add_func("/held/what could not be read, and another boot", test_unread_in_another_boot);
        g_test_add_func("/held/another bus or store", test_elsewhere);
        g_test_add_func("/held/the word of an empty folder", test_empty_folder);
        g_test_add_func("/held/by uid, then id", test_order);
        return g_test_run();
}
