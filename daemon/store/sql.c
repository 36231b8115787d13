/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "daemon/store/sql.h"

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

int sql_error(sqlite3 *db, int rc) {
        switch (rc & 0xff) {
        case SQLITE_OK:
        case SQLITE_ROW:
        case SQLITE_DONE:
                return 0;
        case SQLITE_NOMEM:
                return -ENOMEM;
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
                return rc == SQLITE_IOERR_NOMEM ? -ENOMEM : system_error(db, -EIO);
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

int sql_exec(sqlite3 *db, const char *sql) {
        return sql_error(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

int sql_get_int(sqlite3 *db, const char *sql, int64_t *ret_value) {
        sqlite3_stmt *stmt;
        int rc, r;

        rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
        if (rc != SQLITE_OK)
                return sql_error(db, rc);
        rc = sqlite3_step(stmt);
        r = rc == SQLITE_DONE ? -ENODATA : sql_error(db, rc);
        if (r == 0)
                *ret_value = sqlite3_column_int64(stmt, 0);
        sqlite3_finalize(stmt);
        return r;
}

int statement_get(Store *store, const char *sql, Statement *ret_statement) {
        sqlite3_stmt *stmt;
        int rc;

        if (!store->db)
                return -EUCLEAN;

        for (unsigned i = 0; i < store->n_kept; i++)
                if (store->kept[i].sql == sql && store->kept[i].stmt) {
                        stmt = steal(store->kept[i].stmt);
                        *ret_statement = (Statement){ store, sql, stmt };
                        return 0;
                }

        rc = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
        if (rc != SQLITE_OK) {
                int r = sql_error(store->db, rc);

                return r < 0 ? r : -EIO;
        }
        *ret_statement = (Statement){ store, sql, stmt };
        return 0;
}

void statement_release(Statement *statement) {
        Store *store = statement->store;
        sqlite3_stmt *stmt = steal(statement->stmt);

        if (!stmt)
                return;
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);

        for (unsigned i = 0; i < store->n_kept; i++)
                if (store->kept[i].sql == statement->sql) {
                        if (store->kept[i].stmt)
                                sqlite3_finalize(stmt);
                        else
                                store->kept[i].stmt = stmt;
                        return;
                }
        if (store->n_kept < STORE_STATEMENTS)
                store->kept[store->n_kept++] = (KeptStatement){ statement->sql, stmt };
        else
                sqlite3_finalize(stmt);
}

void store_drop_statements(Store *store) {
        for (unsigned i = 0; i < store->n_kept; i++)
                sqlite3_finalize(store->kept[i].stmt);
        store->n_kept = 0;
}

int statement_step(Statement *statement) {
        int rc = sqlite3_step(statement->stmt);

        return rc == SQLITE_ROW ? 1 : sql_error(statement->store->db, rc);
}

int statement_run(Statement *statement) {
        int r = statement_step(statement);

        return r < 0 ? r : 0;
}

void statement_again(Statement *statement) {
        sqlite3_reset(statement->stmt);
}

void bind_int(Statement *statement, int n, int64_t value) {
        sqlite3_bind_int64(statement->stmt, n, value);
}

void bind_usec(Statement *statement, int n, uint64_t usec) {
        sqlite3_bind_int64(statement->stmt, n, usec > INT64_MAX ? INT64_MAX : (int64_t) usec);
}

void bind_text(Statement *statement, int n, const char *text) {
        if (text && text[0] != '\0')
                sqlite3_bind_text(statement->stmt, n, text, -1, SQLITE_TRANSIENT);
        else
                sqlite3_bind_null(statement->stmt, n);
}

void bind_id(Statement *statement, int n, int64_t id) {
        if (id != 0)
                sqlite3_bind_int64(statement->stmt, n, id);
        else
                sqlite3_bind_null(statement->stmt, n);
}

int statement_find(Store *store, const char *sql, int64_t id, Statement *ret_statement) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, id);
        r = statement_step(&st);
        if (r <= 0)
                return r < 0 ? r : -ENOENT;
        *ret_statement = st;
        (void) steal(st.stmt);
        return 0;
}

int statement_find_state(Store *store, const char *sql, Statement *ret_statement) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        r = statement_step(&st);
        if (r <= 0)
                return r < 0 ? r : -EUCLEAN;
        *ret_statement = st;
        (void) steal(st.stmt);
        return 0;
}

