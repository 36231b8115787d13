/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/backup.h"

/*
 * Backups. VACUUM INTO reads a live store through a connection of its own, in one transaction, without the
 * lock that the daemon holds; what it wrote is checked whole before it gets its name.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "daemon/store/connection.h"
#include "daemon/store/folder.h"
#include "daemon/store/schema.h"
#include "daemon/store/store.h"

#define BACKUP_KEEP_NEWEST 3
#define TEMPORARY          ".tmp-"

int backup_check(sqlite3 *db) {
        sqlite3_stmt *stmt;
        int rc, r;

        rc = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
        if (rc != SQLITE_OK)
                return connection_error(db, rc);
        rc = sqlite3_step(stmt);
        if (rc == SQLITE_ROW)
                r = strcmp((const char *) sqlite3_column_text(stmt, 0), "ok") == 0 ? 0 : -EUCLEAN;
        else
                r = rc == SQLITE_DONE ? -EUCLEAN : connection_error(db, rc);
        sqlite3_finalize(stmt);
        sqlite3_db_release_memory(db);
        return r;
}

static int newest_first(const void *a, const void *b) {
        BackupName x = {}, y = {};

        folder_is_backup_name(*(const char *const *) a, &x);
        folder_is_backup_name(*(const char *const *) b, &y);
        if (x.made_real_usec != y.made_real_usec)
                return x.made_real_usec < y.made_real_usec ? 1 : -1;
        return x.ordinal < y.ordinal ? 1 : x.ordinal > y.ordinal ? -1 : 0;
}

static void note_backup(int fd, const char *name, void *userdata) {
        if (folder_is_backup_name(name, NULL))
                g_ptr_array_add(userdata, g_strdup(name));
}

int backup_list(int folder_fd, GPtrArray **ret_names) {
        cleanup_(backup_list_done) GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
        cleanup_close_ int fd = -1;
        int r;

        r = folder_open_backups(folder_fd, false, &fd);
        if (r == 0)
                r = folder_each_name(fd, note_backup, names);
        if (r < 0 && r != -ENOENT && r != -ENOTDIR && r != -ELOOP)
                return r;
        g_ptr_array_sort(names, newest_first);
        *ret_names = steal(names);
        return 0;
}

bool backup_exists(int folder_fd) {
        cleanup_(backup_list_done) GPtrArray *names = NULL;

        return backup_list(folder_fd, &names) == 0 && names->len > 0;
}

static int vacuum_into(sqlite3 *db, const char *path) {
        sqlite3_stmt *stmt;
        int rc;

        rc = sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &stmt, NULL);
        if (rc != SQLITE_OK)
                return connection_error(db, rc);
        sqlite3_bind_text(stmt, 1, path, -1, SQLITE_TRANSIENT);
        rc = sqlite3_step(stmt);
        sqlite3_finalize(stmt);
        return connection_error(db, rc);
}

static int check_written(const char *path) {
        cleanup_close_ int fd = -1;
        sqlite3 *db;
        int version, r;

        r = connection_open(path, SQLITE_OPEN_READONLY, &db);
        if (r < 0)
                return r;
        r = schema_read_version(db, &version);
        if (r == 0)
                r = version == 0 ? -EUCLEAN : backup_check(db);
        sqlite3_close(db);
        if (r < 0)
                return r;

        fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

/* SQLite would let everybody read it. Locked as long as ret_fd is open: somebody is at it. */
static int make_empty(int backups_fd, const char *name, int *ret_fd) {
        cleanup_close_ int fd = -1;

        if (unlinkat(backups_fd, name, 0) < 0 && errno != ENOENT)
                return -errno;
        fd = openat(backups_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
                return -errno;
        *ret_fd = steal_fd(fd);
        return 0;
}

/* Under the first name that is free: unlike a rename, a link never replaces what has the name. */
static int link_backup(int from_fd, const char *from, int backups_fd, const BackupName *as, char *ret_name) {
        char name[BACKUP_NAME_MAX];

        for (BackupName parts = *as;; parts.ordinal++) {
                BackupName other = parts;

                /* Within a second, the ordinals of both kinds say which is newer. */
                other.by_hand = !other.by_hand;
                folder_backup_name(&other, name);
                if (faccessat(backups_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
                        continue;
                folder_backup_name(&parts, name);
                if (linkat(from_fd, from, backups_fd, name, 0) == 0)
                        break;
                if (errno != EEXIST)
                        return -errno;
        }
        if (ret_name)
                strcpy(ret_name, name);
        return fsync(backups_fd) < 0 ? -errno : 0;
}

/* Writes one of an open database into backups/. */
static int write_backup(
                const char *folder, sqlite3 *db, int backups_fd, const BackupName *as, char *ret_name) {
        char temporary[BACKUP_NAME_MAX + 32], path[PATH_MAX];
        cleanup_close_ int fd = -1;
        int length, r;

        /* Of this process alone: somebody else may be making one. */
        snprintf(temporary, sizeof(temporary), TEMPORARY "%ld", (long) getpid());
        length = snprintf(path, sizeof(path), "%s/" BACKUP_FOLDER "/%s", folder, temporary);
        if (length < 0 || length >= (int) sizeof(path))
                return -ENAMETOOLONG;
        r = make_empty(backups_fd, temporary, &fd);
        if (r == 0)
                r = vacuum_into(db, path);
        if (r == 0)
                r = check_written(path);
        if (r == 0)
                r = link_backup(backups_fd, temporary, backups_fd, as, ret_name);
        (void) unlinkat(backups_fd, temporary, 0);
        return r;
}

int backup_of_file(int folder_fd, const char *file, uint64_t now_real_usec, char ret_name[BACKUP_NAME_MAX]) {
        cleanup_close_ int backups_fd = -1;
        int r;

        r = folder_open_backups(folder_fd, true, &backups_fd);
        if (r < 0)
                return r;
        return link_backup(folder_fd, file, backups_fd,
                        &(BackupName){ .made_real_usec = now_real_usec, .ordinal = 1 }, ret_name);
}

/* ".tmp-PID", and what SQLite makes beside it. */
static bool is_temporary(const char *name) {
        const char *rest;

        if (strncmp(name, TEMPORARY, strlen(TEMPORARY)) != 0)
                return false;
        rest = name + strlen(TEMPORARY);
        return strspn(rest, "0123456789") > 0 &&
               (rest[strspn(rest, "0123456789")] == '\0' ||
                               strncmp(rest + strspn(rest, "0123456789"), "-", 1) == 0);
}

/* What a process that was killed left behind: nobody holds its lock, whoever has its number now. */
static void remove_stale(int backups_fd, const char *name, void *userdata) {
        cleanup_close_ int fd = -1;
        char made[BACKUP_NAME_MAX + 32];
        struct stat st;

        if (!is_temporary(name) || fstatat(backups_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
                        !S_ISREG(st.st_mode))
                return;
        snprintf(made, sizeof(made), "%.*s",
                        (int) (strlen(TEMPORARY) + strspn(name + strlen(TEMPORARY), "0123456789")), name);
        fd = openat(backups_fd, made, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0)
                return;
        (void) unlinkat(backups_fd, name, 0);
}

void backup_remove_stale(int folder_fd) {
        cleanup_close_ int fd = -1;

        if (folder_open_backups(folder_fd, false, &fd) == 0)
                (void) folder_each_name(fd, remove_stale, NULL);
}

static bool look_at(int folder_fd, const char *name, Backup *ret_backup) {
        char path[sizeof(BACKUP_FOLDER) + NAME_MAX];
        Backup backup = {};
        BackupName parts;
        struct stat st;

        snprintf(path, sizeof(path), BACKUP_FOLDER "/%s", name);
        if (fstatat(folder_fd, path, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode) ||
                        !folder_is_backup_name(name, &parts))
                return false;
        backup.made_real_usec = parts.made_real_usec;
        backup.bytes = (uint64_t) st.st_size;
        g_strlcpy(backup.name, name, sizeof(backup.name));
        *ret_backup = backup;
        return true;
}

/*
 * Old ones go, but the newest three stay however old they are; of those by hand the newest few; and of all,
 * no more than the budget. The newest always stays: it is what a damaged store is restored from.
 */
static int prune(int folder_fd, int backups_fd, uint64_t now_real_usec) {
        const uint64_t keep_usec = BACKUP_KEEP_DAYS * 24ULL * 3600 * 1000000;
        cleanup_(backup_list_done) GPtrArray *names = NULL;
        unsigned by_hand = 0;
        uint64_t bytes = 0;
        int r;

        r = backup_list(folder_fd, &names);
        if (r < 0)
                return r;
        for (guint i = 0; i < names->len; i++) {
                const char *name = g_ptr_array_index(names, i);
                BackupName parts = {};
                Backup backup = {};

                (void) folder_is_backup_name(name, &parts);
                (void) look_at(folder_fd, name, &backup);
                by_hand += parts.by_hand;
                bytes += backup.bytes;
                if (i == 0 || ((i < BACKUP_KEEP_NEWEST ||
                                               parts.made_real_usec + keep_usec >= now_real_usec) &&
                                              (!parts.by_hand || by_hand <= CAP_BACKUPS_BY_HAND) &&
                                              bytes <= CAP_BACKUPS_BYTES))
                        continue;
                if (unlinkat(backups_fd, name, 0) < 0)
                        return -errno;
                bytes -= backup.bytes;
        }
        return 0;
}

static int make(const char *folder, const BackupName *as, char ret_name[BACKUP_NAME_MAX]) {
        cleanup_close_ int folder_fd = -1, backups_fd = -1;
        cleanup_free_ char *path = NULL;
        char file[PATH_MAX], name[BACKUP_NAME_MAX];
        sqlite3 *db;
        int version, r;

        assert(folder);
        r = folder_open(folder, geteuid(), false, &path, &folder_fd);
        if (r < 0)
                return r;
        if (faccessat(folder_fd, STORE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
                return -errno;
        r = folder_open_backups(folder_fd, true, &backups_fd);
        if (r < 0)
                return r;
        (void) folder_each_name(backups_fd, remove_stale, NULL);

        if (snprintf(file, sizeof(file), "%s/" STORE_FILE, path) >= (int) sizeof(file))
                return -ENAMETOOLONG;
        r = connection_open(file, SQLITE_OPEN_READONLY, &db);
        if (r < 0)
                return r;
        sqlite3_busy_timeout(db, 5000);
        r = schema_read_version(db, &version);
        if (r == 0)
                r = version == 0 ? -EUCLEAN : write_backup(path, db, backups_fd, as, name);
        sqlite3_close(db);
        if (r < 0)
                return r;
        /* The backup is made: old ones that cannot be removed today can be tomorrow. */
        (void) prune(folder_fd, backups_fd, as->made_real_usec);
        strcpy(ret_name, name);
        return 0;
}

int store_backup_make(const char *folder, uint64_t now_real_usec, char ret_name[BACKUP_NAME_MAX]) {
        return make(folder, &(BackupName){ .made_real_usec = now_real_usec, .ordinal = 1 }, ret_name);
}

int store_backup_make_by_hand(const char *folder, uint64_t now_real_usec, char ret_name[BACKUP_NAME_MAX]) {
        return make(folder, &(BackupName){ .made_real_usec = now_real_usec, .ordinal = 1, .by_hand = true },
                        ret_name);
}

int backup_of_database(int folder_fd, const char *folder, sqlite3 *db, uint64_t now_real_usec,
                char ret_name[BACKUP_NAME_MAX]) {
        cleanup_close_ int backups_fd = -1;
        int r;

        r = folder_open_backups(folder_fd, true, &backups_fd);
        if (r < 0)
                return r;
        return write_backup(folder, db, backups_fd,
                        &(BackupName){ .made_real_usec = now_real_usec, .ordinal = 1 }, ret_name);
}

bool store_backup_is_there(const char *folder, const char *name) {
        cleanup_close_ int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        Backup backup;

        return folder_is_backup_name(name, NULL) && folder_fd >= 0 && look_at(folder_fd, name, &backup);
}

int store_backups_list(const char *folder, GArray **ret_backups) {
        cleanup_(backup_list_done) GPtrArray *names = NULL;
        cleanup_close_ int folder_fd = -1;
        GArray *backups;
        int r;

        folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder_fd < 0 && errno != ENOENT)
                return -errno;
        if (folder_fd >= 0) {
                r = backup_list(folder_fd, &names);
                if (r < 0)
                        return r;
        }
        backups = g_array_new(FALSE, FALSE, sizeof(Backup));
        for (guint i = 0; names && i < names->len; i++) {
                Backup backup;

                if (look_at(folder_fd, g_ptr_array_index(names, i), &backup))
                        g_array_append_val(backups, backup);
        }
        *ret_backups = backups;
        return 0;
}
