/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* A damaged -wal, of which SQLite ignores without a word what comes after the damage: the store is never
 * silently older than it was. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/store/store-test.h"

#define FRAME_BYTES  (24 + 4096)
#define HEADER_BYTES 32
#define EARLY        4u /* tasks before the backup */
#define LATE         5u /* and after it */

static Claim locked_claim(int64_t id) {
        return (Claim){
                .id = id,
                .source = CLAIM_BY_USER,
                .date = DATE_NONE,
                .lock = LOCK_ADMIN,
                .engaged_real_usec = T0,
                .engaged_boot_usec = 1000,
                .length_usec = USEC_PER_HOUR,
                .until_real_usec = T0 + USEC_PER_HOUR,
                .until_boot_usec = USEC_PER_HOUR + 1000,
                .boot_id = BOOT_ID,
                .firm = true,
        };
}

static void put_claim(Store *store, const Claim *claim) {
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_claims(&write, claim, 1, claim->id + 1)), ==,
                        0);
}

static void add_tasks(Store *store, unsigned n) {
        while (n-- > 0) {
                Task task = { .title = (char *) "letter" };

                g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_task_new(&write, &task)), ==, 0);
        }
}

static unsigned count_tasks(Store *store) {
        unsigned tasks, projects;

        g_assert_cmpint(store_task_count(store, &tasks, &projects), ==, 0);
        return tasks;
}

static bool is_claimed(Store *store, int64_t id) {
        GArray *claims = claim_array_new();
        int64_t next;
        bool found;

        g_assert_cmpint(store_claims_load(store, claims, &next), ==, 0);
        found = claim_array_find(claims, id) != NULL;
        g_array_unref(claims);
        return found;
}

/* Done in a process that is gone at once, with the store open. */
static void crash_after(const char *folder, void (*live)(Store *store, const char *folder)) {
        int status;
        pid_t pid = fork();

        g_assert_cmpint(pid, >=, 0);
        if (pid == 0) {
                live(store_must_open(folder), folder);
                _exit(0);
        }
        g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
        g_assert_cmpint(status, ==, 0);
}

static void live_a_day(Store *store, const char *folder) {
        const Claim claim = locked_claim(1);
        char name[BACKUP_NAME_MAX];

        add_tasks(store, EARLY);
        put_claim(store, &claim);
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
        add_tasks(store, LATE);
}

/* What is in the file itself is older than the claim and the backup. */
static void make_crashed(const char *folder) {
        store_ store = store_must_open(folder);

        add_tasks(store, 1);
        store = store_close(store);
        crash_after(folder, live_a_day);
}

static void copy_folder(const char *from, const char *to) {
        cleanup_free_ char *command = g_strdup_printf("rm -rf '%s' && cp -a '%s' '%s'", to, from, to);

        g_assert_cmpint(system(command), ==, 0);
}

static void flip(const char *path, off_t at) {
        cleanup_close_ int fd = open(path, O_RDWR | O_CLOEXEC);
        unsigned char byte;

        g_assert_cmpint(pread(fd, &byte, 1, at), ==, 1);
        byte ^= (unsigned char) (1u << (at % 8));
        g_assert_cmpint(pwrite(fd, &byte, 1, at), ==, 1);
}

/* All of it is there, or it was noticed, and no backup holds more than what took its place. */
static void check_after_damage(const char *folder) {
        store_ store = NULL;
        StoreReport report = {};
        unsigned tasks;

        store = store_must_report(folder, T0 + USEC_PER_SEC, &report);
        g_assert_true(is_claimed(store, 1));
        tasks = count_tasks(store);
        if (!report.set_aside)
                g_assert_cmpuint(tasks, ==, 1 + EARLY + LATE);
        else {
                cleanup_free_ char *aside = folder_file(folder, report.set_aside);

                g_assert_nonnull(report.restored);
                g_assert_cmpint(access(aside, F_OK), ==, 0);
                g_assert_cmpuint(tasks, >=, 1 + EARLY);
        }
        add_tasks(store, 1);
        store = store_close(store);
        /* What is restored is not taken for older than it is. */
        store = store_must_open(folder);
        g_assert_cmpuint(count_tasks(store), ==, tasks + 1);
        store_report_done(&report);
}

