/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/recover.h"

/*
 * Putting another file in place of the store's. It is made whole and durable under another name first, which
 * it changes then for one that says so. The old one is renamed, not deleted, and the new one takes its name.
 * After a crash in between, opening goes on where it stopped.
 */

#include <errno.h>
#include <inttypes.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "daemon/store/age.h"
#include "daemon/store/backup.h"
#include "daemon/store/carried.h"
#include "daemon/store/claims.h"
#include "daemon/store/connection.h"
#include "daemon/store/file.h"
#include "daemon/store/folder.h"
#include "daemon/store/last-commit.h"
#include "daemon/store/schema.h"

#define RESTORING   STORE_FILE ".restoring"
#define SEQ_STEP    (1LL << 32) /* more than a store can have counted since its backup */
#define UNKNOWN_IDS 1000        /* ids that may have been given out by a store that cannot be read */

/* What only grows, over restored backups too: columns of the state. Older versions had only the first three.
 */
static const char *const counter_names[] = { "seq", "next_interval", "next_task", "next_claim", "next_step",
        "commits" };
#define COUNTERS     (sizeof(counter_names) / sizeof(counter_names[0]))
#define COUNTERS_OLD 3
#define COMMITS      5

/*
 * The counters of a store, and with them the record of claims: those in force are promises, and one that was
 * released or ended in the store which is replaced must not come back with a backup.
 */
typedef struct Counters {
        int64_t counted[COUNTERS]; /* the first is seq */
        char synchronised_boot[33];
        bool goes_on;    /* they are of the very file that is put in place: what runs in it runs on */
        GArray *claims;  /* NULL: none are carried over … */
        sqlite3 *source; /* … but those of this file, row by row; NULL: none either */
        GArray *newer;   /* of a backup that is newer and of no use itself; NULL: as claims */
        Carried carried; /* with the claims */
        int64_t number;  /* of the last commit, as noted beside the store */
        bool known;
} Counters;

static void counters_done(Counters *counters) {
        g_clear_pointer(&counters->claims, g_array_unref);
        g_clear_pointer(&counters->newer, g_array_unref);
        carried_done(&counters->carried);
}

static void read_boot(sqlite3 *db, char ret_boot_id[33]) {
        sqlite3_stmt *stmt;

        if (sqlite3_prepare_v2(db, "SELECT synchronised_boot FROM state", -1, &stmt, NULL) != SQLITE_OK)
                return;
        if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) == SQLITE_TEXT)
                snprintf(ret_boot_id, 33, "%s", (const char *) sqlite3_column_text(stmt, 0));
        sqlite3_finalize(stmt);
}

/* seq can be 0, the next of whatever is at least 1. */
static bool read_counted(sqlite3 *db, int64_t counted[COUNTERS]) {
        for (size_t i = 0; i < COUNTERS; i++) {
                char sql[64];

                snprintf(sql, sizeof(sql), "SELECT %s FROM state", counter_names[i]);
                if (connection_get_int(db, sql, &counted[i]) == 0 && counted[i] >= (i > 0))
                        continue;
                if (i < COUNTERS_OLD)
                        return false;
                counted[i] = 1;
        }
        return true;
}

static void read_counters(sqlite3 *db, Counters *counters) {
        int64_t counted[COUNTERS];

        if (read_counted(db, counted)) {
                memcpy(counters->counted, counted, sizeof(counted));
                counters->known = true;
        }
        read_boot(db, counters->synchronised_boot);
        if (counters->claims) {
                claim_rows_take(db, counters->claims);
                carried_take(db, &counters->carried);
        }
}

/* Of a store that is damaged, as far as it can be read; nothing is written to it. */
static void read_damaged_counters(Store *store, Counters *counters) {
        char path[PATH_MAX];
        sqlite3 *db;

        counters->number = last_commit_read(store->number_fd);
        if (store->db) {
                read_counters(store->db, counters);
                return;
        }
        if (file_path(store, STORE_FILE, path) < 0 || connection_open(path, SQLITE_OPEN_READWRITE, &db) < 0)
                return;
        read_counters(db, counters);
        connection_close_untouched(db);
}

static Age age_of(const Counters *counters) {
        return (Age){ .seq = counters->counted[0], .commits = counters->counted[COMMITS] };
}

