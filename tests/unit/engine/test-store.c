/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/store/store.h"
#include "tests/unit/engine/fixture.h"

static int start(Fixture *f) {
        return fixture_request(f,
                        &(Request){ .type = REQUEST_TIMER,
                                        .event = { .type = EVENT_START, .kind = INTERVAL_FREEFORM } },
                        NULL);
}

/* Nothing half done, nothing told, and the same request works when there is room again. */
static void test_a_request_on_a_full_disk(void) {
        cleanup_(fixture_done) Fixture f;
        unsigned calls;

        fixture_begin(&f);
        fixture_start_interval(&f, INTERVAL_POMODORO, 0, NULL);
        test_clocks_advance(f.clocks, MIN_USEC(3));
        calls = f.calls;
        disk_full();
        g_assert_cmpint(fixture_request(&f, &(Request){ .type = REQUEST_TIMER, .event.type = EVENT_STOP },
                                        NULL),
                        ==, REFUSAL_STORE_FAILED);
        assert_refused(&f, REFUSAL_STORE_FAILED, "the disk is full: nothing was changed; free some space in");
        g_assert_cmpint(fixture_add(&f, -60, -30, "Letter"), ==, 0);
        g_assert_cmpint(f.refusal.code, ==, REFUSAL_STORE_FAILED);
        g_assert_cmpint(fixture_request(&f,
                                        &(Request){ .type = REQUEST_SETTING_SET,
                                                        .name = "target",
                                                        .text = "3" },
                                        NULL),
                        ==, REFUSAL_STORE_FAILED);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_POMODORO);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 0);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, 1);
        g_assert_cmpuint(f.calls, ==, calls);
        g_assert_cmpuint(test_clocks_armed(f.clocks), ==, START_BOOT_USEC + MIN_USEC(25));
        disk_free();
        fixture_event(&f, EVENT_STOP);
        g_assert_cmpuint(fixture_timer(&f).seq, ==, 2);
        g_assert_cmpint(fixture_add(&f, -60, -30, "Letter"), ==, 2);
}

static void test_not_a_folder(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *file = NULL, *dir = NULL;

        fixture_init(&f);
        file = g_build_filename(f.dir, "file", NULL);
        g_assert_true(g_file_set_contents(file, "text", -1, NULL));
        dir = f.dir;
        f.dir = g_build_filename(file, "below", NULL);
        g_assert_cmpint(fixture_start(&f), ==, -ENOTDIR);
        free(f.dir);
        f.dir = steal(dir);
}

static void test_open_twice(void) {
        cleanup_(fixture_done) Fixture f, g;

        fixture_init(&f);
        fixture_init(&g);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(start(&f), ==, 0);
        g_rmdir(g.dir);
        g_free(g.dir);
        g.dir = g_strdup(f.dir);
        g_assert_cmpint(fixture_start(&g), ==, -EBUSY);
        g_assert_cmpint(fixture_timer(&f).view.state, ==, INTERVAL_FREEFORM);
}

static void test_newer(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *path = NULL;
        sqlite3 *db;

        fixture_begin(&f);
        g_assert_cmpint(start(&f), ==, 0);
        fixture_stop(&f);
        path = g_build_filename(f.dir, "pomod.db", NULL);
        g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_exec(db, "PRAGMA user_version = 999", NULL, NULL, NULL), ==, SQLITE_OK);
        sqlite3_close(db);
        g_assert_cmpint(fixture_start(&f), ==, -EOVERFLOW);
}

static void zero_all_but_the_first_page(const Fixture *f) {
        cleanup_free_ char *path = g_build_filename(f->dir, "pomod.db", NULL);
        cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
        char zeros[4096] = {};
        struct stat st;

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(fstat(fd, &st), ==, 0);
        for (off_t at = sizeof(zeros); at < st.st_size; at += (off_t) sizeof(zeros))
                g_assert_cmpint(pwrite(fd, zeros, sizeof(zeros), at), ==, sizeof(zeros));
}

/* Found damaged while it is in use: set aside, the backup put in its place, all told to look again. */
/* Also of a store that replaced the one before: who comes after a restart is told the same number. */
static void assert_told_is_stored(Fixture *f) {
        const uint64_t told = fixture_timer(f).seq;

        fixture_stop(f);
        g_assert_cmpint(fixture_start(f), ==, 0);
        g_assert_cmpuint(fixture_timer(f).seq, ==, told);
}