static void test_every_frame(void) {
        folder_ folder = folder_new();
        folder_ copy = folder_new();
        cleanup_free_ char *wal = folder_file(copy, "pomod.db-wal");
        off_t size;

        make_crashed(folder);
        copy_folder(folder, copy);
        size = file_size(wal);
        g_assert_cmpint(size, >, HEADER_BYTES + 10 * FRAME_BYTES);
        check_after_damage(copy);
        for (off_t cut = 0; cut < size; cut = cut == 0 ? HEADER_BYTES : cut + FRAME_BYTES) {
                copy_folder(folder, copy);
                file_zero(wal, cut, 0);
                check_after_damage(copy);
        }
        for (off_t at = 0; at < size; at += at < HEADER_BYTES ? 7 : 1021) {
                copy_folder(folder, copy);
                flip(wal, at);
                check_after_damage(copy);
        }
}

static void test_at_random(void) {
        folder_ folder = folder_new();
        folder_ copy = folder_new();
        cleanup_free_ char *wal = folder_file(copy, "pomod.db-wal");

        make_crashed(folder);
        for (unsigned i = 0; i < 40; i++) {
                int32_t at;

                copy_folder(folder, copy);
                at = g_test_rand_int_range(1, (int32_t) file_size(wal));
                if (i % 2 == 0)
                        flip(wal, at);
                else
                        file_zero(wal, at, 0);
                check_after_damage(copy);
        }
}

/* A store that never was closed has all it knows in its -wal. */
static void test_the_first_day(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *wal = folder_file(folder, "pomod.db-wal");
        StoreReport report = {};
        store_ store = NULL;

        crash_after(folder, live_a_day);
        flip(wal, 100);
        store = store_must_report(folder, T0 + USEC_PER_SEC, &report);
        g_assert_nonnull(report.restored);
        g_assert_true(is_claimed(store, 1));
        store_report_done(&report);
}

static void add_three(Store *store, const char *folder) {
        add_tasks(store, 3);
}

/* Without a backup, or with older ones alone, what the store still has is the newest good state. */
static void test_nothing_newer(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *wal = folder_file(folder, "pomod.db-wal");
        StoreReport report = {};
        store_ store = store_must_open(folder);
        char name[BACKUP_NAME_MAX];

        add_tasks(store, 2);
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
        add_tasks(store, 2);
        store = store_close(store);
        crash_after(folder, add_three);
        file_zero(wal, file_size(wal) - FRAME_BYTES, 0);
        store = store_must_report(folder, T0 + USEC_PER_SEC, &report);
        g_assert_nonnull(report.set_aside);
        g_assert_cmpuint(count_tasks(store), ==, 6);
        store_report_done(&report);
}

static char *path_of_number(const char *folder) {
        return folder_file(folder, "last-commit");
}

static void remove_number(const char *path) {
        g_assert_cmpint(unlink(path), ==, 0);
}
static void empty_number(const char *path) {
        file_zero(path, 0, 0);
}
static void tear_number(const char *path) {
        file_zero(path, 12, 0);
}
static void flip_number(const char *path) {
        flip(path, 18);
}
static void lengthen_number(const char *path) {
        cleanup_free_ char *text = g_strnfill(100000, '9');

        g_assert_true(g_file_set_contents(path, text, -1, NULL));
}
static void pipe_number(const char *path) {
        remove_number(path);
        g_assert_cmpint(mkfifo(path, 0600), ==, 0);
}
static void make_folder_of_number(const char *path) {
        remove_number(path);
        g_assert_cmpint(mkdir(path, 0700), ==, 0);
}
static void link_number(const char *path) {
        cleanup_free_ char *other = g_strconcat(path, ".other", NULL);

        g_assert_cmpint(rename(path, other), ==, 0);
        g_assert_cmpint(symlink("last-commit.other", path), ==, 0);
}
static void link_number_hard(const char *path) {
        cleanup_free_ char *other = g_strconcat(path, ".other", NULL);

        g_assert_cmpint(link(path, other), ==, 0);
}
static void give_number_away(const char *path) {
        if (geteuid() == 0)
                g_assert_cmpint(chown(path, 12345, 12345), ==, 0);
}