/* Above all that either store has counted. */
static int set_counted(sqlite3 *db, const Counters *live, int64_t least_seq, Age *ret_own) {
        Counters own = { .counted = { 0, 1, 1, 1, 1, 0 } };
        int r = 0;

        read_counters(db, &own);
        *ret_own = age_of(&own);
        for (size_t i = 0; r == 0 && i < COUNTERS; i++) {
                int64_t counted = own.counted[i];
                char sql[96];

                if (live->known)
                        counted = MAX(counted, live->counted[i]);
                else if (i > 0)
                        counted += UNKNOWN_IDS;
                if (i == 0)
                        counted = MAX(counted + SEQ_STEP, least_seq);
                if (i == COMMITS)
                        counted = MAX(counted, live->number) + 1;
                snprintf(sql, sizeof(sql), "UPDATE state SET %s = %" PRId64, counter_names[i], counted);
                r = connection_exec(db, sql);
        }
        return r;
}

static int set_counters(sqlite3 *db, const Counters *live, bool from_backup, uint64_t now_real_usec) {
        const Age live_age = age_of(live);
        char sql[96];
        bool newer; /* what lost commits knows less than what did not */
        Age own;
        int r;

        r = set_counted(db, live, from_backup ? 0 : (int64_t) now_real_usec, &own);
        /* What ran when the backup was made did not go on since: with no boot to belong to, it ends as after
         * a power cut. */
        if (r == 0 && !live->goes_on)
                r = connection_exec(db,
                                "UPDATE state SET boot_id = '00000000000000000000000000000000' WHERE running IS NOT NULL");
        if (r < 0 || (!live->claims && !live->source))
                return r;
        if (strspn(live->synchronised_boot, "0123456789abcdef") == 32) {
                snprintf(sql, sizeof(sql), "UPDATE state SET synchronised_boot = '%s'",
                                live->synchronised_boot);
                r = connection_exec(db, sql);
        }
        newer = !live->known || age_compare(&own, &live_age) <= 0;
        if (r == 0)
                r = live->source ? claim_rows_copy(live->source, db)
                                 : claim_rows_put(db, live->claims, newer);
        if (r == 0)
                r = live->source ? carried_copy(live->source, db) : carried_put(db, &live->carried, newer);
        if (r == 0 && live->newer)
                r = claim_rows_put(db, live->newer, true);
        return r < 0 ? r : claim_rows_drop_settings(db);
}

static int remove_restoring(Store *store) {
        static const char *const names[] = { RESTORING, RESTORING "-journal", RESTORING "-wal",
                RESTORING "-shm" };

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (unlinkat(store->folder_fd, names[i], 0) < 0 && errno != ENOENT)
                        return -errno;
        return 0;
}

static int copy_all(int from, int to) {
        ssize_t n;

        while ((n = sendfile(to, from, NULL, 1 << 20)) > 0)
                ;
        if (n < 0)
                return errno == EFBIG || errno == EDQUOT ? -ENOSPC : -errno;
        return 0;
}

