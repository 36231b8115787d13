/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/store/store-test.h"

static void test_create(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *inside = folder_file(folder, "deep/er"), *file = folder_file(inside, "pomod.db");
        store_ store = NULL;
        StoreReport report = {};
        Settings settings;
        Machine m;
        struct stat st;
        unsigned ignored;

        g_assert_cmpint(store_open(inside, geteuid(), "alice", false, T0, &store, &report), ==, -ENOENT);
        g_assert_null(store);
        g_assert_cmpint(access(inside, F_OK), <, 0);

        store = store_must_report(inside, T0, &report);
        g_assert_true(report.created);
        g_assert_cmpint(report.migrated_from, ==, 0);
        g_assert_cmpint(stat(inside, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0700);
        g_assert_cmpint(stat(file, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0600);

        /* What it says before anything was committed. */
        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        g_assert_cmpint(m.running.kind, ==, INTERVAL_NONE);
        g_assert_cmpint(m.next_id, ==, 1);
        g_assert_cmpint(m.epoch, ==, 1);
        g_assert_cmpstr(m.boot_id, ==, "");
        g_assert_cmpint(store_settings_load(store, &settings, &ignored), ==, 0);
        g_assert_cmpint(ignored, ==, 0);
        g_assert_cmpint(settings.pomodoro_usec, ==, 25 * USEC_PER_MIN);
        g_assert_cmpuint(seq_of(store), ==, 0);
        store_report_done(&report);
}

static void test_reopen(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *wal = folder_file(folder, "pomod.db-wal");
        store_ store = store_must_open(folder);
        StoreReport report = {};

        log_one(store, INTERVAL_POMODORO, T0, 25 * USEC_PER_MIN, 0);
        store = store_close(store);
        /* All that was written is in the one file. */
        g_assert_cmpint(access(wal, F_OK), <, 0);

        store = store_must_report(folder, T0, &report);
        g_assert_false(report.created);
        g_assert_null(report.set_aside);
        g_assert_cmpuint(count_intervals(store), ==, 1);
        store_report_done(&report);
}

static void test_locked(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        store_ second = NULL;
        StoreReport report;

        g_assert_cmpint(store_open(folder, geteuid(), "alice", true, T0, &second, &report), ==, -EBUSY);
        g_assert_null(second);
        store = store_close(store);
        second = store_must_open(folder);
}

/* Runs something as an account that is not root, where we are. */
static void as_nobody(void (*func)(const char *folder), const char *folder) {
        pid_t pid;
        int status;

        if (geteuid() != 0) {
                func(folder);
                return;
        }
        pid = fork();
        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                if (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
                        _exit(2);
                func(folder);
                _exit(0);
        }
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_cmpint(status, ==, 0);
}

static void open_others(const char *folder) {
        Store *store = NULL;
        StoreReport report;

        g_assert_cmpint(store_open(folder, geteuid() + 1, "alice", true, T0, &store, &report), ==, -EPERM);
        g_assert_null(store);
}

static void open_read_only(const char *folder) {
        Store *store = NULL;
        StoreReport report;

        int r = store_open(folder, geteuid(), "alice", true, T0, &store, &report);

        g_assert_true(r == -EACCES || r == -EROFS);
        g_assert_null(store);
}

static void test_not_ours(void) {
        folder_ folder = folder_new();

        g_assert_cmpint(chmod(folder, 0755), ==, 0);
        as_nobody(open_others, folder);
        g_assert_cmpuint(count_names(folder, "pomod"), ==, 0);
}

static void test_read_only(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *inside = folder_file(folder, "inside");

        g_assert_cmpint(mkdir(inside, 0700), ==, 0);
        if (geteuid() == 0) {
                g_assert_cmpint(chown(folder, 65534, 65534), ==, 0);
                g_assert_cmpint(chown(inside, 65534, 65534), ==, 0);
        }
        g_assert_cmpint(chmod(inside, 0500), ==, 0);
        as_nobody(open_read_only, inside);
        g_assert_cmpuint(count_names(inside, ""), ==, 0);
        g_assert_cmpint(chmod(inside, 0700), ==, 0);
}

static void test_read_only_file(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *inside = folder_file(folder, "inside"), *file = folder_file(inside, "pomod.db");
        cleanup_free_ char *lock = folder_file(inside, "lock");
        store_ store = store_must_open(inside);

        store = store_close(store);
        if (geteuid() == 0) {
                g_assert_cmpint(chown(folder, 65534, 65534), ==, 0);
                g_assert_cmpint(chown(inside, 65534, 65534), ==, 0);
                g_assert_cmpint(chown(file, 65534, 65534), ==, 0);
                g_assert_cmpint(chown(lock, 65534, 65534), ==, 0);
        }
        g_assert_cmpint(chmod(file, 0400), ==, 0);
        g_assert_cmpint(chmod(inside, 0500), ==, 0);
        as_nobody(open_read_only, inside);
        g_assert_cmpint(chmod(inside, 0700), ==, 0);
        g_assert_cmpuint(count_names(inside, "pomod.db."), ==, 0);
}

static void test_newer(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = folder_file(folder, "pomod.db"), *before = NULL, *after = NULL;
        store_ store = store_must_open(folder);
        StoreReport report;
        gsize n_before, n_after;

        log_one(store, INTERVAL_POMODORO, T0, USEC_PER_MIN, 0);
        store = store_close(store);
        file_sql(folder, "PRAGMA user_version = 1000");

        g_assert_true(g_file_get_contents(file, &before, &n_before, NULL));
        g_assert_cmpint(store_open(folder, geteuid(), "alice", true, T0, &store, &report), ==, -EOVERFLOW);
        g_assert_null(store);
        g_assert_true(g_file_get_contents(file, &after, &n_after, NULL));
        g_assert_cmpmem(before, n_before, after, n_after);
        g_assert_cmpuint(count_names(folder, "pomod.db."), ==, 0);
}

static void test_account(void) {
        folder_ folder = folder_new();
        char name[BACKUP_NAME_MAX];
        store_ store = store_must_open(folder);
        StoreReport report = {};

        log_one(store, INTERVAL_POMODORO, T0, USEC_PER_MIN, 0);
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
        store = store_close(store);

        g_assert_cmpint(store_open(folder, geteuid(), "b/ob", true, T0 + USEC_PER_SEC, &store, &report), ==,
                        0);
        g_assert_true(report.created);
        g_assert_true(report.set_aside_account);
        g_assert_cmpstr(report.set_aside, ==, "pomod.db.account-alice-20260101T000001Z");
        g_assert_cmpuint(count_intervals(store), ==, 0);
        g_assert_cmpint(next_id(store), >, 1);
        g_assert_cmpuint(seq_of(store), >, 2);
        /* Nor could anything of alice's come back. */
        g_assert_cmpuint(count_names(folder, "backups"), ==, 1);
        g_assert_cmpuint(count_names(folder, "backups.account-alice-"), ==, 1);
        store_report_done(&report);
        store = store_close(store);

        /* Without a name there is nothing to compare. */
        g_assert_cmpint(store_open(folder, geteuid(), NULL, true, T0, &store, &report), ==, 0);
        g_assert_null(report.set_aside);
        store = store_close(store);

        store = store_must_report(folder, T0 + USEC_PER_SEC, &report);
        g_assert_cmpstr(report.set_aside, ==, "pomod.db.account-b_ob-20260101T000001Z");
        store_report_done(&report);
}

static void test_symlink(void) {
        folder_ folder = folder_new();
        folder_ other = folder_new();
        cleanup_free_ char *file = folder_file(folder, "pomod.db"), *target = folder_file(other, "pomod.db");
        cleanup_free_ char *lock = folder_file(folder, "lock"), *before = NULL, *after = NULL;
        store_ store = store_must_open(other);
        StoreReport report = {};
        gsize n_before, n_after;

        store = store_close(store);
        g_assert_true(g_file_get_contents(target, &before, &n_before, NULL));
        g_assert_cmpint(symlink(target, file), ==, 0);
        store = store_must_report(folder, T0, &report);
        g_assert_nonnull(report.set_aside);
        log_one(store, INTERVAL_POMODORO, T0, USEC_PER_MIN, 0);
        store = store_close(store);
        g_assert_true(g_file_get_contents(target, &after, &n_after, NULL));
        g_assert_cmpmem(before, n_before, after, n_after);
        store_report_done(&report);

        g_assert_cmpint(unlink(lock), ==, 0);
        g_assert_cmpint(symlink(target, lock), ==, 0);
        g_assert_cmpint(store_open(folder, geteuid(), "alice", true, T0, &store, &report), ==, -ELOOP);
}

/* The folder itself may be a link: people keep their state elsewhere. */
static void test_linked_folder(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *real = folder_file(folder, "real"), *link = folder_file(folder, "link");
        cleanup_free_ char *file = folder_file(real, "pomod.db");
        store_ store = NULL;

        g_assert_cmpint(mkdir(real, 0700), ==, 0);
        g_assert_cmpint(symlink("real", link), ==, 0);
        store = store_must_open(link);
        g_assert_cmpint(access(file, F_OK), ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/open/create", test_create);
        g_test_add_func("/store/open/reopen", test_reopen);
        g_test_add_func("/store/open/locked", test_locked);
        g_test_add_func("/store/open/not-ours", test_not_ours);
        g_test_add_func("/store/open/read-only-folder", test_read_only);
        g_test_add_func("/store/open/read-only-file", test_read_only_file);
        g_test_add_func("/store/open/newer-schema", test_newer);
        g_test_add_func("/store/open/account", test_account);
        g_test_add_func("/store/open/symlink", test_symlink);
        g_test_add_func("/store/open/linked-folder", test_linked_folder);
        return g_test_run();
}
