/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What people, rules and intervals make of claims. */

#include "tests/unit/core/focus-world.h"

#define PROFILES                                                               \
        "[Profile deep]\nPlugins=sites;mute\nsites.Block=reddit.com;@social\n" \
        "[Profile quiet]\nPlugins=mute\nmute.What=mail\nBreaks=yes\n"

static void check_refused(const FocusWorld *world, int r, int code, const char *word) {
        g_assert_cmpint(r, ==, code);
        g_assert_cmpint(world->refusal.code, ==, code);
        if (!strstr(world->refusal.message, word))
                g_error("no \"%s\" in: %s", word, world->refusal.message);
}

/* ---- by hand ---- */

static void test_engage(void) {
        FocusWorld *world = focus_world_new(PROFILES);
        const Claim *claim;

        g_assert_cmpint(focus_world_engage(world, "deep", HOUR(2), LOCK_NONE, 0), ==, 0);
        claim = focus_world_claim(world, 0);
        g_assert_cmpint(claim->id, ==, 1);
        g_assert_cmpint(claim->source, ==, CLAIM_BY_USER);
        g_assert_cmpstr(claim->profile.name, ==, "deep");
        g_assert_cmpstr(claim->profile.settings[0].value, ==, "reddit.com;@social");
        g_assert_cmpuint(claim->until_real_usec, ==, world->now.real_usec + HOUR(2));
        g_assert_true(claim_holds(claim, &world->now));

        /* The union: a second claim changes nothing of the first. */
        g_assert_cmpint(focus_world_engage(world, "quiet", MIN_(5), LOCK_NONE, 0), ==, 0);
        g_assert_cmpstr(focus_world_claim(world, 0)->profile.name, ==, "deep");
        g_assert_cmpstr(focus_world_claim(world, 1)->profile.name, ==, "quiet");
        focus_world_wait(world, MIN_(5));
        g_assert_null(focus_world_claim(world, 1));
        g_assert_cmpint(focus_world_record(world, 2)->state, ==, CLAIM_ENDED);
        g_assert_cmpuint(focus_world_record(world, 2)->ended_real_usec, ==, WORLD_REAL_USEC + MIN_(5));

        /* What the profile becomes is nothing to a claim that has engaged. */
        focus_world_set_rules(world, "[Profile deep]\nPlugins=mute\nmute.What=chat\n");
        focus_world_settle(world);
        g_assert_cmpstr(focus_world_claim(world, 0)->profile.settings[0].key, ==, "Block");
        focus_world_free(world);
}

static void test_engage_refused(void) {
        FocusWorld *world = focus_world_new(PROFILES);

        check_refused(world, focus_world_engage(world, "work", HOUR(1), LOCK_NONE, 0),
                        REFUSAL_NO_SUCH_PROFILE, "work");
        check_refused(world, focus_world_engage(world, "deep", 0, LOCK_NONE, 0), REFUSAL_INVALID_ARGUMENT,
                        "0s is no time to focus; it can be 1s to");
        check_refused(world, focus_world_engage(world, "deep", HOUR(24 * 7) + 1, LOCK_NONE, 0),
                        REFUSAL_INVALID_ARGUMENT,
                        "168h is no time to focus; it can be 1s to 168h, which are 7 days");
        check_refused(world, focus_world_engage(world, "deep", HOUR(1), LOCK_DELAY, HOUR(25)),
                        REFUSAL_INVALID_ARGUMENT, "the wait of a delay lock is 25h; it can be 1s to 24h");
        for (unsigned i = 0; i < CAP_CLAIMS; i++)
                g_assert_cmpint(focus_world_engage(world, "deep", HOUR(1), LOCK_NONE, 0), ==, 0);
        check_refused(world, focus_world_engage(world, "deep", HOUR(1), LOCK_NONE, 0),
                        REFUSAL_LIMITS_EXCEEDED, "100");
        focus_world_free(world);
}