/* An empty file, or a copy of a backup: one is never written to. */
static int make_file(Store *store, const char *backup) {
        cleanup_close_ int folder = -1, from = -1, to = -1;
        struct stat st;
        int r;

        to = openat(store->folder_fd, RESTORING, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (to < 0)
                return -errno;
        if (!backup)
                return 0;
        r = folder_open_backups(store->folder_fd, false, &folder);
        if (r < 0)
                return r;
        /* Opening a pipe for reading waits for its other end. */
        from = openat(folder, backup, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (from < 0)
                return -errno;
        if (fstat(from, &st) < 0 || !S_ISREG(st.st_mode))
                return -EUCLEAN;
        return copy_all(from, to);
}

static int prepare_file(sqlite3 *db, const char *backup, const Counters *live, uint64_t now_real_usec) {
        int version, r;

        r = schema_read_version(db, &version);
        if (r < 0)
                return r;
        if (backup) {
                if (version == 0)
                        return -EUCLEAN;
                r = backup_check(db);
                if (r < 0)
                        return r;
        }
        r = schema_migrate(db, version, schema_migrations);
        if (r == 0)
                r = connection_exec(db, "BEGIN IMMEDIATE");
        if (r == 0)
                r = set_counters(db, live, backup != NULL, now_real_usec);
        return r < 0 ? r : connection_exec(db, "COMMIT");
}

/* Makes what will take the store's place. -EUCLEAN, -EOVERFLOW: this backup is of no use; ret_claims (NULL:
 * not asked for) then has what can be read of its claims. */
static int make_replacement(Store *store, const char *backup, const Counters *live, uint64_t now_real_usec,
                GArray *ret_claims) {
        char path[PATH_MAX];
        sqlite3 *db;
        int r;

        r = file_path(store, RESTORING, path);
        if (r == 0)
                r = remove_restoring(store);
        if (r == 0)
                r = make_file(store, backup);
        if (r == 0)
                r = connection_open(path, SQLITE_OPEN_READWRITE, &db);
        if (r < 0) {
                (void) remove_restoring(store);
                return r;
        }
        r = prepare_file(db, backup, live, now_real_usec);
        if (r == -EUCLEAN && ret_claims && ret_claims->len == 0)
                claim_rows_take(db, ret_claims);
        /* Closing the only connection leaves one file. */
        sqlite3_close(db);
        if (r == 0) {
                cleanup_close_ int fd =
                                openat(store->folder_fd, RESTORING, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

                if (fd < 0 || fsync(fd) < 0)
                        r = -errno;
        }
        if (r < 0)
                (void) remove_restoring(store);
        return r;
}

static int rename_durably(Store *store, const char *from, const char *to) {
        return renameat(store->folder_fd, from, store->folder_fd, to) < 0 || fsync(store->folder_fd) < 0
                               ? -errno
                               : 0;
}

static int put_in_place(Store *store, const char *tag, uint64_t now_real_usec, StoreReport *report) {
        cleanup_free_ char *name = NULL;
        int r;

        r = rename_durably(store, RESTORING, RECOVER_MADE);
        if (r < 0)
                return r;
        r = folder_set_aside(store->folder_fd, tag, now_real_usec, &name);
        if (r < 0) {
                (void) unlinkat(store->folder_fd, RECOVER_MADE, 0);
                return r;
        }
        r = rename_durably(store, RECOVER_MADE, STORE_FILE);
        if (r < 0)
                return r;
        (void) folder_prune_aside(store->folder_fd, CAP_SET_ASIDE);
        free(report->set_aside);
        report->set_aside = steal(name);
        return 0;
}

/* The file was closed; what was made takes its place and is open. */
static int put_and_open(Store *store, const char *tag, uint64_t now_real_usec, StoreReport *report) {
        int r = put_in_place(store, tag, now_real_usec, report);

        return r < 0 ? r : file_open(store, true, now_real_usec, report);
}

int recover_interrupted(Store *store, uint64_t now_real_usec) {
        static const char *const parts[] = { STORE_FILE "-wal", STORE_FILE "-shm" };
        int r;

        if (faccessat(store->folder_fd, STORE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
                if (unlinkat(store->folder_fd, RECOVER_MADE, 0) < 0 && errno != ENOENT)
                        return -errno;
        } else if (faccessat(store->folder_fd, RECOVER_MADE, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
                /* They are of the file that was set aside. */
                for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
                        r = folder_rename_aside(store->folder_fd, parts[i], "replaced", now_real_usec, NULL);
                        if (r < 0 && r != -ENOENT)
                                return r;
                }
                r = rename_durably(store, RECOVER_MADE, STORE_FILE);
                if (r < 0)
                        return r;
        }
        return remove_restoring(store);
}

static bool is_useless(int r) {
        return r == -EUCLEAN || r == -EOVERFLOW || r == -ENOENT || r == -ELOOP;
}

/* Of a store that lost commits and is sound as it is: what it still has, kept as a backup first. What ran in
 * it runs on. */
static int make_of_itself(Store *store, const Counters *live, uint64_t now_real_usec, char **ret_restored) {
        char path[PATH_MAX], name[BACKUP_NAME_MAX];
        Counters going_on = *live;
        sqlite3 *db;
        int r;

        r = file_path(store, STORE_FILE, path);
        if (r == 0)
                r = connection_open(path, SQLITE_OPEN_READWRITE, &db);
        if (r < 0)
                return r;
        r = backup_of_database(store->folder_fd, store->folder, db, now_real_usec, name);
        connection_close_untouched(db);
        if (r < 0)
                return r;
        going_on.goes_on = true;
        r = make_replacement(store, name, &going_on, now_real_usec, NULL);
        if (r == 0)
                *ret_restored = g_strdup(name);
        return r;
}

/* Of the newest state that is any good, else an empty one. ret_restored: NULL or the name of the backup. */
static int make_best(Store *store, Counters *live, uint64_t now_real_usec, char **ret_restored) {
        cleanup_(age_list_done) GArray *backups = NULL;
        bool itself = store->behind && live->known;
        const Age age = age_of(live);
        int r;

        r = age_list_backups(store->folder_fd, store->folder, store->account, &backups);
        if (r < 0)
                return r;
        for (guint i = 0; i <= backups->len; i++) {
                const AgedBackup *backup = i < backups->len ? &g_array_index(backups, AgedBackup, i) : NULL;
                const bool newer = backup && backup->ours && age_compare(&backup->age, &age) > 0;

                if (itself && !newer) {
                        itself = false;
                        r = make_of_itself(store, live, now_real_usec, ret_restored);
                        if (!is_useless(r))
                                return r;
                }
                if (!backup)
                        break;
                r = make_replacement(store, backup->name, live, now_real_usec, newer ? live->newer : NULL);
                if (r == 0)
                        *ret_restored = g_strdup(backup->name);
                if (!is_useless(r))
                        return r;
        }
        return make_replacement(store, NULL, live, now_real_usec, NULL);
}

/* The folder that the path leads to now, made again if it is gone, with its lock. */
static int find_folder(Store *store) {
        cleanup_free_ char *path = NULL;
        cleanup_close_ int folder_fd = -1, lock_fd = -1;
        struct stat there, held;
        int r;

        r = folder_open(store->folder, geteuid(), true, &path, &folder_fd);
        if (r < 0)
                return r;
        if (fstat(folder_fd, &there) < 0 || fstat(store->folder_fd, &held) < 0)
                return -errno;
        if (there.st_dev != held.st_dev || there.st_ino != held.st_ino) {
                r = folder_lock(folder_fd, &lock_fd);
                if (r < 0)
                        return r;
                close(store->folder_fd);
                close(store->lock_fd);
                store->folder_fd = steal_fd(folder_fd);
                store->lock_fd = steal_fd(lock_fd);
        }
        /* Somebody may have put a link in its place, which SQLite does not follow. */
        free(store->folder);
        store->folder = steal(path);
        return 0;
}

/* What was open goes back to where its name leads, and what lies there is kept beside it. */
static int recover_displaced(Store *store, uint64_t now_real_usec, StoreReport *report) {
        cleanup_(counters_done) Counters live = { .claims = claim_rows_new(), .goes_on = true };
        char name[BACKUP_NAME_MAX];
        int r;

        r = find_folder(store);
        if (r == 0)
                r = backup_of_database(store->folder_fd, store->folder, store->db, now_real_usec, name);
        if (r < 0)
                return r;
        read_damaged_counters(store, &live);
        r = make_replacement(store, name, &live, now_real_usec, NULL);
        if (r < 0)
                return r;
        file_close(store, true);
        r = put_in_place(store, "displaced", now_real_usec, report);
        if (r == 0)
                r = file_open(store, true, now_real_usec, report);
        if (r < 0)
                return r;
        report->displaced = true;
        report->restored = g_strdup(name);
        return 0;
}

int recover_into(Store *store, uint64_t now_real_usec, StoreReport *report) {
        cleanup_(counters_done) Counters live = { .claims = claim_rows_new(), .newer = claim_rows_new() };
        const bool behind = store->behind;
        cleanup_free_ char *restored = NULL;
        int r;

        if (store->db && file_check_place(store) < 0) {
                r = recover_displaced(store, now_real_usec, report);
                if (r != -EUCLEAN)
                        return r;
        }
        read_damaged_counters(store, &live);
        file_close(store, true);
        r = make_best(store, &live, now_real_usec, &restored);
        if (r == 0)
                r = put_and_open(store, "damaged", now_real_usec, report);
        if (r < 0)
                return r;

        report->set_aside_account = false;
        report->behind = behind;
        report->created = restored == NULL;
        free(report->restored);
        report->restored = steal(restored);
        return 0;
}

bool store_is_displaced(const Store *store) {
        return store->db && store->displaced;
}

int store_recover(Store *store, uint64_t now_real_usec, StoreReport *ret_report) {
        StoreReport report = {};
        int r;

        assert(store->n_in_use == 0);
        r = recover_into(store, now_real_usec, &report);
        if (r < 0) {
                store_report_done(&report);
                return r;
        }
        *ret_report = report;
        return 0;
}

/* What was just set aside, as a backup: whoever took the wrong one can come back. With a -wal beside it, it
 * is not whole. */
static char *keep_replaced(const Store *store, const char *file, uint64_t now_real_usec) {
        char name[BACKUP_NAME_MAX], wal[NAME_MAX + 1];

        if (!file || snprintf(wal, sizeof(wal), "%s-wal", file) >= (int) sizeof(wal) ||
                        faccessat(store->folder_fd, wal, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
                        backup_of_file(store->folder_fd, file, now_real_usec, name) < 0)
                return NULL;
        return g_strdup(name);
}

static int prepare(Store *store, const char *name, uint64_t now_real_usec) {
        cleanup_close_ int number_fd = -1;
        Counters live = {};
        char path[PATH_MAX];
        int r;

        r = file_path(store, STORE_FILE, path);
        if (r == 0)
                r = connection_open(path, SQLITE_OPEN_READONLY, &live.source);
        if (r < 0)
                return r;
        sqlite3_busy_timeout(live.source, 5000);
        number_fd = last_commit_open(store->folder_fd, now_real_usec);
        live.number = last_commit_read(number_fd);
        read_counters(live.source, &live);
        r = make_replacement(store, name, &live, now_real_usec, NULL);
        sqlite3_close(live.source);
        return r;
}

int store_restore_prepare(const char *folder, const char *name, uint64_t now_real_usec) {
        cleanup_close_ int folder_fd = -1;
        cleanup_free_ char *path = NULL;
        Store store = { .lock_fd = -1, .number_fd = -1 };
        int r;

        if (!folder_is_backup_name(name, NULL))
                return -ENOENT;
        r = folder_open(folder, geteuid(), false, &path, &folder_fd);
        if (r < 0)
                return r;
        store.folder = path;
        store.folder_fd = folder_fd;
        return prepare(&store, name, now_real_usec);
}

int store_restore_end(Store *store, const char *name, uint64_t now_real_usec, StoreReport *ret_report) {
        StoreReport report = {};
        int r;

        assert(store->n_in_use == 0);
        if (faccessat(store->folder_fd, RESTORING, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
                return -errno;
        file_close(store, false);
        r = put_in_place(store, "replaced", now_real_usec, &report);
        if (r == 0)
                r = file_open(store, true, now_real_usec, &report);
        else
                /* Whatever stopped it, the old one is still there or can be restored. */
                (void) file_open(store, false, now_real_usec, &report);
        if (r < 0) {
                store_report_done(&report);
                return r;
        }
        report.restored = g_strdup(name);
        report.kept = keep_replaced(store, report.set_aside, now_real_usec);
        *ret_report = report;
        return 0;
}

void store_restore_drop(Store *store) {
        (void) remove_restoring(store);
}

int store_backup_restore(Store *store, const char *name, uint64_t now_real_usec, StoreReport *ret_report) {
        int r = store_restore_prepare(store->folder, name, now_real_usec);

        return r < 0 ? r : store_restore_end(store, name, now_real_usec, ret_report);
}

/* A name of an account as a part of a file's. */
static void account_tag(const char *account, char *ret_tag, size_t size) {
        snprintf(ret_tag, size, "account-%.64s", account);
        for (char *c = ret_tag; *c; c++)
                if (*c == '/' || (unsigned char) *c < ' ')
                        *c = '_';
}

int recover_account(Store *store, const char *stored, uint64_t now_real_usec, StoreReport *report) {
        Counters live = {}; /* claims are the old owner's */
        char tag[80];
        int r;

        account_tag(stored, tag, sizeof(tag));
        read_damaged_counters(store, &live);
        r = make_replacement(store, NULL, &live, now_real_usec, NULL);
        if (r < 0)
                return r;
        file_close(store, false);
        /* Were the backups left, a damaged store of the new owner would be restored from the old one's. */
        r = folder_rename_aside(store->folder_fd, BACKUP_FOLDER, tag, now_real_usec, NULL);
        if (r < 0 && r != -ENOENT)
                return r;
        r = put_and_open(store, tag, now_real_usec, report);
        if (r < 0)
                return r;
        report->set_aside_account = true;
        report->created = true;
        return 0;
}
