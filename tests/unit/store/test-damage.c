/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/unit/store/store-test.h"

#define BACKED_UP 3000u /* intervals in the backup; one more is in the store */

static char *file_of(const char *folder) {
        return folder_file(folder, "pomod.db");
}

/* A store of about a MiB with a backup, then an interval that the backup has not; closed. */
static void make_store(const char *folder, bool with_backup) {
        store_ store = store_must_open(folder);
        char name[BACKUP_NAME_MAX];

        store = store_close(store);
        file_sql(folder,
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO intervals (id, uuid, kind, outcome, note, started_usec, offset_sec, length_usec, planned_usec, extended_usec, epoch, overtime) SELECT i, hex(randomblob(18)), 'pomodoro', 'completed', hex(randomblob(60)), 1767225600000000 + i * 10, 0, 5, 5, 0, 1, 0 FROM n; UPDATE state SET next_interval = 3001, seq = 3001, boot_id = 'x'");
        if (with_backup)
                g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
        store = store_must_open(folder);
        log_one(store, INTERVAL_POMODORO, T0 + USEC_PER_DAY, 5, 0);
}

static void cut_in_half(const char *path) {
        file_zero(path, file_size(path) / 2, 0);
}
static void cut_to_a_page(const char *path) {
        file_zero(path, 4096, 0);
}
static void cut_to_some_bytes(const char *path) {
        file_zero(path, 50, 0);
}
static void empty(const char *path) {
        file_zero(path, 0, 0);
}
static void remove_file(const char *path) {
        g_assert_cmpint(unlink(path), ==, 0);
}
static void zero_all(const char *path) {
        file_zero(path, 0, (size_t) file_size(path));
}
static void zero_front(const char *path) {
        file_zero(path, 0, 4096);
}
static void zero_state(const char *path) {
        cleanup_free_ char *folder = g_path_get_dirname(path);
        int64_t page = file_sql_int(folder, "SELECT rootpage FROM sqlite_schema WHERE name = 'state'");

        file_zero(path, (page - 1) * 4096, 4096);
}
static void write_text(const char *path) {
        g_assert_true(g_file_set_contents(path, "Dear diary,\n", -1, NULL));
}
static void write_long_text(const char *path) {
        cleanup_free_ char *text = g_strnfill(100000, 'x');

        g_assert_true(g_file_set_contents(path, text, -1, NULL));
}
static void drop_state(const char *path) {
        cleanup_free_ char *folder = g_path_get_dirname(path);

        file_sql(folder, "DROP TABLE state");
}
static void empty_state(const char *path) {
        cleanup_free_ char *folder = g_path_get_dirname(path);

        file_sql(folder, "DELETE FROM state");
}
static void of_another_program(const char *path) {
        cleanup_free_ char *folder = g_path_get_dirname(path);

        remove_file(path);
        g_assert_true(g_file_set_contents(path, "", 0, NULL));
        file_sql(folder, "CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1");
}
static void make_folder(const char *path) {
        remove_file(path);
        g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
}

static const struct {
        const char *name;
        void (*damage)(const char *path);
} damages[] = {
        { "cut in half", cut_in_half },
        { "cut to a page", cut_to_a_page },
        { "cut to some bytes", cut_to_some_bytes },
        { "empty", empty },
        { "missing", remove_file },
        { "zeroed", zero_all },
        { "zeroed at the front", zero_front },
        { "state zeroed", zero_state },
        { "text", write_text },
        { "long text", write_long_text },
        { "without state", drop_state },
        { "without a row of state", empty_state },
        { "of another program", of_another_program },
        { "a folder", make_folder },
};

static void check_damage(unsigned n, bool with_backup) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = file_of(folder), *damaged = NULL, *aside = NULL, *aside_path = NULL;
        store_ store = NULL;
        StoreReport report = {};
        gsize n_damaged = 0, n_aside;
        bool comparable;

        g_test_message("%s%s", damages[n].name, with_backup ? "" : ", no backup");
        make_store(folder, with_backup);
        damages[n].damage(file);
        comparable = g_file_get_contents(file, &damaged, &n_damaged, NULL);

        /* Nothing, or nothing in it, and nothing beside it: that is how a store begins. */
        if (!with_backup && file_size(file) <= 0) {
                store = store_must_report(folder, T0, &report);
                g_assert_true(report.created);
                return;
        }

        store = store_must_report(folder, T0 + USEC_PER_SEC, &report);
        g_assert_false(report.set_aside_account);
        if (damages[n].damage == remove_file)
                g_assert_null(report.set_aside);
        else
                g_assert_cmpstr(report.set_aside, ==, "pomod.db.damaged-20260101T000001Z");
        if (with_backup) {
                g_assert_cmpstr(report.restored, ==, "pomod-20260101T000000Z.db");
                g_assert_false(report.created);
                g_assert_cmpuint(count_intervals(store), ==, BACKED_UP);
                g_assert_cmpint(next_id(store), >, BACKED_UP + 1);
        } else {
                g_assert_null(report.restored);
                g_assert_true(report.created);
                g_assert_cmpuint(count_intervals(store), ==, 0);
                g_assert_cmpuint(seq_of(store), >=, T0 + USEC_PER_SEC);
        }
        g_assert_cmpuint(seq_of(store), >, BACKED_UP + 3);

        if (comparable && report.set_aside) {
                aside_path = folder_file(folder, report.set_aside);
                g_assert_true(g_file_get_contents(aside_path, &aside, &n_aside, NULL));
                g_assert_cmpmem(aside, n_aside, damaged, n_damaged);
        }
        g_assert_cmpint(log_one(store, INTERVAL_POMODORO, T0 + 2 * USEC_PER_DAY, 5, 0), >, 1);
        store_report_done(&report);

        store = store_close(store);
        store = store_must_open(folder);
}

