/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Claims as the engine keeps them: engaged by themselves, on record, and in the way of every way around a
 * lock. */

#include <string.h>

#include "daemon/store/store.h"
#include "tests/unit/engine/fixture.h"

/* The engine begins at 11:00 of a Monday in Berlin, 2026-03-02. */
#define PROFILES                                                  \
        "[Profile deep]\nPlugins=sites\nsites.Block=reddit.com\n" \
        "[Profile quiet]\nPlugins=mute\nmute.What=mail\nBreaks=yes\n"
#define NOON PROFILES "[Rule noon]\nDays=Mon\nHours=12:00-15:00\nFocus=deep\nLock=admin\n"

static int try_import(Fixture *f, const char *text) {
        return fixture_request(
                        f, &(Request){ .type = REQUEST_RULES_IMPORT, .text = text, .replace = true }, NULL);
}

static void import(Fixture *f, const char *text) {
        if (try_import(f, text) != 0)
                g_error("refused: %s", f->refusal.message);
}

static void begin(Fixture *f, const char *rules) {
        static const char *const plugins[] = { "sites", "mute", NULL };

        fixture_begin(f);
        fixture_attend(f, plugins);
        fixture_set(f, "time-zone", "Europe/Berlin");
        import(f, rules);
        f->n_told = f->changed = 0;
}

static int note_claim(const Claim *claim, void *userdata) {
        Claim copy = claim_copy(claim);

        g_array_append_val((GArray *) userdata, copy);
        return 0;
}

static int note_claims(User *user, GArray *claims) {
        const Claim *claim;
        unsigned place = 0;

        while ((claim = user_read_claim(user, &place)))
                (void) note_claim(claim, claims);
        return 0;
}

static GArray *claims(Fixture *f, bool history) {
        const Span all = { .from_real_usec = 0, .to_real_usec = UINT64_MAX >> 1 };
        GArray *array = claim_array_new();

        g_assert_cmpint(fixture_in(f, history ? user_read_claims_of(user, &all, 0, note_claim, array, NULL)
                                              : note_claims(user, array)),
                        ==, 0);
        return array;
}

/* So many are in force; of the first, how long it stands. */
static uint64_t left(Fixture *f, guint n) {
        g_autoptr(GArray) array = claims(f, false);

        g_assert_cmpuint(array->len, ==, n);
        return n > 0 ? g_array_index(array, Claim, 0).until_boot_usec - test_clocks_get(f->clocks)->boot_usec
                     : 0;
}

static ClaimState recorded(Fixture *f, guint i, guint n) {
        g_autoptr(GArray) array = claims(f, true);

        g_assert_cmpuint(array->len, ==, n);
        return g_array_index(array, Claim, i).state;
}

static uint64_t generation(Fixture *f) {
        uint64_t n = 0;

        g_assert_cmpint(fixture_in(f, (n = user_read_generation(user), 0)), ==, 0);
        return n;
}

static int engage(Fixture *f, uint64_t usec, LockKind lock) {
        Request request = {
                .type = REQUEST_FOCUS_ENGAGE,
                .name = "deep",
                .for_usec = usec,
                .lock = lock,
                .lock_delay_usec = lock == LOCK_DELAY ? MIN_USEC(10) : 0,
        };

        return fixture_request(f, &request, NULL);
}

static int release(Fixture *f, const char *reason, bool admin, Answer *ret_answer) {
        return fixture_request(f,
                        &(Request){ .type = REQUEST_FOCUS_RELEASE, .text = reason, .admin.all = admin },
                        ret_answer);
}

/* ---- by itself ---- */

static void test_window(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t before;

        begin(&f, NOON);
        before = generation(&f);
        /* Nothing wakes before the window's edge. */
        g_assert_cmpuint(left(&f, 0), ==, 0);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(60));
        test_clocks_advance(f.clocks, MIN_USEC(60));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_FOCUS_CHANGED), ==, 1);
        g_assert_true(f.changed & CHANGED_FOCUS);
        g_assert_cmpuint(generation(&f), >, before);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(180));
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(240));
        before = generation(&f);
        test_clocks_advance(f.clocks, MIN_USEC(180));
        g_assert_cmpuint(left(&f, 0), ==, 0);
        g_assert_cmpuint(fixture_told(&f, HAPPENED_FOCUS_CHANGED), ==, 2);
        g_assert_cmpuint(generation(&f), >, before);
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_ENDED);
}

static void live_into_window(Fixture *f) {
        test_clocks_advance(f->clocks, MIN_USEC(90));
        left(f, 1);
}

