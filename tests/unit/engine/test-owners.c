/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <string.h>

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
        g_test_add_func("/engine/owners/start-gone", test_a_start_after_an_account_has_gone);
        return g_test_run();
}
