/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "daemon/store/age.h"
#include "daemon/store/backup.h"
#include "daemon/store/connection.h"
#include "daemon/store/folder.h"
#include "daemon/store/last-commit.h"
#include "daemon/store/schema.h"

int file_path(const Store *store, const char *name, char ret_path[PATH_MAX]) {
        int length = snprintf(ret_path, PATH_MAX, "%s/%s", store->folder, name);

        return length < 0 || length >= PATH_MAX ? -ENAMETOOLONG : 0;
}

static off_t size_of(const Store *store, const char *name) {
        struct stat st;

        if (fstatat(store->folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT ? 0 : -1;
        return S_ISREG(st.st_mode) ? st.st_size : -1;
}

/* What is no file is moved out of the way before anybody opens it: SQLite would wait for a pipe. */
static int clear_way(const Store *store, uint64_t now_real_usec) {
        static const char *const names[] = { STORE_FILE "-wal", STORE_FILE "-shm", STORE_FILE "-journal" };
        int r;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                if (size_of(store, names[i]) >= 0)
                        continue;
                r = folder_rename_aside(store->folder_fd, names[i], "damaged", now_real_usec, NULL);
                if (r < 0)
                        return r;
        }
        return 0;
}

static FileId id_of(int folder_fd, const char *name, int flags) {
        struct stat st;

        if (fstatat(folder_fd, name, &st, flags) < 0)
                return (FileId){};
        return (FileId){ .device = st.st_dev, .inode = st.st_ino };
}

static bool same_file(FileId a, FileId b) {
        return a.device == b.device && a.inode == b.inode;
}

int file_check_place(Store *store) {
        bool in_place;

        assert(store->db);
        in_place = same_file(id_of(AT_FDCWD, store->folder, 0), id_of(store->folder_fd, ".", 0)) &&
                   same_file(id_of(store->folder_fd, STORE_FILE, AT_SYMLINK_NOFOLLOW), store->file) &&
                   same_file(id_of(store->folder_fd, STORE_FILE "-wal", AT_SYMLINK_NOFOLLOW), store->log);
        store->displaced = !in_place;
        return in_place ? 0 : -EUCLEAN;
}

/* Nothing there, or nothing in it, is a new store only where nothing says that there was one. 1: it is new.
 */
static int check_file(Store *store, bool may_be_new) {
        off_t size = size_of(store, STORE_FILE);
        cleanup_close_ int fd = -1;

        if (size < 0)
                return -EUCLEAN;
        if (size > 0)
                return 0;
        if (!may_be_new && (backup_exists(store->folder_fd) || size_of(store, STORE_FILE "-wal") != 0))
                return -EUCLEAN;
        /* SQLite gives its other files the same mode. */
        fd = openat(store->folder_fd, STORE_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        return fd < 0 ? -errno : 1;
}

static bool is_older_than_backups(const Store *store, const Age *age, const char *account) {
        cleanup_(age_list_done) GArray *backups = NULL;
        const AgedBackup *newest;

        if (age_list_backups(store->folder_fd, store->folder, account, &backups) < 0 || backups->len == 0)
                return false;
        newest = &g_array_index(backups, AgedBackup, 0);
        return newest->ours && age_compare(age, &newest->age) < 0;
}

/* Before anything is written to it: what a damaged -wal still holds is nobody's to overwrite. */
static int check_age(Store *store, sqlite3 *db, int version) {
        const int64_t number = last_commit_read(store->number_fd);
        cleanup_free_ char *account = NULL;
        Age age = {};
        int r = 0;

        if (version > 0)
                r = age_read(db, &age, &account);
        if (r < 0)
                return r == -ENODATA ? -EUCLEAN : r;
        store->behind = age.commits < number || (version > 0 && is_older_than_backups(store, &age, account));
        return store->behind ? -EUCLEAN : 0;
}

static int prepare_schema(
                Store *store, sqlite3 *db, bool may_be_new, uint64_t now_real_usec, StoreReport *report) {
        Age age;
        cleanup_free_ char *account = NULL;
        int version, r;

        r = schema_read_version(db, &version);
        if (r < 0)
                return r;
        if (!may_be_new) {
                r = check_age(store, db, version);
                if (r < 0)
                        return r;
        }
        if (version == 0 && !may_be_new && backup_exists(store->folder_fd))
                return -EUCLEAN;

        /* Answers with the mode, which is not "wal" where the file system cannot do it: then it works
         * without. */
        r = connection_exec(db, "PRAGMA journal_mode = WAL");
        if (r < 0)
                return r;
        if (version < schema_version()) {
                if (version > 0)
                        r = backup_of_database(store->folder_fd, store->folder, db, now_real_usec, NULL);
                if (r == 0)
                        r = schema_migrate(db, version, schema_migrations);
                if (r < 0)
                        return r;
        }

        r = age_read(db, &age, &account);
        if (r < 0)
                return r == -ENODATA ? -EUCLEAN : r;
        store->commits = age.commits;
        report->created = report->created || version == 0;
        if (version > 0 && version < schema_version())
                report->migrated_from = version;
        return 0;
}

/* Each time anew: the folder may have been replaced since. */
static void take_number(Store *store, uint64_t now_real_usec) {
        if (store->number_fd >= 0)
                close(store->number_fd);
        store->number_fd = last_commit_open(store->folder_fd, now_real_usec);
}

int file_open(Store *store, bool may_be_new, uint64_t now_real_usec, StoreReport *report) {
        char path[PATH_MAX];
        sqlite3 *db;
        int r;

        assert(!store->db);
        store->behind = false;
        r = file_path(store, STORE_FILE, path);
        if (r < 0)
                return r;
        r = clear_way(store, now_real_usec);
        if (r == 0)
                r = check_file(store, may_be_new);
        if (r < 0)
                return r;
        may_be_new = may_be_new || r > 0;
        take_number(store, now_real_usec);
        r = connection_open(path, SQLITE_OPEN_READWRITE, &db);
        if (r < 0)
                return r;
        r = prepare_schema(store, db, may_be_new, now_real_usec, report);
        if (r < 0) {
                connection_close_untouched(db);
                return r;
        }
        store->db = db;
        store->file = id_of(store->folder_fd, STORE_FILE, AT_SYMLINK_NOFOLLOW);
        store->log = id_of(store->folder_fd, STORE_FILE "-wal", AT_SYMLINK_NOFOLLOW);
        store->displaced = false;
        if (may_be_new || store->commits > last_commit_read(store->number_fd))
                last_commit_write(store->number_fd, store->commits);
        return 0;
}

/* Whoever else has it open (a backup is made) keeps SQLite from looking at what the -wal holds by itself. Not
 * while it is open here: that would let go of locks. */
static bool is_alone(const Store *store) {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 128, .l_len = 1 };
        cleanup_close_ int fd = openat(
                        store->folder_fd, STORE_FILE "-shm", O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

        return fd < 0 || (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK);
}

/* What is not there is overwritten where it may still lie in the -wal; what is there reaches the file itself,
 * as syncing the -wal failed. */
static int settle_doubt(Store *store, sqlite3 *db, bool stored, bool alone, int64_t *commits) {
        char sql[80];
        int r;

        if (stored)
                (void) sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        if (stored || alone)
                return 0;
        snprintf(sql, sizeof(sql), "UPDATE state SET commits = %" PRId64, store->doubted + 1);
        r = connection_exec(db, sql);
        if (r == 0)
                *commits = store->doubted + 1;
        return r;
}

static int look(Store *store, sqlite3 *db, bool alone, bool *ret_stored) {
        cleanup_free_ char *account = NULL;
        int version, r;
        bool stored;
        Age age;

        r = schema_read_version(db, &version);
        if (r == 0)
                r = age_read(db, &age, &account);
        if (r < 0)
                return r == -ENODATA ? -EUCLEAN : r;
        store->behind = age.commits < store->commits;
        if (store->behind)
                return -EUCLEAN;
        stored = age.commits == store->doubted;
        r = settle_doubt(store, db, stored, alone, &age.commits);
        if (r < 0)
                return r;
        store->commits = age.commits;
        *ret_stored = stored;
        return 0;
}

int file_look_again(Store *store, bool *ret_stored) {
        char path[PATH_MAX];
        sqlite3 *db = NULL;
        bool alone;
        int r;

        assert(store->doubted > 0);
        if (store->n_in_use > 0)
                return -ESTALE;
        file_close(store, true);
        alone = is_alone(store);
        r = file_path(store, STORE_FILE, path);
        if (r == 0)
                r = connection_open(path, SQLITE_OPEN_READWRITE, &db);
        if (r == 0)
                r = look(store, db, alone, ret_stored);
        if (r < 0) {
                connection_close_untouched(db);
                if (r == -EUCLEAN)
                        store->doubted = 0;
                return r == -EUCLEAN ? r : -ESTALE;
        }
        store->db = db;
        store->doubted = 0;
        store->log = id_of(store->folder_fd, STORE_FILE "-wal", AT_SYMLINK_NOFOLLOW);
        last_commit_write(store->number_fd, store->commits);
        return 0;
}

void file_close(Store *store, bool untouched) {
        assert(store->n_in_use == 0 && (!store->db || sqlite3_get_autocommit(store->db)));
        store_drop_statements(store);
        if (untouched)
                connection_close_untouched(store->db);
        else
                sqlite3_close(store->db);
        store->db = NULL;
}

void store_report_done(StoreReport *report) {
        free(report->set_aside);
        free(report->restored);
        free(report->kept);
        *report = (StoreReport){};
}