/* A number that says nothing is no alarm, hangs nobody, and is there again for the next time. */
static void test_no_number(void) {
        static void (*const damages[])(const char *) = { remove_number, empty_number, tear_number,
                flip_number, lengthen_number, pipe_number, make_folder_of_number, link_number,
                link_number_hard, give_number_away };

        for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
                folder_ folder = folder_new();
                cleanup_free_ char *number = path_of_number(folder);
                cleanup_free_ char *wal = folder_file(folder, "pomod.db-wal");
                StoreReport report = {};
                store_ store = store_must_open(folder);

                add_tasks(store, 2);
                store = store_close(store);
                damages[i](number);
                store = store_must_open(folder);
                g_assert_cmpuint(count_tasks(store), ==, 2);
                store = store_close(store);

                crash_after(folder, add_three);
                file_zero(wal, file_size(wal) - FRAME_BYTES, 0);
                store = store_must_report(folder, T0, &report);
                g_assert_true(report.behind);
                store_report_done(&report);
        }
}

/* As a power cut leaves it: it is not synced, the store is. */
static void test_older_number(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *number = path_of_number(folder), *old = NULL;
        store_ store = store_must_open(folder);
        gsize length;

        add_tasks(store, 1);
        g_assert_true(g_file_get_contents(number, &old, &length, NULL));
        add_tasks(store, 2);
        store = store_close(store);
        g_assert_true(g_file_set_contents(number, old, (gssize) length, NULL));
        store = store_must_open(folder);
        g_assert_cmpuint(count_tasks(store), ==, 3);
}

/* Who restores an older backup means it: also where a kill comes before the number is noted. */
static void test_restored_on_purpose(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *number = path_of_number(folder), *old = NULL;
        store_ store = store_must_open(folder);
        char first[BACKUP_NAME_MAX], second[BACKUP_NAME_MAX];
        StoreReport report = {};
        gsize length;

        add_tasks(store, 1);
        g_assert_cmpint(store_backup_make(folder, T0, first), ==, 0);
        add_tasks(store, 1);
        g_assert_cmpint(store_backup_make(folder, T0 + USEC_PER_DAY, second), ==, 0);
        add_tasks(store, 1);
        g_assert_true(g_file_get_contents(number, &old, &length, NULL));
        g_assert_cmpint(store_backup_restore(store, first, T0 + 2 * USEC_PER_DAY, &report), ==, 0);
        store_report_done(&report);
        store = store_close(store);
        g_assert_true(g_file_set_contents(number, old, (gssize) length, NULL));
        store = store_must_open(folder);
        g_assert_cmpuint(count_tasks(store), ==, 1);
        add_tasks(store, 1);
        store = store_close(store);
        store = store_must_open(folder);
        g_assert_cmpuint(count_tasks(store), ==, 2);
}

/* cp of a backup over the store: nothing is overwritten, and the newest state there is wins. */
static void test_copied_by_hand(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *number = path_of_number(folder), *command = NULL;
        store_ store = store_must_open(folder);
        char first[BACKUP_NAME_MAX], second[BACKUP_NAME_MAX];

        add_tasks(store, 1);
        g_assert_cmpint(store_backup_make(folder, T0, first), ==, 0);
        add_tasks(store, 1);
        g_assert_cmpint(store_backup_make(folder, T0 + USEC_PER_DAY, second), ==, 0);
        store = store_close(store);
        command = g_strdup_printf("cp '%s/backups/%s' '%s/pomod.db'", folder, first, folder);
        for (unsigned i = 0; i < 2; i++) {
                StoreReport report = {};

                g_assert_cmpint(system(command), ==, 0);
                if (i == 1)
                        g_assert_cmpint(unlink(number), ==, 0);
                store = store_must_report(folder, T0 + 2 * USEC_PER_DAY + i * USEC_PER_SEC, &report);
                g_assert_true(report.behind);
                g_assert_cmpstr(report.restored, ==, second);
                g_assert_nonnull(report.set_aside);
                g_assert_cmpuint(count_tasks(store), ==, 2);
                store_report_done(&report);
                store = store_close(store);
        }
}