static void add_list(GArray *lists, const char *name, char digit, uint32_t names) {
        NameList list = { .names = names };

        g_strlcpy(list.name, name, sizeof(list.name));
        memset(list.digest, digit, LIST_DIGEST_MAX - 1);
        g_array_append_val(lists, list);
}

#define BIG                                                                        \
        "[Profile big]\nPlugins=sites\nsites.Block=@big;@big\nsites.Except=@big\n" \
        "[Profile one]\nPlugins=sites\nsites.Block=a.org;@one\n"                   \
        "[Profile mute]\nPlugins=mute\nmute.What=@one\n"

/* Each claim and each setting that names a list counts, for its plugin alone, with the names it had then. */
static void test_names_of_lists(void) {
        FocusWorld *world = focus_world_new(BIG);
        GArray *lists = world->lists = g_array_new(FALSE, FALSE, sizeof(NameList));
        const unsigned n = CAP_GIVEN_LIST_NAMES / CAP_LIST_NAMES / 2;
        const Claim *claim;

        G_STATIC_ASSERT(CAP_GIVEN_LIST_NAMES % (2 * CAP_LIST_NAMES) == 0);
        add_list(lists, "big", 'a', CAP_LIST_NAMES);
        add_list(lists, "one", 'b', 1);
        for (unsigned i = 0; i < n; i++)
                g_assert_cmpint(focus_world_engage(world, "big", HOUR(1), LOCK_NONE, 0), ==, 0);
        g_array_index(lists, NameList, 0).names = 1;
        check_refused(world, focus_world_engage(world, "one", HOUR(1), LOCK_NONE, 0), REFUSAL_LIMITS_EXCEEDED,
                        "would have 200001 names of lists for the plugin sites; it can have 200000,");
        g_assert_cmpint(focus_world_engage(world, "mute", HOUR(1), LOCK_NONE, 0), ==, 0);
        /* A window of a rule is on record with why. */
        focus_world_set_rules(world, BIG "[Rule now]\nHours=00:00-24:00\nFocus=one\n");
        focus_world_settle(world);
        claim = focus_world_record(world, n + 2);
        g_assert_cmpint(claim->source, ==, CLAIM_BY_RULE);
        g_assert_cmpstr(claim->failure, ==,
                        "sites: left out, because it would have 200001 names of lists with what is in force, and can have 200000");
        g_assert_cmpuint(g_strv_length(claim->profile.plugins), ==, 0);
        g_assert_cmpint(focus_world_release(world, 1, "", false), ==, 0);
        g_assert_cmpint(focus_world_engage(world, "one", HOUR(1), LOCK_NONE, 0), ==, 0);
        focus_world_free(world);
        g_array_unref(lists);
}

static void test_release(void) {
        FocusWorld *world = focus_world_new(PROFILES);

        g_assert_cmpint(focus_world_engage(world, "deep", HOUR(2), LOCK_NONE, 0), ==, 0);
        g_assert_cmpint(focus_world_engage(world, "deep", HOUR(2), LOCK_ADMIN, 0), ==, 0);
        check_refused(world, focus_world_release(world, 3, "x", true), REFUSAL_NO_SUCH_CLAIM, "#3");
        check_refused(world, focus_world_release(world, 2, "", true), REFUSAL_LOCKED, "reason");
        check_refused(world, focus_world_release(world, 2, " ", true), REFUSAL_LOCKED, "reason");
        check_refused(world, focus_world_release(world, 2, "a fire", false), REFUSAL_LOCKED, "administrator");
        /* All of them or none. */
        check_refused(world, focus_world_release(world, 0, "a fire", false), REFUSAL_LOCKED, "administrator");
        g_assert_nonnull(focus_world_claim(world, 1));

        g_assert_cmpint(focus_world_release(world, 1, NULL, false), ==, 0);
        g_assert_cmpint(focus_world_record(world, 1)->state, ==, CLAIM_RELEASED);
        g_assert_cmpint(focus_world_release(world, 2, "a fire", true), ==, 0);
        g_assert_cmpstr(focus_world_record(world, 2)->reason, ==, "a fire");
        g_assert_cmpuint(focus_world_record(world, 2)->ended_real_usec, ==, world->now.real_usec);
        check_refused(world, focus_world_release(world, 2, "x", true), REFUSAL_NO_SUCH_CLAIM, "#2");
        check_refused(world, focus_world_release(world, 0, "x", true), REFUSAL_NO_SUCH_CLAIM, "no claim");
        focus_world_free(world);
}

