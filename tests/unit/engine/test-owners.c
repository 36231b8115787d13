/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "daemon/store/schema.h"
#include "tests/unit/engine/fixture.h"

static void start_many(Fixture *f) {
        fixture_init(f);
        f->many_users = true;
        g_assert_cmpint(fixture_start(f), ==, 0);
}

/* Files of the user's folder that were set aside, backups with them. */
static unsigned count_set_aside(const Fixture *f, const char *account) {
        cleanup_free_ char *folder = g_strdup_printf("%s/%u", f->dir, f->uid);
        cleanup_free_ char *tag = g_strdup_printf("account-%s", account);
        GDir *dir = g_dir_open(folder, 0, NULL);
        const char *name;
        unsigned n = 0;

        g_assert_nonnull(dir);
        while ((name = g_dir_read_name(dir)))
                n += strstr(name, tag) != NULL;
        g_dir_close(dir);
        return n;
}

static void test_another_owner(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t generation, seq;

        start_many(&f);
        f.owner = "alice";
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        engine_backup_done(f.engine, f.uid, BACKUP_BY_TIME, 0, "made");
        g_assert_cmpint(engine_account_look(f.engine, f.uid), ==, 1);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(f.changed & CHANGED_ACCOUNT, ==, 0);

        f.owner = "erin";
        generation = engine_desired_generation(f.engine);
        seq = fixture_timer(&f).seq;
        g_assert_cmpint(engine_account_look(f.engine, f.uid), ==, 1);
        g_assert_cmpuint(f.changed & CHANGED_ACCOUNT, !=, 0);
        g_assert_cmpuint(engine_desired_generation(f.engine), >, generation);
        g_assert_cmpuint(count_set_aside(&f, "alice"), >, 0);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
        g_assert_cmpuint(fixture_timer(&f).seq, >=, seq);
        g_assert_cmpuint(fixture_count(&f), ==, 0);
        g_assert_cmpuint(fixture_count_tasks(&f), ==, 0);
        /* And nothing of hers rings. */
        f.n_told = 0;
        test_clocks_advance(f.clocks, MIN_USEC(60));
        g_assert_cmpuint(f.n_told, ==, 0);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(25));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
}

/* What was told and not stored is the old owner's as well. */
static void test_what_waits_is_stored_first(void) {
        cleanup_(fixture_done) Fixture f;

        start_many(&f);
        f.owner = "alice";
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        engine_backup_done(f.engine, f.uid, BACKUP_BY_TIME, 0, "made");
        disk_full();
        test_clocks_advance(f.clocks, MIN_USEC(25));
        disk_free();
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);
        f.owner = "erin";
        g_assert_cmpint(engine_account_look(f.engine, f.uid), ==, 1);
        g_assert_cmpuint(fixture_count(&f), ==, 0);
        fixture_stop(&f);

        /* Whoever gives the uid back finds what erin had set aside, and not this. */
        f.owner = "alice";
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(fixture_count(&f), ==, 0);
        g_assert_cmpuint(count_set_aside(&f, "alice"), >, 0);
}

/* A backup that is being made would lie among the new owner's. */
static void test_a_backup_ends_first(void) {
        cleanup_(fixture_done) Fixture f;

        start_many(&f);
        f.owner = "alice";
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        g_assert_cmpuint(f.backups, ==, 1);
        f.owner = "erin";
        g_assert_cmpint(engine_account_look(f.engine, f.uid), ==, 0);
        g_assert_cmpuint(f.answered, ==, 0);
        engine_backup_done(f.engine, f.uid, BACKUP_BY_TIME, 0, "made");
        g_assert_cmpuint(f.answered, ==, 1);
        g_assert_cmpint(engine_account_look(f.engine, f.uid), ==, 1);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_NONE);
}

static void test_nobody_knows(void) {
        cleanup_(fixture_done) Fixture f;

        start_many(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, "Letter");
        f.owner_is_asked = true;
        g_assert_cmpint(engine_account_look(f.engine, f.uid), ==, 0);
        f.owner_error = -ETIMEDOUT;
        engine_account_answered(f.engine, f.uid);
        g_assert_cmpuint(f.answered, ==, 1);
        g_assert_cmpint(engine_users_check(f.engine, f.uid, &f.refusal), ==, REFUSAL_LOOKUP_FAILED);
        assert_refused(&f, REFUSAL_LOOKUP_FAILED, "1000");
        g_assert_cmpint(engine_users_check(f.engine, 2000, &f.refusal), ==, REFUSAL_LOOKUP_FAILED);
        /* The interval goes on all the same. */
        test_clocks_advance(f.clocks, MIN_USEC(25));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);

        f.owner_error = -ENOENT;
        engine_account_answered(f.engine, f.uid);
        g_assert_cmpint(engine_users_check(f.engine, f.uid, &f.refusal), ==, REFUSAL_NO_USER);
        f.owner_error = 0;
        engine_account_answered(f.engine, f.uid);
        g_assert_cmpint(engine_users_check(f.engine, f.uid, &f.refusal), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
}

static void live(Fixture *f) {
        fixture_start_interval(f, INTERVAL_POMODORO, 0, "Letter");
}