/* The folder of a store, with all that is in it, elsewhere; and a store that came alone. */
static void test_moved(void) {
        folder_ folder = folder_new();
        folder_ elsewhere = folder_new();
        folder_ alone = folder_new();
        cleanup_free_ char *command = g_strdup_printf("cp '%s/pomod.db' '%s'", folder, alone);
        store_ store = store_must_open(folder);
        char name[BACKUP_NAME_MAX];

        add_tasks(store, 1);
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
        add_tasks(store, 1);
        store = store_close(store);
        copy_folder(folder, elsewhere);
        g_assert_cmpint(system(command), ==, 0);
        store = store_must_open(elsewhere);
        g_assert_cmpuint(count_tasks(store), ==, 2);
        store = store_close(store);
        store = store_must_open(alone);
        g_assert_cmpuint(count_tasks(store), ==, 2);
}

static void release_and_crash(Store *store, const char *folder) {
        Claim claim = locked_claim(1), another = locked_claim(2);
        char name[BACKUP_NAME_MAX];

        put_claim(store, &another);
        claim.state = CLAIM_RELEASED;
        put_claim(store, &claim);
        g_assert_cmpint(store_backup_make(folder, T0 + USEC_PER_DAY, name), ==, 0);
        add_tasks(store, 1);
}

/* The newer backup knows of each claim what became of it, even where its log is of no use. */
static void test_claims_of_the_newer_backup(void) {
        for (unsigned damaged = 0; damaged < 2; damaged++) {
                folder_ folder = folder_new();
                cleanup_free_ char *wal = folder_file(folder, "pomod.db-wal");
                cleanup_free_ char *newer = folder_file(folder, "backups/pomod-20260102T000000Z.db");
                const Claim claim = locked_claim(1);
                StoreReport report = {};
                store_ store = store_must_open(folder);
                char name[BACKUP_NAME_MAX];

                put_claim(store, &claim);
                g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
                store = store_close(store);
                crash_after(folder, release_and_crash);
                file_zero(wal, 0, 0);
                if (damaged) {
                        cleanup_free_ char *backups = folder_file(folder, "backups");
                        cleanup_free_ char *as_store = folder_file(backups, "pomod.db");

                        g_assert_cmpint(rename(newer, as_store), ==, 0);
                        file_zero(as_store,
                                        (file_sql_int(backups,
                                                         "SELECT rootpage FROM sqlite_schema WHERE name = 'intervals_by_epoch'") -
                                                        1) *
                                                        4096,
                                        4096);
                        g_assert_cmpint(rename(as_store, newer), ==, 0);
                }
                store = store_must_report(folder, T0 + 2 * USEC_PER_DAY, &report);
                g_assert_true(report.behind);
                g_assert_nonnull(report.restored);
                g_assert_false(is_claimed(store, 1));
                g_assert_true(is_claimed(store, 2));
                store_report_done(&report);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/lost/every-frame", test_every_frame);
        g_test_add_func("/store/lost/at-random", test_at_random);
        g_test_add_func("/store/lost/the-first-day", test_the_first_day);
        g_test_add_func("/store/lost/nothing-newer", test_nothing_newer);
        g_test_add_func("/store/lost/no-number", test_no_number);
        g_test_add_func("/store/lost/older-number", test_older_number);
        g_test_add_func("/store/lost/restored-on-purpose", test_restored_on_purpose);
        g_test_add_func("/store/lost/copied-by-hand", test_copied_by_hand);
        g_test_add_func("/store/lost/moved", test_moved);
        g_test_add_func("/store/lost/claims-of-the-newer-backup", test_claims_of_the_newer_backup);
        return g_test_run();
}