/* Killed within the window: it stands as before, as the one that it was. */
static void test_crash(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, NOON);
        fixture_stop(&f);
        fixture_crash(&f, live_into_window);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(150));
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_IN_FORCE);
        test_clocks_advance(f.clocks, MIN_USEC(150));
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_ENDED);
}

/* Released in the window, it does not engage there again; not after another start either. */
static void test_released_stays_released(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, NOON);
        test_clocks_advance(f.clocks, MIN_USEC(90));
        g_assert_cmpint(release(&f, "a fire", true, NULL), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(5));
        g_assert_cmpuint(left(&f, 0), ==, 0);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(left(&f, 0), ==, 0);
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_RELEASED);
}

/* ---- ways around a lock ---- */

static void set_rules(Fixture *f) {
        import(f, "");
}

static void remove_both(Fixture *f) {
        Request rule = { .type = REQUEST_RULE_REMOVE, .name = "noon" };
        Request profile = { .type = REQUEST_PROFILE_REMOVE, .name = "deep" };

        g_assert_cmpint(fixture_request(f, &rule, NULL), ==, 0);
        g_assert_cmpint(fixture_request(f, &profile, NULL), ==, 0);
}

static void edit_both(Fixture *f) {
        import(f, "[Profile deep]\nPlugins=mute\nmute.What=chat\n[Rule noon]\nDays=Mon\nHours=12:00-12:05\n");
}

static void be_away(Fixture *f) {
        import(f, NOON "[Rule ill]\nKind=away\nDates=2026-03-02..2026-03-09\n");
}

static void undo(Fixture *f) {
        fixture_add(f, -60, -30, "Letter");
        g_assert_cmpint(fixture_request(f, &(Request){ .type = REQUEST_LOG_UNDO }, NULL), ==, 0);
}

static void change_zone(Fixture *f) {
        fixture_set(f, "time-zone", "Pacific/Auckland");
}

static void set_forward(Fixture *f) {
        test_clocks_step(f->clocks, (int64_t) MIN_USEC(180));
}

static void set_back(Fixture *f) {
        test_clocks_step(f->clocks, -(int64_t) MIN_USEC(180));
}

static void set_far(Fixture *f) {
        test_clocks_step(f->clocks, (int64_t) MIN_USEC(60 * 24 * 365));
}

static void restart(Fixture *f) {
        fixture_stop(f);
        g_assert_cmpint(fixture_start(f), ==, 0);
}

/* The clock is set while nobody looks, in the same boot. */
static void restart_and_set(Fixture *f) {
        fixture_stop(f);
        f->now.real_usec += MIN_USEC(180);
        g_assert_cmpint(fixture_start(f), ==, 0);
}

static void reboot(Fixture *f) {
        fixture_stop(f);
        f->now = (Now){ .real_usec = f->now.real_usec,
                .boot_usec = USEC_PER_SEC,
                .mono_usec = USEC_PER_SEC,
                .boot_id = BOOT_2 };
        g_assert_cmpint(fixture_start(f), ==, 0);
}

static void set_forward_and_reboot(Fixture *f) {
        set_forward(f);
        reboot(f);
}

static void ask_without_admin(Fixture *f) {
        g_assert_cmpint(release(f, "bored", false, NULL), ==, REFUSAL_LOCKED);
        assert_refused(f, REFUSAL_LOCKED, "administrator");
        g_assert_cmpint(release(f, "", true, NULL), ==, REFUSAL_LOCKED);
        assert_refused(f, REFUSAL_LOCKED, "reason");
}

static void engage_shorter(Fixture *f) {
        g_assert_cmpint(engage(f, USEC_PER_SEC, LOCK_NONE), ==, 0);
        test_clocks_advance(f->clocks, USEC_PER_SEC);
        test_clocks_step(f->clocks, -(int64_t) USEC_PER_SEC);
}

static const struct {
        const char *name;
        void (*try)(Fixture *f);
} ways[] = {
        { "import", set_rules },
        { "remove", remove_both },
        { "edit", edit_both },
        { "away", be_away },
        { "undo", undo },
        { "zone", change_zone },
        { "forward", set_forward },
        { "back", set_back },
        { "far", set_far },
        { "restart", restart },
        { "restart and set", restart_and_set },
        { "reboot", reboot },
        { "forward and reboot", set_forward_and_reboot },
        { "no admin", ask_without_admin },
        { "a shorter one", engage_shorter },
};