static int withdraw(FocusWorld *world, int64_t id) {
        FocusEnv env = focus_world_env(world);
        FocusChange change;
        int r = focus_withdraw(world->claims, &env, id, &change, &world->refusal);

        if (r == 0)
                focus_world_take(world, &change);
        return r;
}

static void test_delay(void) {
        FocusWorld *world = focus_world_new(PROFILES);
        uint64_t due;

        g_assert_cmpint(focus_world_engage(world, "deep", HOUR(2), LOCK_DELAY, MIN_(10)), ==, 0);
        check_refused(world, withdraw(world, 1), REFUSAL_NOT_POSSIBLE, "waiting");
        check_refused(world, withdraw(world, 2), REFUSAL_NO_SUCH_CLAIM, "#2");
        check_refused(world, focus_world_release(world, 1, "", true), REFUSAL_LOCKED, "reason");
        g_assert_cmpint(focus_world_release(world, 1, "a fire", false), ==, 0);
        g_assert_nonnull(focus_world_claim(world, 0));
        due = focus_world_claim(world, 0)->release_boot_usec;
        g_assert_cmpuint(due, ==, world->now.boot_usec + MIN_(10));

        /* Asking again begins no other wait; taking it back ends it. */
        focus_world_wait(world, MIN_(5));
        g_assert_cmpint(focus_world_release(world, 1, "now", false), ==, 0);
        g_assert_cmpuint(focus_world_claim(world, 0)->release_boot_usec, ==, due);
        g_assert_cmpstr(focus_world_claim(world, 0)->reason, ==, "a fire");
        g_assert_cmpint(withdraw(world, 0), ==, 0);
        g_assert_null(focus_world_claim(world, 0)->reason);
        focus_world_wait(world, MIN_(30));
        g_assert_nonnull(focus_world_claim(world, 0));

        g_assert_cmpint(focus_world_release(world, 0, "a flood", false), ==, 0);
        focus_world_wait(world, MIN_(10));
        g_assert_null(focus_world_claim(world, 0));
        g_assert_cmpint(focus_world_record(world, 1)->state, ==, CLAIM_RELEASED);
        g_assert_cmpstr(focus_world_record(world, 1)->reason, ==, "a flood");
        g_assert_cmpuint(focus_world_record(world, 1)->ended_real_usec, ==, world->now.real_usec);
        focus_world_free(world);
}

/* A wait that is longer than what is left releases nothing: it stood to its end. */
static void test_delay_past_end(void) {
        FocusWorld *world = focus_world_new(PROFILES);

        g_assert_cmpint(focus_world_engage(world, "deep", MIN_(5), LOCK_DELAY, MIN_(10)), ==, 0);
        g_assert_cmpint(focus_world_release(world, 1, "a fire", false), ==, 0);
        focus_world_wait(world, MIN_(5));
        g_assert_cmpint(focus_world_record(world, 1)->state, ==, CLAIM_ENDED);
        focus_world_free(world);
}

/* ---- by rules ---- */