/* Of a store that is there before anybody knows whose it is. */
static void test_a_start_before_anybody_knows(void) {
        cleanup_(fixture_done) Fixture f;
        unsigned looks;

        fixture_init(&f);
        f.many_users = true;
        fixture_crash(&f, live);
        f.owner_error = -EAGAIN;
        f.owner_is_asked = true;
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(f.looks, ==, 1);
        g_assert_cmpint(engine_users_check(f.engine, f.uid, &f.refusal), ==, REFUSAL_LOOKUP_FAILED);
        engine_account_answered(f.engine, f.uid);
        /* Asked again, later and later. */
        looks = f.looks;
        assert_armed_in(&f, 10 * USEC_PER_SEC);
        test_clocks_advance(f.clocks, 10 * USEC_PER_SEC);
        g_assert_cmpuint(f.looks, ==, looks + 1);
        engine_account_answered(f.engine, f.uid);
        assert_armed_in(&f, 20 * USEC_PER_SEC);
        test_clocks_advance(f.clocks, 20 * USEC_PER_SEC);
        test_clocks_advance(f.clocks, MIN_USEC(25));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 1);

        f.owner_error = 0;
        engine_account_answered(f.engine, f.uid);
        engine_backup_done(f.engine, f.uid, BACKUP_BY_TIME, 0, "made"); /* of the ring */
        g_assert_cmpint(engine_users_check(f.engine, f.uid, &f.refusal), ==, 0);
        g_assert_cmpuint(fixture_timer(&f).completed_today, ==, 1);
}

static int count_claims(User *user, void *n) {
        const Claim *claim;
        unsigned place = 0;

        while ((claim = user_read_claim(user, &place)))
                ++*(unsigned *) n;
        return 0;
}

/* How many claims hosts would be told, and of how many users nothing. */
static void check_told(Fixture *f, unsigned n_claims, unsigned n_unknown) {
        g_autoptr(GArray) unknown = g_array_new(FALSE, FALSE, sizeof(uid_t));
        unsigned n = 0;

        g_assert_cmpint(engine_each_user(f->engine, TEST_CALL, count_claims, &n, unknown), ==, 0);
        g_assert_cmpuint(n, ==, n_claims);
        g_assert_cmpuint(unknown->len, ==, n_unknown);
        for (guint i = 0; i < unknown->len; i++)
                g_assert_cmpuint(g_array_index(unknown, uid_t, i), ==, f->uid);
}

/* What is in force because of a uid of whom nobody knows whose it is, is kept by hosts and not told anew. */
static void test_hosts_are_told_who_is_unknown(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t generation;

        start_many(&f);
        fixture_engage(&f);
        check_told(&f, 1, 0);
        fixture_stop(&f);
        f.owner_error = -EAGAIN;
        f.owner_is_asked = true;
        g_assert_cmpint(fixture_start(&f), ==, 0);
        check_told(&f, 0, 1);
        generation = engine_desired_generation(f.engine);
        f.changed = 0;
        f.owner_error = 0;
        engine_account_answered(f.engine, f.uid);
        check_told(&f, 1, 0);
        g_assert_cmpuint(engine_desired_generation(f.engine), >, generation);
        g_assert_cmpuint(f.changed & CHANGED_FOCUS, !=, 0);
}

static void set_version(const Fixture *f, int version) {
        cleanup_free_ char *statement = g_strdup_printf("PRAGMA user_version = %d", version);
        cleanup_free_ char *file = g_strdup_printf("%s/%u/pomod.db", f->dir, f->uid);
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, statement, NULL, NULL, NULL), ==, SQLITE_OK);
        sqlite3_close(db);
}

/* So is what a store has that cannot be loaded at the start. */
static void test_a_store_that_cannot_be_loaded(void) {
        cleanup_(fixture_done) Fixture f;
        uint64_t generation;

        start_many(&f);
        fixture_engage(&f);
        fixture_stop(&f);
        set_version(&f, schema_version() + 1);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        check_told(&f, 0, 1);
        generation = engine_desired_generation(f.engine);
        f.changed = 0;
        set_version(&f, schema_version());
        (void) fixture_timer(&f);
        check_told(&f, 1, 0);
        g_assert_cmpuint(engine_desired_generation(f.engine), >, generation);
        g_assert_cmpuint(f.changed & CHANGED_FOCUS, !=, 0);
}

static void test_a_start_after_an_account_has_gone(void) {
        cleanup_(fixture_done) Fixture f;

        fixture_init(&f);
        f.many_users = true;
        fixture_crash(&f, live);
        f.owner_error = -EAGAIN;
        f.owner_is_asked = true;
        g_assert_cmpint(fixture_start(&f), ==, 0);
        f.owner_error = -ENOENT;
        engine_account_answered(f.engine, f.uid);
        g_assert_cmpint(engine_users_check(f.engine, f.uid, &f.refusal), ==, REFUSAL_NO_USER);
        test_clocks_advance(f.clocks, MIN_USEC(60));
        g_assert_cmpuint(fixture_told(&f, HAPPENED_COMPLETED), ==, 0);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, UINT64_MAX);
        f.owner_error = 0;
        g_assert_cmpint(fixture_timer(&f).view.state, !=, INTERVAL_FREEFORM);
        g_assert_cmpuint(fixture_count(&f), >, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/owners/another", test_another_owner);
        g_test_add_func("/engine/owners/stored-first", test_what_waits_is_stored_first);
        g_test_add_func("/engine/owners/backup-first", test_a_backup_ends_first);
        g_test_add_func("/engine/owners/nobody-knows", test_nobody_knows);
        g_test_add_func("/engine/owners/start-unknown", test_a_start_before_anybody_knows);
        g_test_add_func("/engine/owners/start-unknown/hosts", test_hosts_are_told_who_is_unknown);
        g_test_add_func("/engine/owners/start-unread/hosts", test_a_store_that_cannot_be_loaded);
        g_test_add_func("/engine/owners/start-gone", test_a_start_after_an_account_has_gone);
        return g_test_run();
}