static void test_ways_around(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
                for (int by_hand = 0; by_hand < 2; by_hand++) {
                        cleanup_(fixture_done) Fixture f;
                        g_autoptr(GArray) array = NULL;
                        uint64_t passed;

                        begin(&f, by_hand ? PROFILES "[Rule noon]\nHours=03:00-03:01\nFocus=deep\n" : NOON);
                        if (by_hand)
                                g_assert_cmpint(engage(&f, MIN_USEC(240), LOCK_ADMIN), ==, 0);
                        test_clocks_advance(f.clocks, MIN_USEC(60));
                        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(180));
                        g_test_message("%s, %s", ways[i].name, by_hand ? "by hand" : "by rule");
                        passed = test_clocks_get(f.clocks)->boot_usec;
                        ways[i].try(&f);
                        passed = strcmp(test_clocks_get(f.clocks)->boot_id, BOOT_1) == 0
                                                 ? test_clocks_get(f.clocks)->boot_usec - passed
                                                 : 0;
                        array = claims(&f, false);
                        g_assert_cmpuint(array->len, >=, 1);
                        g_assert_cmpstr(g_array_index(array, Claim, 0).profile.settings[0].value, ==,
                                        "reddit.com");
                        g_assert_cmpint(g_array_index(array, Claim, 0).lock, ==, LOCK_ADMIN);
                        g_assert_cmpuint(g_array_index(array, Claim, 0).until_boot_usec -
                                                         test_clocks_get(f.clocks)->boot_usec,
                                        ==, MIN_USEC(180) - passed);
                }
}

/* A backup that knows nothing of the claim, and a store that is found damaged. */
static void test_restored(void) {
        cleanup_(fixture_done) Fixture f;
        char name[BACKUP_NAME_MAX];
        uint64_t before;

        begin(&f, NOON);
        g_assert_cmpint(store_backup_make(f.dir, START_REAL_USEC, name), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(60));
        before = generation(&f);
        f.changed = 0;
        g_assert_cmpint(fixture_restore(&f, name), ==, 0);
        g_assert_true(f.changed & CHANGED_FOCUS);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(180));
        g_assert_cmpuint(generation(&f), >, before);
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_IN_FORCE);
        restart(&f);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(180));
}

/* ---- requests ---- */

static void test_requests(void) {
        cleanup_(fixture_done) Fixture f;
        Answer answer = {};

        begin(&f, PROFILES);
        g_assert_cmpint(release(&f, "x", true, NULL), ==, REFUSAL_NO_SUCH_CLAIM);
        g_assert_cmpint(engage(&f, MIN_USEC(60), LOCK_DELAY), ==, 0);
        g_assert_cmpint(release(&f, "a fire", false, &answer), ==, 0);
        g_assert_cmpuint(answer.release_real_usec, ==, START_REAL_USEC + MIN_USEC(10));
        g_assert_cmpint(answer.id, ==, 1);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(60));
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_FOCUS_WITHDRAW }, NULL), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(20));
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(40));
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_FOCUS_WITHDRAW }, NULL), ==,
                        REFUSAL_NOT_POSSIBLE);

        /* The wait outlives a restart. */
        g_assert_cmpint(release(&f, "a flood", false, NULL), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(4));
        restart(&f);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(36));
        test_clocks_advance(f.clocks, MIN_USEC(6));
        g_assert_cmpuint(left(&f, 0), ==, 0);
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_RELEASED);
        {
                g_autoptr(GArray) array = claims(&f, true);
                g_assert_cmpstr(g_array_index(array, Claim, 0).reason, ==, "a flood");
        }
}

static void test_start_with_focus(void) {
        cleanup_(fixture_done) Fixture f;
        Request start = { .type = REQUEST_TIMER,
                .event = { .type = EVENT_START, .kind = INTERVAL_POMODORO } };

        begin(&f, PROFILES);
        fixture_set(&f, "auto-start-pomodoro", "yes");
        start.focus = "work";
        g_assert_cmpint(fixture_request(&f, &start, NULL), ==, REFUSAL_NO_SUCH_PROFILE);
        assert_refused(&f, REFUSAL_NO_SUCH_PROFILE, "work");
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);

        start.focus = "deep";
        g_assert_cmpint(fixture_request(&f, &start, NULL), ==, 0);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(25));
        /* It rests in the break and is there again in the pomodoro that follows by itself. */
        test_clocks_advance(f.clocks, MIN_USEC(26));
        {
                g_autoptr(GArray) array = claims(&f, false);
                g_assert_true(g_array_index(array, Claim, 0).resting);
        }
        test_clocks_advance(f.clocks, MIN_USEC(5));
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(24));
        restart(&f);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(24));
        fixture_event(&f, EVENT_STOP);
        g_assert_cmpuint(left(&f, 0), ==, 0);
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_ENDED);
}

/* ---- a store that fails ---- */