/* Released is released: what it was made for does not engage again. */
static void test_rule_released(void) {
        FocusWorld *world = focus_world_new(
                        PROFILES "[Rule day]\nHours=09:00-12:00;12:00-13:00\nFocus=deep\nLock=delay 5m\n");

        focus_world_wait(world, HOUR(1));
        g_assert_cmpint(focus_world_claim(world, 0)->lock, ==, LOCK_DELAY);
        g_assert_cmpint(focus_world_release(world, 0, "a fire", false), ==, 0);
        focus_world_wait(world, HOUR(1));
        g_assert_null(focus_world_claim(world, 0));
        g_assert_cmpuint(world->record->len, ==, 1);
        /* The hours that follow at once are another window, and no edge of the schedule. */
        focus_world_wait(world, HOUR(2));
        g_assert_cmpuint(world->record->len, ==, 2);
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(1));
        g_assert_cmpuint(focus_world_record(world, 2)->window_start_sec, ==, 12 * 3600);
        focus_world_free(world);
}

static void test_rule_edited(void) {
        FocusWorld *world =
                        focus_world_new(PROFILES "[Rule day]\nHours=08:00-12:00\nFocus=deep\nLock=admin\n");

        g_assert_cmpuint(focus_world_left(world), ==, HOUR(4));
        focus_world_set_rules(world, PROFILES "[Rule day]\nHours=08:00-09:00\nFocus=quiet\n");
        focus_world_settle(world);
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(4));
        g_assert_cmpint(focus_world_claim(world, 0)->lock, ==, LOCK_ADMIN);
        g_assert_cmpstr(focus_world_claim(world, 0)->profile.name, ==, "deep");
        /* Away begins in the middle of it: the claim stands all the same. */
        focus_world_set_rules(world, PROFILES "[Rule ill]\nKind=away\nDates=2026-07-01..2026-07-02\n");
        focus_world_settle(world);
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(4));
        focus_world_free(world);
}

/* Nobody wants these. */
static void test_rule_without_focus(void) {
        FocusWorld *world = focus_world_new("[Rule day]\nHours=08:00-12:00\n"
                                            "[Rule ill]\nKind=away\nDates=2026-07-02..2026-07-02\n"
                                            "[Rule desk]\nKind=office-day\nDays=Fri\nHours=09:00-17:00\n");

        focus_world_wait(world, HOUR(24 * 2));
        g_assert_cmpuint(world->record->len, ==, 0);
        /* An office day is on record all the same. */
        focus_world_wait(world, HOUR(1));
        g_assert_cmpuint(world->record->len, ==, 1);
        g_assert_cmpint(focus_world_claim(world, 0)->rule_kind, ==, RULE_OFFICE_DAY);
        g_assert_null(focus_world_claim(world, 0)->profile.plugins);
        focus_world_free(world);
}

/* ---- by intervals ---- */

static void begin(FocusWorld *world, int64_t id, IntervalKind kind, uint64_t planned_usec,
                const char *profile) {
        world->running = (Running){
                .id = id,
                .kind = kind,
                .started_boot_usec = world->now.boot_usec,
                .started_real_usec = world->now.real_usec,
                .planned_usec = planned_usec,
        };
        world->start_profile = profile;
        focus_world_settle(world);
}

static void idle(FocusWorld *world) {
        world->running = (Running){};
        focus_world_settle(world);
}