static void test_damaged(void) {
        cleanup_(fixture_done) Fixture f;
        char name[BACKUP_NAME_MAX];
        uint64_t seq;
        int r;

        fixture_begin(&f);
        g_assert_cmpint(fixture_add(&f, -60, -30, "Letter"), ==, 1);
        g_assert_cmpint(store_backup_make(f.dir, START_REAL_USEC, name), ==, 0);
        g_assert_cmpint(fixture_add(&f, -30, -20, "Letter"), ==, 2);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        seq = fixture_timer(&f).seq;
        zero_all_but_the_first_page(&f);
        f.changed = 0;

        /* Of what it needs for this nothing was read before. */
        r = fixture_request(&f, &(Request){ .type = REQUEST_LOG_UNDO }, NULL);
        g_assert_cmpint(r, ==, REFUSAL_STORE_FAILED);
        assert_refused(&f, REFUSAL_STORE_FAILED, "the store was damaged: it was set aside as ");
        assert_refused(&f, REFUSAL_STORE_FAILED, name);
        g_assert_cmpuint(f.changed, ==,
                        CHANGED_TIMER | CHANGED_TASKS | CHANGED_HISTORY | CHANGED_SETTINGS |
                                        CHANGED_SCHEDULES | CHANGED_FOCUS);
        g_assert_cmpuint(fixture_timer(&f).seq, >, seq);
        assert_told_is_stored(&f);
        g_assert_cmpuint(fixture_count(&f), ==, 1);
        g_assert_cmpint(start(&f), ==, 0);
        /* No number is given twice, not even one that the backup did not know. */
        g_assert_cmpint(fixture_timer(&f).view.interval, >, 1);
}

static void test_restore(void) {
        cleanup_(fixture_done) Fixture f;
        char name[BACKUP_NAME_MAX];
        uint64_t seq;

        fixture_begin(&f);
        fixture_set(&f, "target", "5");
        g_assert_cmpint(fixture_add(&f, -60, -30, "Letter"), ==, 1);
        g_assert_cmpint(store_backup_make(f.dir, START_REAL_USEC, name), ==, 0);
        fixture_set(&f, "target", "6");
        g_assert_cmpint(fixture_add(&f, -30, -20, "Letter"), ==, 2);

        g_assert_cmpint(start(&f), ==, 0);
        g_assert_cmpint(fixture_restore(&f, name), ==, REFUSAL_BUSY);
        assert_refused(&f, REFUSAL_BUSY, "#3 is running");
        fixture_event(&f, EVENT_STOP);
        g_assert_cmpint(fixture_restore(&f, "../../etc/passwd"), ==, REFUSAL_NO_SUCH_BACKUP);
        seq = fixture_timer(&f).seq;
        f.changed = 0;
        g_assert_cmpint(fixture_restore(&f, name), ==, 0);
        g_assert_cmpuint(f.changed, ==,
                        CHANGED_TIMER | CHANGED_TASKS | CHANGED_HISTORY | CHANGED_SETTINGS |
                                        CHANGED_SCHEDULES | CHANGED_FOCUS);
        g_assert_cmpuint(fixture_timer(&f).seq, >, seq);
        g_assert_cmpuint(fixture_last(&f)->type, ==, HAPPENED_HISTORY_CHANGED);
        assert_told_is_stored(&f);
        g_assert_cmpuint(fixture_timer(&f).target_today, ==, 5);
        g_assert_cmpuint(fixture_count(&f), ==, 1);
        g_assert_cmpint(start(&f), ==, 0);
        g_assert_cmpint(fixture_timer(&f).view.interval, >, 3);
}

static unsigned count_claims(const User *user) {
        unsigned place = 0, n = 0;

        while (user_read_claim(user, &place))
                n++;
        return n;
}

static unsigned claims_in_force(Fixture *f) {
        unsigned n = 0;

        g_assert_cmpint(fixture_in(f, (n = count_claims(user), 0)), ==, 0);
        return n;
}