static void test_restored(void) {
        for (unsigned n = 0; n < G_N_ELEMENTS(damages); n++)
                check_damage(n, true);
}

static void test_begun_anew(void) {
        for (unsigned n = 0; n < G_N_ELEMENTS(damages); n++)
                check_damage(n, false);
}

static int pass(const Interval *interval, void *userdata) {
        return 0;
}

/* Damage in the middle is met when it is read, not when the store is opened. */
static void test_middle(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = NULL, *aside = NULL;
        LogQuery query = { .span = { 0, UINT64_MAX } };
        store_ store = NULL;
        StoreReport report = {};

        make_store(folder, true);
        file = file_of(folder);
        /* All but the first pages, where state and schema are. */
        file_zero(file, 40 * 4096, (size_t) file_size(file) - 40 * 4096);
        store = store_must_open(folder);
        uint64_t seq = seq_of(store);
        int64_t next = 3002;

        g_assert_cmpint(read_intervals(store, &query, pass, NULL), ==, -EUCLEAN);
        g_assert_cmpint(store_recover(store, T0 + USEC_PER_SEC, &report), ==, 0);
        g_assert_cmpstr(report.set_aside, ==, "pomod.db.damaged-20260101T000001Z");
        g_assert_cmpstr(report.restored, ==, "pomod-20260101T000000Z.db");
        store_report_done(&report);
        g_assert_cmpuint(count_intervals(store), ==, BACKED_UP);
        /* Its counters could be read: they go on exactly. */
        g_assert_cmpuint(seq_of(store), ==, seq + (1ULL << 32));
        g_assert_cmpint(next_id(store), ==, next);
        log_one(store, INTERVAL_POMODORO, T0 + USEC_PER_DAY, 5, 0);
        aside = folder_file(folder, "pomod.db.damaged-20260101T000001Z");
        g_assert_cmpint(access(aside, F_OK), ==, 0);
}

/* A backup that is damaged, too, is passed over for one that is not. */
static void test_older_backup(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = NULL, *newest = folder_file(folder, "backups/pomod-20260102T000000Z.db");
        cleanup_free_ char *text = folder_file(folder, "backups/pomod-20260103T000000Z.db");
        store_ store = NULL;
        StoreReport report = {};
        char name[BACKUP_NAME_MAX];

        make_store(folder, true);
        g_assert_cmpint(store_backup_make(folder, T0 + USEC_PER_DAY, name), ==, 0);
        file_zero(newest, file_size(newest) / 2, 40960);
        write_text(text);
        file = file_of(folder);
        zero_front(file);
        store = store_must_report(folder, T0, &report);
        g_assert_cmpstr(report.restored, ==, "pomod-20260101T000000Z.db");
        g_assert_cmpuint(count_intervals(store), ==, BACKED_UP);
        store_report_done(&report);
}

static void limit_files(rlim_t bytes) {
        struct rlimit limit;

        g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
        limit.rlim_cur = bytes;
        g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

/* No room to restore: nothing is renamed, and it works once there is room. */
static void test_no_room(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = NULL;
        store_ store = NULL;
        StoreReport report = {};

        signal(SIGXFSZ, SIG_IGN);
        make_store(folder, true);
        file = file_of(folder);
        zero_front(file);
        limit_files(100000);
        int r = store_open(folder, geteuid(), "alice", true, T0, &store, &report);
        limit_files(RLIM_INFINITY);
        g_assert_cmpint(r, ==, -ENOSPC);
        g_assert_null(store);
        g_assert_cmpuint(count_names(folder, "pomod.db."), ==, 0);
        g_assert_cmpuint(count_names(folder, "pomod.db"), ==, 1);

        store = store_must_report(folder, T0, &report);
        g_assert_nonnull(report.restored);
        store_report_done(&report);
}

/* A crash between the two renames leaves no store but the backups, and perhaps what belonged to the old one.
 */
static void test_crash_within(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = NULL, *wal = folder_file(folder, "pomod.db-wal");
        cleanup_free_ char *half = folder_file(folder, "pomod.db.restoring");
        store_ store = NULL;
        StoreReport report = {};

        make_store(folder, true);
        file = file_of(folder);
        remove_file(file);
        write_text(wal);
        write_text(half);
        /* There is a store to open, although its file is not there. */
        g_assert_cmpint(store_open(folder, geteuid(), "alice", false, T0 + USEC_PER_SEC, &store, &report), ==,
                        0);
        g_assert_cmpstr(report.restored, ==, "pomod-20260101T000000Z.db");
        store_report_done(&report);
        g_assert_cmpuint(count_intervals(store), ==, BACKED_UP);
        g_assert_cmpuint(count_names(folder, "pomod.db-wal.damaged-"), ==, 1);
        g_assert_cmpuint(count_names(folder, "pomod.db.restoring"), ==, 0);
}

/* Set aside twice within a second: neither is lost. */
static void test_never_over(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *file = file_of(folder);

        make_store(folder, true);
        for (unsigned n = 1; n <= 3; n++) {
                store_ store = NULL;
                StoreReport report = {};

                zero_front(file);
                store = store_must_report(folder, T0, &report);
                store_report_done(&report);
                g_assert_cmpuint(count_names(folder, "pomod.db.damaged-20260101T000000Z"), ==, n);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/damage/restored", test_restored);
        g_test_add_func("/store/damage/begun-anew", test_begun_anew);
        g_test_add_func("/store/damage/middle", test_middle);
        g_test_add_func("/store/damage/older-backup", test_older_backup);
        g_test_add_func("/store/damage/no-room", test_no_room);
        g_test_add_func("/store/damage/crash-within", test_crash_within);
        g_test_add_func("/store/damage/never-over", test_never_over);
        return g_test_run();
}