/* What a pomodoro claims rests in the break and goes on in the next one; Breaks=yes does not rest. */
static void test_interval_chain(void) {
        static const char *const profiles[] = { "deep", "quiet" };

        for (unsigned i = 0; i < G_N_ELEMENTS(profiles); i++) {
                FocusWorld *world = focus_world_new(PROFILES);
                const Claim *claim;

                begin(world, 7, INTERVAL_POMODORO, MIN_(25), profiles[i]);
                g_assert_cmpuint(focus_world_left(world), ==, MIN_(25));
                focus_world_sleep(world, MIN_(25) - 1);
                world->now.boot_usec++;
                world->now.real_usec++;
                begin(world, 8, INTERVAL_SHORT_BREAK, MIN_(5), NULL);
                claim = focus_world_claim(world, 0);
                g_assert_cmpuint(focus_world_left(world), ==, MIN_(5));
                g_assert_true(claim_holds(claim, &world->now) == (i == 1));
                focus_world_sleep(world, MIN_(5));
                begin(world, 9, INTERVAL_POMODORO, MIN_(25), NULL);
                claim = focus_world_claim(world, 0);
                g_assert_true(claim_holds(claim, &world->now));
                g_assert_cmpint(claim->interval, ==, 9);
                g_assert_cmpuint(world->record->len, ==, 1);
                focus_world_sleep(world, MIN_(3));
                idle(world);
                g_assert_null(focus_world_claim(world, 0));
                g_assert_cmpint(focus_world_record(world, 1)->state, ==, CLAIM_ENDED);
                focus_world_free(world);
        }
}

/* Another interval in its place is not what the claim was made for. */
static void test_interval_switched(void) {
        FocusWorld *world = focus_world_new(PROFILES);

        begin(world, 1, INTERVAL_FREEFORM, 0, "deep");
        begin(world, 2, INTERVAL_POMODORO, MIN_(25), NULL);
        g_assert_null(focus_world_claim(world, 0));
        begin(world, 3, INTERVAL_POMODORO, MIN_(25), "deep");
        g_assert_cmpint(focus_world_release(world, 0, NULL, false), ==, 0);
        focus_world_settle(world);
        g_assert_null(focus_world_claim(world, 0));
        g_assert_cmpint(focus_world_record(world, 2)->state, ==, CLAIM_RELEASED);
        focus_world_free(world);
}

/* Without an end: twelve hours for a host that is alone, extended while somebody looks. */
static void test_interval_without_end(void) {
        FocusWorld *world = focus_world_new(PROFILES);

        begin(world, 1, INTERVAL_FREEFORM, 0, "deep");
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(12));
        world->desires = 0;
        focus_world_wait(world, HOUR(5));
        g_assert_cmpuint(world->desires, ==, 0);
        g_assert_cmpuint(focus_world_left(world), ==, HOUR(7));
        focus_world_wait(world, HOUR(30));
        g_assert_cmpuint(focus_world_left(world), >, HOUR(6));
        g_assert_cmpuint(focus_world_left(world), <=, HOUR(12));
        focus_world_free(world);
}

static void test_interval_paused(void) {
        FocusWorld *world = focus_world_new(PROFILES);

        begin(world, 1, INTERVAL_POMODORO, MIN_(25), "deep");
        world->running.paused_since_boot_usec = world->now.boot_usec;
        focus_world_settle(world);
        focus_world_wait(world, HOUR(1));
        g_assert_nonnull(focus_world_claim(world, 0));
        world->running.paused_since_boot_usec = 0;
        world->running.paused_total_usec = HOUR(1);
        focus_world_settle(world);
        g_assert_cmpuint(focus_world_left(world), ==, MIN_(25));
        focus_world_free(world);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/focus/engage", test_engage);
        g_test_add_func("/focus/engage/refused", test_engage_refused);
        g_test_add_func("/focus/engage/names of lists", test_names_of_lists);
        g_test_add_func("/focus/release", test_release);
        g_test_add_func("/focus/delay", test_delay);
        g_test_add_func("/focus/delay/past-end", test_delay_past_end);
        g_test_add_func("/focus/rule/released", test_rule_released);
        g_test_add_func("/focus/rule/edited", test_rule_edited);
        g_test_add_func("/focus/rule/without-focus", test_rule_without_focus);
        g_test_add_func("/focus/interval/chain", test_interval_chain);
        g_test_add_func("/focus/interval/switched", test_interval_switched);
        g_test_add_func("/focus/interval/without-end", test_interval_without_end);
        g_test_add_func("/focus/interval/paused", test_interval_paused);
        return g_test_run();
}
