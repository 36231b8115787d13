/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/connection.h"

#include <errno.h>
#include <glib.h>
#include <stddef.h>

#include "daemon/core/words.h"

/* A commit that fails does not hand its errno up to the connection; the files remember it. */
static int last_errno(sqlite3 *db) {
        sqlite3_file *file = NULL;
        int e = sqlite3_system_errno(db);

        if (e == 0 && sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK &&
                        file && file->pMethods)
                (void) file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &e);
        if (e == 0)
                (void) sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &e);
        return e;
}

static int system_error(sqlite3 *db, int otherwise) {
        switch (db ? last_errno(db) : 0) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG: /* a limit on the size of files is a full disk to us */
                return -ENOSPC;
        case EROFS:
                return -EROFS;
        case EACCES:
        case EPERM:
                return -EACCES;
        default:
                return otherwise;
        }
}

int connection_error(sqlite3 *db, int rc) {
        switch (rc & 0xff) {
        case SQLITE_OK:
        case SQLITE_ROW:
        case SQLITE_DONE:
                return 0;
        case SQLITE_NOMEM:
                g_error("SQLite found no memory.");
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
                return -EBUSY;
        case SQLITE_FULL:
                return -ENOSPC;
        case SQLITE_READONLY:
                return system_error(db, -EROFS);
        case SQLITE_PERM:
        case SQLITE_AUTH:
                return -EACCES;
        case SQLITE_CANTOPEN:
                return system_error(db, -EACCES);
        case SQLITE_IOERR:
                if (rc == SQLITE_IOERR_NOMEM)
                        g_error("SQLite found no memory.");
                return system_error(db, -EIO);
        case SQLITE_CONSTRAINT:
                /* The only triggers that raise are those against overlaps. */
                return rc == SQLITE_CONSTRAINT_TRIGGER ? -EEXIST : -EINVAL;
        case SQLITE_TOOBIG:
                return -E2BIG;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_ERROR:
        case SQLITE_SCHEMA:
        case SQLITE_MISMATCH:
                /* Our statements are fixed: where one makes no sense to SQLite, it is the tables that are not
                 * ours. */
                return -EUCLEAN;
        default:
                return -EINVAL;
        }
}

int connection_exec(sqlite3 *db, const char *sql) {
        return connection_error(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

int connection_get_int(sqlite3 *db, const char *sql, int64_t *ret_value) {
        sqlite3_stmt *stmt;
        int rc, r;

        rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
        if (rc != SQLITE_OK)
                return connection_error(db, rc);
        rc = sqlite3_step(stmt);
        r = rc == SQLITE_DONE ? -ENODATA : connection_error(db, rc);
        if (r == 0)
                *ret_value = sqlite3_column_int64(stmt, 0);
        sqlite3_finalize(stmt);
        return r;
}

/* has_word(words, word): by the rules of core. */
static void has_word(sqlite3_context *context, int n, sqlite3_value **values) {
        const char *words = (const char *) sqlite3_value_text(values[0]);
        const char *word = (const char *) sqlite3_value_text(values[1]);

        sqlite3_result_int(context, word && words_have(words, word));
}

/*
 * The cache is small, as a daemon is there all day: what it answers often is a day of the log. A human with
 * sqlite3 at the same file, or a backup that reads it, is waited for a moment only.
 */
static int configure(sqlite3 *db) {
        int rc = sqlite3_create_function_v2(db, "has_word", 2,
                        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, has_word, NULL, NULL,
                        NULL);

        if (rc != SQLITE_OK)
                return connection_error(db, rc);
        sqlite3_busy_timeout(db, 100);
        sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        return connection_exec(db,
                        "PRAGMA cache_size = -256; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
                        "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL;"
                        "PRAGMA journal_size_limit = 1048576; PRAGMA wal_autocheckpoint = 500;");
}

int connection_open(const char *path, int flags, sqlite3 **ret_db) {
        sqlite3 *db = NULL;
        int rc, r;

        rc = sqlite3_open_v2(path, &db,
                        flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, NULL);
        r = connection_error(db, rc);
        if (r == 0)
                r = configure(db);
        if (r < 0) {
                connection_close_untouched(db);
                return r;
        }
        *ret_db = db;
        return 0;
}

void connection_close_untouched(sqlite3 *db) {
        if (db)
                sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_close(db);
}
