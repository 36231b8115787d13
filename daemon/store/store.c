/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Opening and closing: the folder, its lock, the connection and what it must find. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/store/folder.h"
#include "daemon/store/recover.h"
#include "daemon/store/schema.h"
#include "daemon/store/sql.h"

void store_report_done(StoreReport *report) {
        free(report->set_aside);
        free(report->restored);
        free(report->kept);
        *report = (StoreReport){ 0 };
}

bool store_exists(const char *folder) {
        cleanup_close_ int fd = -1;

        fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return false;
        /* One that a crash took away in the middle of a restore can be restored again. */
        return faccessat(fd, STORE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || folder_has_backups(fd);
}

/*
 * The cache is small, as a daemon is there all day: what it answers often is a day of the log. A human with
 * sqlite3 at the same file, or a backup that reads it, is waited for a moment only.
 */
static int configure(sqlite3 *db) {
        sqlite3_busy_timeout(db, 100);
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        return sql_exec(db,
                        "PRAGMA cache_size = -256; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
                        "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL;"
                        "PRAGMA journal_size_limit = 1048576; PRAGMA wal_autocheckpoint = 500;");
}

int store_path(const Store *store, const char *name, char ret_path[PATH_MAX]) {
        int length = snprintf(ret_path, PATH_MAX, "%s/%s", store->folder, name);

        return length < 0 || length >= PATH_MAX ? -ENAMETOOLONG : 0;
}

int db_open(const char *path, int flags, sqlite3 **ret_db) {
        sqlite3 *db = NULL;
        int rc, r;

        rc = sqlite3_open_v2(path, &db,
                        flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, NULL);
        r = sql_error(db, rc);
        if (r == 0)
                r = configure(db);
        if (r < 0) {
                db_close_untouched(db);
                return r;
        }
        *ret_db = db;
        return 0;
}

void db_close_untouched(sqlite3 *db) {
        if (db)
                sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_close(db);
}

static off_t size_of(const Store *store, const char *name) {
        struct stat st;

        if (fstatat(store->folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT ? 0 : -1;
        return S_ISREG(st.st_mode) ? st.st_size : -1;
}

/* Nothing there, or nothing in it, is a new store only where nothing says that there was one. */
static int check_file(Store *store, bool may_be_new) {
        off_t size = size_of(store, STORE_FILE);
        cleanup_close_ int fd = -1;

        if (size < 0)
                return -EUCLEAN;
        if (size > 0)
                return 0;
        if (!may_be_new && (folder_has_backups(store->folder_fd) || size_of(store, STORE_FILE "-wal") != 0))
                return -EUCLEAN;
        /* SQLite gives its other files the same mode. */
        fd = openat(store->folder_fd, STORE_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        return fd < 0 ? -errno : 0;
}

static int prepare_schema(
                Store *store, sqlite3 *db, bool may_be_new, uint64_t now_real_usec, StoreReport *report) {
        int64_t seq;
        int version, r;

        r = schema_read_version(db, &version);
        if (r < 0)
                return r;
        if (version == 0 && !may_be_new && folder_has_backups(store->folder_fd))
                return -EUCLEAN;

        /* Answers with the mode, which is not "wal" where the file system cannot do it: then it works
         * without. */
        r = sql_exec(db, "PRAGMA journal_mode = WAL");
        if (r < 0)
                return r;
        if (version < schema_version()) {
                if (version > 0)
                        r = backup_before_migration(store, db, now_real_usec);
                if (r == 0)
                        r = schema_migrate(db, version);
                if (r < 0)
                        return r;
        }

        r = sql_get_int(db, "SELECT seq FROM state WHERE id = 1", &seq);
        if (r < 0)
                return r == -ENODATA ? -EUCLEAN : r;
        report->created = report->created || version == 0;
        if (version > 0 && version < schema_version())
                report->migrated_from = version;
        return 0;
}

int store_open_file(Store *store, bool may_be_new, uint64_t now_real_usec, StoreReport *report) {
        char path[PATH_MAX];
        sqlite3 *db;
        int r;

        r = store_path(store, STORE_FILE, path);
        if (r < 0)
                return r;
        r = check_file(store, may_be_new);
        if (r < 0)
                return r;
        r = db_open(path, SQLITE_OPEN_READWRITE, &db);
        if (r < 0)
                return r;
        r = prepare_schema(store, db, may_be_new, now_real_usec, report);
        if (r < 0) {
                db_close_untouched(db);
                return r;
        }
        store->db = db;
        return 0;
}

void store_close_file(Store *store, bool untouched) {
        store_drop_statements(store);
        if (untouched)
                db_close_untouched(store->db);
        else
                sqlite3_close(store->db);
        store->db = NULL;
}

Store *store_close(Store *store) {
        if (!store)
                return NULL;
        store_close_file(store, false);
        close_fd(store->lock_fd);
        close_fd(store->folder_fd);
        free(store->account);
        free(store->folder);
        free(store);
        return NULL;
}
DEFINE_CLEANUP(Store *, store_close);

static int read_account(Store *store, char **ret_account) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, "SELECT account FROM state", &st);
        if (r < 0)
                return r;
        r = statement_step(&st);
        if (r <= 0)
                return r < 0 ? r : -EUCLEAN;
        return column_copy(&st, 0, ret_account);
}

static int write_account(Store *store) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, "UPDATE state SET account = ?1", &st);
        if (r < 0)
                return r;
        bind_text(&st, 1, store->account);
        return statement_run(&st);
}

/* A uid can be given to somebody else, who must not find another person's days. */
static int check_account(Store *store, uint64_t now_real_usec, StoreReport *report) {
        cleanup_free_ char *stored = NULL;
        int r;

        if (!store->account)
                return 0;
        r = read_account(store, &stored);
        if (r < 0)
                return r;
        if (stored && strcmp(stored, store->account) == 0)
                return 0;
        if (stored) {
                r = store_replace_account(store, stored, now_real_usec, report);
                if (r < 0)
                        return r;
        }
        return write_account(store);
}

static int open_checked(Store *store, uint64_t now_real_usec, StoreReport *report) {
        int r;

        r = store_open_file(store, false, now_real_usec, report);
        if (r == 0)
                r = check_account(store, now_real_usec, report);
        if (r != -EUCLEAN)
                return r;
        r = store_recover_into(store, now_real_usec, report);
        return r < 0 ? r : check_account(store, now_real_usec, report);
}

int store_open(const char *folder, uid_t uid, const char *account, bool create, uint64_t now_real_usec,
                Store **ret_store, StoreReport *ret_report) {
        cleanup_(store_closep) Store *store = NULL;
        StoreReport report = { 0 };
        int r;

        store = calloc(1, sizeof *store);
        if (!store)
                return -ENOMEM;
        store->folder_fd = store->lock_fd = -1;
        if (account && account[0] != '\0') {
                store->account = strdup(account);
                if (!store->account)
                        return -ENOMEM;
        }
        r = folder_open(folder, uid, create, &store->folder, &store->folder_fd);
        if (r < 0)
                return r;
        if (!create && !store_exists(store->folder))
                return -ENOENT;
        r = folder_lock(store->folder_fd, &store->lock_fd);
        if (r < 0)
                return r;

        r = open_checked(store, now_real_usec, &report);
        if (r < 0) {
                store_report_done(&report);
                return r;
        }
        *ret_store = steal(store);
        *ret_report = report;
        return 0;
}