static void test_full_disk(void) {
        cleanup_(fixture_done) Fixture f;

        begin(&f, NOON);
        disk_full();
        /* What is asked for does not happen; what time does, does. */
        g_assert_cmpint(engage(&f, MIN_USEC(60), LOCK_NONE), ==, REFUSAL_STORE_FAILED);
        g_assert_cmpuint(left(&f, 0), ==, 0);
        test_clocks_advance(f.clocks, MIN_USEC(90));
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(150));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_FOCUS_CHANGED), ==, 1);
        disk_free();
        test_clocks_advance(f.clocks, MIN_USEC(10));
        restart(&f);
        g_assert_cmpuint(left(&f, 1), ==, MIN_USEC(140));
        g_assert_cmpint(recorded(&f, 0, 1), ==, CLAIM_IN_FORCE);
}

/* ---- hosts ---- */

static unsigned count_reports(const User *user, uint64_t generation) {
        const GPtrArray *reports = user_reports(user);

        for (guint i = 0; reports && i < reports->len; i++) {
                const PluginReport *report = reports->pdata[i];

                g_assert_cmpstr(report->plugin, ==, "sites");
                g_assert_cmpstr(report->message, ==, "no nftables here");
                g_assert_cmpuint(report->generation, ==, generation);
        }
        return reports ? reports->len : 0;
}

static void test_reports(void) {
        cleanup_(fixture_done) Fixture f;
        char message[] = "no nftables here", older[] = "old";
        PluginReport report = { .plugin = "sites", .state = "failed", .message = message };
        uint64_t reported;
        unsigned n = 0;

        begin(&f, PROFILES);
        g_assert_cmpint(engage(&f, MIN_USEC(60), LOCK_NONE), ==, 0);
        report.generation = reported = generation(&f);
        g_assert_cmpint(fixture_in(&f, user_reports_put(user, &report, &f.refusal)), ==, 0);
        /* An answer to what is not asked any more, or not yet, says nothing of now. */
        report.message = older;
        report.generation = reported - 1;
        g_assert_cmpint(fixture_in(&f, user_reports_put(user, &report, &f.refusal)), ==, 0);
        report.generation = reported + 1;
        g_assert_cmpint(fixture_in(&f, user_reports_put(user, &report, &f.refusal)), ==, 0);
        report.generation = reported;
        g_assert_cmpint(fixture_in(&f, (n = count_reports(user, reported), 0)), ==, 0);
        g_assert_cmpuint(n, ==, 1);
        report.state = "broken";
        g_assert_cmpint(fixture_in(&f, user_reports_put(user, &report, &f.refusal)), ==,
                        REFUSAL_INVALID_ARGUMENT);
        report.state = "idle";
        for (unsigned i = 1; i < CAP_REPORTS; i++) {
                g_snprintf(report.plugin, sizeof(report.plugin), "p%u", i);
                g_assert_cmpint(fixture_in(&f, user_reports_put(user, &report, &f.refusal)), ==, 0);
        }
        g_strlcpy(report.plugin, "more", sizeof(report.plugin));
        g_assert_cmpint(fixture_in(&f, user_reports_put(user, &report, &f.refusal)), ==,
                        REFUSAL_LIMITS_EXCEEDED);
}

/* It grows with every change, and over restarts. */
static void test_generation(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t before;

        begin(&f, PROFILES);
        before = generation(&f);
        g_assert_cmpint(engage(&f, MIN_USEC(60), LOCK_NONE), ==, 0);
        g_assert_cmpuint(generation(&f), >, before);
        before = generation(&f);
        test_clocks_advance(f.clocks, 1000); /* a restart takes time */
        restart(&f);
        g_assert_cmpuint(generation(&f), >, before);
        before = generation(&f);
        test_clocks_step(f.clocks, (int64_t) MIN_USEC(5));
        g_assert_cmpuint(generation(&f), >, before);
        before = generation(&f);
        test_clocks_advance(f.clocks, MIN_USEC(60));
        g_assert_cmpuint(generation(&f), >, before);
        g_assert_cmpuint(left(&f, 0), ==, 0);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, UINT64_MAX);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/focus/window", test_window);
        g_test_add_func("/engine/focus/crash", test_crash);
        g_test_add_func("/engine/focus/released", test_released_stays_released);
        g_test_add_func("/engine/focus/ways-around", test_ways_around);
        g_test_add_func("/engine/focus/restored", test_restored);
        g_test_add_func("/engine/focus/requests", test_requests);
        g_test_add_func("/engine/focus/start", test_start_with_focus);
        g_test_add_func("/engine/focus/full-disk", test_full_disk);
        g_test_add_func("/engine/focus/reports", test_reports);
        g_test_add_func("/engine/focus/generation", test_generation);
        return g_test_run();
}