int statement_run_with(Store *store, const char *sql, int64_t value) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, value);
        return statement_run(&st);
}

uint64_t column_usec(Statement *statement, int n) {
        return (uint64_t) sqlite3_column_int64(statement->stmt, n);
}

int column_copy(Statement *statement, int n, char **ret_text) {
        const char *text = (const char *) sqlite3_column_text(statement->stmt, n);
        char *copy = NULL;

        if (text) {
                copy = strdup(text);
                if (!copy)
                        return -ENOMEM;
        } else if (sqlite3_column_type(statement->stmt, n) != SQLITE_NULL)
                return -ENOMEM;
        *ret_text = copy;
        return 0;
}

void column_chars(Statement *statement, int n, char *ret_chars, size_t size) {
        const char *text = (const char *) sqlite3_column_text(statement->stmt, n);

        snprintf(ret_chars, size, "%s", text ? text : "");
}

int uuid_make(char ret_uuid[37]) {
        uint8_t b[16];

        if (getrandom(b, sizeof b, 0) != (ssize_t) sizeof b)
                return errno > 0 ? -errno : -EIO;
        b[6] = (uint8_t) ((b[6] & 0x0f) | 0x40);
        b[8] = (uint8_t) ((b[8] & 0x3f) | 0x80);
        snprintf(ret_uuid, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
                        b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
                        b[14], b[15]);
        return 0;
}

int store_begin(Store *store) {
        statement_ Statement begin = { 0 };
        int r;

        r = statement_get(store, "BEGIN IMMEDIATE", &begin);
        if (r < 0)
                return r;
        return statement_run(&begin);
}

static int finish(Store *store, uint64_t seq) {
        /* What was told while something else was written may be stored after it, with an older number. */
        static const char set_seq[] = "UPDATE state SET seq = max(seq, ?1)";
        static const char commit[] = "COMMIT";
        statement_ Statement update = { 0 }, end = { 0 };
        int r;

        r = statement_get(store, set_seq, &update);
        if (r < 0)
                return r;
        bind_usec(&update, 1, seq);
        r = statement_run(&update);
        if (r < 0)
                return r;
        r = statement_get(store, commit, &end);
        if (r < 0)
                return r;
        return statement_run(&end);
}

int store_end(Store *store, int result, uint64_t seq) {
        if (result == 0)
                result = finish(store, seq);
        /* Some failures have rolled back already. */
        if (result != 0 && store->db && !sqlite3_get_autocommit(store->db))
                sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        return result;
}

void store_release_memory(Store *store) {
        if (store->db)
                sqlite3_db_release_memory(store->db);
}

/* Readings beyond this give their pages back. */
#define MANY_ROWS 256

int cursor_new(Store *store, const char *sql, StoreCursor **ret_cursor) {
        Statement st = {};
        StoreCursor *cursor;
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        cursor = g_new0(StoreCursor, 1);
        cursor->st = st;
        *ret_cursor = cursor;
        return 0;
}

int cursor_step(StoreCursor *cursor) {
        int r;

        if (!cursor->st.stmt)
                return 0;
        r = statement_step(&cursor->st);
        if (r > 0)
                cursor->n_rows++;
        else
                statement_release(&cursor->st);
        return r;
}

StoreCursor *store_cursor_free(StoreCursor *cursor) {
        if (!cursor)
                return NULL;
        statement_release(&cursor->st);
        if (cursor->n_rows > MANY_ROWS)
                store_release_memory(cursor->st.store);
        g_free(cursor);
        return NULL;
}