/* What is in force stays so, though the file that knew of it can be read no more. */
static void test_damage_lifts_no_claim(void) {
        Request import = {
                .type = REQUEST_RULES_IMPORT,
                .text = "[Profile work]\nPlugins=sites\nsites.Block=reddit.com\n",
        };
        Request engage = { .type = REQUEST_FOCUS_ENGAGE, .name = "work", .for_usec = USEC_PER_HOUR };
        cleanup_(fixture_done) Fixture f;

        fixture_begin(&f);
        g_assert_cmpint(fixture_request(&f, &import, NULL), ==, 0);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpint(fixture_request(&f, &engage, NULL), ==, 0);
        g_assert_cmpuint(claims_in_force(&f), ==, 1);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        zero_all_but_the_first_page(&f);
        g_assert_cmpint(start(&f), ==, REFUSAL_STORE_FAILED);
        g_assert_cmpuint(claims_in_force(&f), ==, 1);
        test_clocks_advance(f.clocks, 2 * USEC_PER_SEC);
        fixture_stop(&f);
        g_assert_cmpint(fixture_start(&f), ==, 0);
        g_assert_cmpuint(claims_in_force(&f), ==, 1);
        test_clocks_advance(f.clocks, USEC_PER_HOUR);
        g_assert_cmpuint(claims_in_force(&f), ==, 0);
}

static void note_result(int result, const Refusal *refusal, const char *name, void *userdata) {
        int *results = userdata;

        results[0]++;
        results[1] = result;
}

/* Backups ride on what is written: the first at once, the next a day later, and none in between. One that is
 * asked for while one is made holds what is stored by then, so it is made behind that one. */
static void test_backups(void) {
        cleanup_(fixture_done) Fixture f;
        int results[2] = {};
        char name[BACKUP_NAME_MAX];

        fixture_begin(&f);
        g_assert_cmpint(start(&f), ==, 0);
        g_assert_cmpuint(f.backups, ==, 1);
        g_assert_cmpint(fixture_in(&f, user_request_backup(user, note_result, results, NULL)), ==, 0);
        g_assert_cmpuint(f.backups, ==, 1);
        g_assert_cmpint(fixture_in(&f, user_request_backup(user, note_result, results, NULL)), ==,
                        REFUSAL_BUSY);
        g_assert_cmpint(store_backup_make(f.dir, START_REAL_USEC, name), ==, 0);
        engine_backup_done(f.engine, f.uid, BACKUP_BY_TIME, 0, name);
        g_assert_cmpint(results[0], ==, 0);
        g_assert_cmpuint(f.backups, ==, 2);
        engine_backup_done(f.engine, f.uid, BACKUP_BY_HAND, 0, name);
        g_assert_cmpint(results[0], ==, 1);
        g_assert_cmpint(results[1], ==, 0);

        test_clocks_advance(f.clocks, 20 * USEC_PER_HOUR);
        fixture_event(&f, EVENT_INTERRUPT);
        g_assert_cmpuint(f.backups, ==, 2);
        test_clocks_advance(f.clocks, 5 * USEC_PER_HOUR);
        fixture_event(&f, EVENT_INTERRUPT);
        g_assert_cmpuint(f.backups, ==, 3);

        g_assert_cmpint(fixture_in(&f, user_request_backup(user, note_result, results, NULL)), ==, 0);
        fixture_stop(&f);
        g_assert_cmpint(results[0], ==, 2);
        g_assert_cmpint(results[1], ==, -ECANCELED);
}

/* A folder that is none is a store that failed, with a sentence each time. */
static void test_folder_is_a_file(void) {
        cleanup_(fixture_done) Fixture f;
        cleanup_free_ char *folder = NULL;

        fixture_init(&f);
        f.many_users = true;
        g_assert_cmpint(fixture_start(&f), ==, 0);
        fixture_timer(&f);
        folder = g_strdup_printf("%s/%u", f.dir, f.uid);
        g_assert_true(g_file_set_contents(folder, "none", -1, NULL));
        for (unsigned i = 0; i < 3; i++) {
                g_assert_cmpint(start(&f), ==, REFUSAL_STORE_FAILED);
                assert_refused(&f, REFUSAL_STORE_FAILED, "Not a directory");
        }
        g_assert_cmpint(g_unlink(folder), ==, 0);
        g_assert_cmpint(start(&f), ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/engine/store/full-disk", test_a_request_on_a_full_disk);
        g_test_add_func("/engine/store/not-a-folder", test_not_a_folder);
        g_test_add_func("/engine/store/open-twice", test_open_twice);
        g_test_add_func("/engine/store/newer", test_newer);
        g_test_add_func("/engine/store/damaged", test_damaged);
        g_test_add_func("/engine/store/damaged/claims", test_damage_lifts_no_claim);
        g_test_add_func("/engine/store/restore", test_restore);
        g_test_add_func("/engine/store/backups", test_backups);
        g_test_add_func("/engine/store/folder-is-a-file", test_folder_is_a_file);
        return g_test_run();
}
