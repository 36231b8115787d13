/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "tests/unit/store/store-test.h"

static GPtrArray *list(const char *folder) {
        GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
        GArray *backups;

        g_assert_cmpint(store_backups_list(folder, &backups), ==, 0);
        for (guint i = 0; i < backups->len; i++) {
                const Backup *backup = &g_array_index(backups, Backup, i);

                g_assert_cmpuint(backup->bytes, >, 0);
                g_ptr_array_add(names, g_strdup(backup->name));
        }
        g_array_unref(backups);
        return names;
}

static void free_list(GPtrArray **names) {
        g_ptr_array_unref(*names);
}
#define list_ cleanup_(free_list) GPtrArray *

static const char *name_at(const GPtrArray *names, unsigned n) {
        g_assert_cmpuint(n, <, names->len);
        return names->pdata[n];
}

static void make(const char *folder, uint64_t now) {
        char name[BACKUP_NAME_MAX];

        g_assert_cmpint(store_backup_make(folder, now, name), ==, 0);
}

static void test_make(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = folder_file(folder, "backups/pomod-20260101T000000Z.db");
        store_ store = store_must_open(folder);
        char name[BACKUP_NAME_MAX];
        list_ names = NULL;
        struct stat st;

        /* While the store is open and something runs. */
        log_one(store, INTERVAL_POMODORO, T0, 5, 0);
        g_assert_cmpint(commit_begin(store, INTERVAL_FREEFORM, T0 + 10, 0, NULL), ==, 0);
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
        g_assert_cmpstr(name, ==, "pomod-20260101T000000Z.db");
        g_assert_cmpint(stat(file, &st), ==, 0);
        g_assert_cmpint(st.st_mode & 07777, ==, 0600);
        g_assert_cmpint(st.st_nlink, ==, 1);

        /* A second in the same second, and an older one, do not take its place. */
        g_assert_cmpint(store_backup_make(folder, T0 + 999999, name), ==, 0);
        g_assert_cmpstr(name, ==, "pomod-20260101T000000Z-2.db");
        g_assert_cmpint(store_backup_make(folder, T0 - USEC_PER_SEC, name), ==, 0);
        names = list(folder);
        g_assert_cmpuint(names->len, ==, 3);
        g_assert_cmpstr(name_at(names, 0), ==, "pomod-20260101T000000Z-2.db");
        g_assert_cmpstr(name_at(names, 1), ==, "pomod-20260101T000000Z.db");
        g_assert_cmpstr(name_at(names, 2), ==, "pomod-20251231T235959Z.db");
        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, 7), ==, 0);
}

static void test_make_none(void) {
        folder_ folder = folder_new();
        char name[BACKUP_NAME_MAX];
        list_ names = list(folder);

        g_assert_cmpuint(names->len, ==, 0);
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, -ENOENT);
        g_assert_cmpuint(count_names(folder, ""), ==, 0);
}

static void test_prune(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *backups = folder_file(folder, "backups"),
                           *stale = folder_file(backups, ".tmp-999999999");
        cleanup_free_ char *foreign = folder_file(backups, "mine.db");
        store_ store = store_must_open(folder);
        list_ names = NULL;

        (void) store; /* open meanwhile, as a store is */
        for (unsigned day = 0; day < 20; day++)
                make(folder, T0 + day * USEC_PER_DAY);
        names = list(folder);
        /* Today's, and those of the fortnight before. */
        g_assert_cmpuint(names->len, ==, BACKUP_KEEP_DAYS + 1);
        g_assert_cmpstr(name_at(names, 0), ==, "pomod-20260120T000000Z.db");
        free_list(&names);

        g_assert_true(g_file_set_contents(stale, "", 0, NULL));
        g_assert_true(g_file_set_contents(foreign, "", 0, NULL));
        /* After a year: of the old ones, two. */
        make(folder, T0 + 365 * USEC_PER_DAY);
        names = list(folder);
        g_assert_cmpuint(names->len, ==, 3);
        g_assert_cmpstr(name_at(names, 2), ==, "pomod-20260119T000000Z.db");
        g_assert_cmpint(access(stale, F_OK), <, 0);
        g_assert_cmpint(access(foreign, F_OK), ==, 0);
}

static void test_damaged_store(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = folder_file(folder, "pomod.db"), *backups = folder_file(folder, "backups");
        store_ store = store_must_open(folder);
        char name[BACKUP_NAME_MAX];

        for (unsigned n = 0; n < 50; n++)
                log_one(store, INTERVAL_POMODORO, T0 + n * 10, 5, 0);
        store = store_close(store);
        file_zero(file, file_size(file) / 2, (size_t) file_size(file) / 2);
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, -EUCLEAN);
        g_assert_cmpuint(count_names(backups, ""), ==, 0);
}

static void test_restore(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_(task_done) Task task = { .title = strdup("late") };
        StoreReport report = {};
        int64_t id;

        log_one(store, INTERVAL_POMODORO, T0, 5, 0);
        make(folder, T0);
        log_one(store, INTERVAL_POMODORO, T0 + 10, 5, 0);
        log_one(store, INTERVAL_POMODORO, T0 + 20, 5, 0);
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_task_new(&write, &task)), ==, 0);
        uint64_t seq = seq_of(store);

        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000001Z.db", T0, &report), ==, -ENOENT);
        g_assert_cmpint(store_backup_restore(store, "../pomod.db", T0, &report), ==, -ENOENT);
        g_assert_cmpuint(count_intervals(store), ==, 3);

        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000000Z.db", T0 + USEC_PER_SEC, &report),
                        ==, 0);
        g_assert_cmpstr(report.restored, ==, "pomod-20260101T000000Z.db");
        g_assert_cmpstr(report.set_aside, ==, "pomod.db.replaced-20260101T000001Z");
        g_assert_cmpstr(report.kept, ==, "pomod-20260101T000001Z.db");
        store_report_done(&report);
        g_assert_cmpuint(count_intervals(store), ==, 1);
        g_assert_cmpuint(seq_of(store), ==, seq + (1ULL << 32));
        /* No number is given twice. */
        id = log_one(store, INTERVAL_POMODORO, T0 + 10, 5, 0);
        g_assert_cmpint(id, ==, 4);
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_task_new(&write, &task)), ==, 0);
        g_assert_cmpint(task.id, ==, 2);

        /* Again, within the second; the backup itself stays as it was. */
        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000000Z.db", T0 + USEC_PER_SEC, &report),
                        ==, 0);
        g_assert_cmpstr(report.set_aside, ==, "pomod.db.replaced-20260101T000001Z-2");
        g_assert_cmpstr(report.kept, ==, "pomod-20260101T000001Z-2.db");
        store_report_done(&report);
        g_assert_cmpuint(count_intervals(store), ==, 1);
        g_assert_cmpint(next_id(store), ==, 5);

        /* And back to what was there before the first. */
        g_assert_cmpint(store_backup_restore(
                                        store, "pomod-20260101T000001Z.db", T0 + 2 * USEC_PER_SEC, &report),
                        ==, 0);
        store_report_done(&report);
        g_assert_cmpuint(count_intervals(store), ==, 3);
        store = store_close(store);
        g_assert_cmpuint(count_names(folder, "pomod.db.replaced-"), ==, 3);
        g_assert_cmpuint(count_names(folder, "pomod.db.restoring"), ==, 0);
}

/* What ran when it was made did not go on until it was restored. */
static void test_restore_running(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        StoreReport report = {};
        Machine m;

        g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, T0, 0, NULL), ==, 0);
        make(folder, T0);
        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, 100), ==, 0);
        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000000Z.db", T0, &report), ==, 0);
        store_report_done(&report);
        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        g_assert_cmpint(m.running.kind, ==, INTERVAL_POMODORO);
        g_assert_cmpstr(m.boot_id, !=, BOOT_ID);
        g_assert_cmpint(strlen(m.boot_id), ==, 32);
}

static void test_restore_damaged(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *backup = folder_file(folder, "backups/pomod-20260101T000000Z.db");
        store_ store = store_must_open(folder);
        StoreReport report = {};

        log_one(store, INTERVAL_POMODORO, T0, 5, 0);
        make(folder, T0);
        file_zero(backup, file_size(backup) / 2, (size_t) file_size(backup) / 2);
        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000000Z.db", T0, &report), ==, -EUCLEAN);
        g_assert_cmpuint(count_intervals(store), ==, 1);
        log_one(store, INTERVAL_POMODORO, T0 + 10, 5, 0);
        g_assert_cmpuint(count_names(folder, "pomod.db."), ==, 0);
}

/* What somebody who was killed left is gone once the store is open, and what somebody makes at the time
 * stays. */
static void test_left_behind(void) {
        static const char *const left[] = { "backups/.tmp-4194999", "backups/.tmp-4194999-journal",
                "pomod.db.restoring", "pomod.db.restoring-journal", "backups/.tmp-1" };
        static const char *const kept[] = { "backups/.tmp-notes", "backups/notes.db" };
        folder_ folder = folder_new();
        cleanup_free_ char *mine = g_strdup_printf("%s/backups/.tmp-%d", folder, getpid());
        cleanup_close_ int fd = -1;
        store_ store = store_must_open(folder);

        make(folder, T0);
        store = store_close(store);
        for (size_t i = 0; i < G_N_ELEMENTS(left) + G_N_ELEMENTS(kept); i++) {
                cleanup_free_ char *path = folder_file(
                                folder, i < G_N_ELEMENTS(left) ? left[i] : kept[i - G_N_ELEMENTS(left)]);

                g_assert_true(g_file_set_contents(path, "half", -1, NULL));
        }
        fd = open(mine, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        g_assert_cmpint(flock(fd, LOCK_EX), ==, 0);
        store = store_must_open(folder);
        for (size_t i = 0; i < G_N_ELEMENTS(left); i++) {
                cleanup_free_ char *path = folder_file(folder, left[i]);

                g_assert_cmpint(access(path, F_OK), <, 0);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
                cleanup_free_ char *path = folder_file(folder, kept[i]);

                g_assert_cmpint(access(path, F_OK), ==, 0);
        }
        g_assert_cmpint(access(mine, F_OK), ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/backup/make", test_make);
        g_test_add_func("/store/backup/make-none", test_make_none);
        g_test_add_func("/store/backup/prune", test_prune);
        g_test_add_func("/store/backup/damaged-store", test_damaged_store);
        g_test_add_func("/store/backup/restore", test_restore);
        g_test_add_func("/store/backup/restore-running", test_restore_running);
        g_test_add_func("/store/backup/restore-damaged", test_restore_damaged);
        g_test_add_func("/store/backup/left-behind", test_left_behind);
        return g_test_run();
}
