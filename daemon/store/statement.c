/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/statement.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/connection.h"
#include "daemon/store/store.h"

#define MANY_ROWS 256 /* a reading of more gives its pages back */

/* A statement as it was kept, or a new one; nothing is bound. */
static int acquire(Store *store, const char *sql, Statement *ret_statement) {
        sqlite3_stmt *stmt;
        int rc;

        assert(store && sql);
        if (store->doubted > 0)
                return -ESTALE;
        if (!store->db)
                return -EUCLEAN;
        for (unsigned i = 0; i < store->n_kept; i++)
                if (store->kept[i].sql == sql && store->kept[i].stmt) {
                        *ret_statement = (Statement){ store, sql, steal(store->kept[i].stmt) };
                        store->n_in_use++;
                        return 0;
                }

        rc = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
        if (rc != SQLITE_OK) {
                int r = connection_error(store->db, rc);

                return r < 0 ? r : -EIO;
        }
        *ret_statement = (Statement){ store, sql, stmt };
        store->n_in_use++;
        return 0;
}

void statement_release(Statement *statement) {
        Store *store = statement->store;
        sqlite3_stmt *stmt = steal(statement->stmt);

        if (!stmt)
                return;
        store->n_in_use--;
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
        if (store->n_kept < STATEMENTS_KEPT)
                store->kept[store->n_kept++] = (KeptStatement){ statement->sql, stmt };
        else
                sqlite3_finalize(stmt);
}

void store_drop_statements(Store *store) {
        for (unsigned i = 0; i < store->n_kept; i++)
                sqlite3_finalize(store->kept[i].stmt);
        store->n_kept = 0;
}

static void bind_text(sqlite3_stmt *stmt, int n, const char *text, bool empty_is_null) {
        if (text && !(empty_is_null && text[0] == '\0'))
                sqlite3_bind_text(stmt, n, text, -1, SQLITE_TRANSIENT);
        else
                sqlite3_bind_null(stmt, n);
}

/* Binding cannot fail but for memory, which the step then reports. Returns where '>' or the end is. */
static const char *bind_all(sqlite3_stmt *stmt, const char *types, va_list *values) {
        uint64_t usec;
        int64_t id;
        int n = 1;

        for (; *types != '\0' && *types != '>'; types++, n++)
                switch (*types) {
                case 'i':
                        sqlite3_bind_int64(stmt, n, va_arg(*values, int64_t));
                        break;
                case 'd':
                        id = va_arg(*values, int64_t);
                        if (id != 0)
                                sqlite3_bind_int64(stmt, n, id);
                        else
                                sqlite3_bind_null(stmt, n);
                        break;
                case 'c':
                        sqlite3_bind_int64(stmt, n, va_arg(*values, uint32_t));
                        break;
                case 'n':
                case 'b': /* a bool is passed as an int */
                        sqlite3_bind_int64(stmt, n, va_arg(*values, int));
                        break;
                case 'u':
                        usec = va_arg(*values, uint64_t);
                        sqlite3_bind_int64(stmt, n, (int64_t) MIN(usec, (uint64_t) INT64_MAX));
                        break;
                case 'x':
                        sqlite3_bind_int64(stmt, n, (int64_t) va_arg(*values, uint64_t));
                        break;
                case 't':
                case 's':
                        bind_text(stmt, n, va_arg(*values, const char *), *types == 't');
                        break;
                default:
                        assert(false);
                }
        return types;
}

static void read_text(sqlite3_stmt *stmt, int n, char type, va_list *values) {
        const char *text = (const char *) sqlite3_column_text(stmt, n);
        char *buf;

        if (type == 't')
                *va_arg(*values, char **) = g_strdup(text);
        else if (type == 'p')
                *va_arg(*values, const char **) = text;
        else {
                buf = va_arg(*values, char *);
                g_strlcpy(buf, text ? text : "", va_arg(*values, size_t));
        }
}

static void read_all(sqlite3_stmt *stmt, int n, const char *types, va_list *values) {
        for (; *types != '\0'; types++, n++)
                switch (*types) {
                case 'i':
                        *va_arg(*values, int64_t *) = sqlite3_column_int64(stmt, n);
                        break;
                case 'c':
                        *va_arg(*values, uint32_t *) = (uint32_t) sqlite3_column_int64(stmt, n);
                        break;
                case 'n':
                        *va_arg(*values, int32_t *) = sqlite3_column_int(stmt, n);
                        break;
                case 'b':
                        *va_arg(*values, bool *) = sqlite3_column_int(stmt, n) != 0;
                        break;
                case 'u':
                        *va_arg(*values, uint64_t *) = (uint64_t) sqlite3_column_int64(stmt, n);
                        break;
                case 't':
                case 'p':
                case 'k':
                        read_text(stmt, n, *types, values);
                        break;
                default:
                        assert(false);
                }
}

int statement_open(Store *store, const char *sql, Statement *ret_statement, const char *types, ...) {
        va_list values;
        int r;

        r = acquire(store, sql, ret_statement);
        if (r < 0)
                return r;
        va_start(values, types);
        bind_all(ret_statement->stmt, types, &values);
        va_end(values);
        return 0;
}

int statement_step(Statement *statement) {
        int rc;

        assert(statement->stmt);
        rc = sqlite3_step(statement->stmt);
        return rc == SQLITE_ROW ? 1 : connection_error(statement->store->db, rc);
}

void statement_read(Statement *statement, int column, const char *types, ...) {
        va_list values;

        va_start(values, types);
        read_all(statement->stmt, column, types, &values);
        va_end(values);
}

/* 1 a row, of which the columns were read if there are types for them; 0 none. */
static int run_statement(Store *store, const char *sql, const char *types, va_list *values) {
        statement_ Statement st = {};
        int r;

        r = acquire(store, sql, &st);
        if (r < 0)
                return r;
        types = bind_all(st.stmt, types, values);
        r = statement_step(&st);
        if (r > 0 && *types == '>')
                read_all(st.stmt, 0, types + 1, values);
        return r;
}

int store_run(Store *store, const char *sql, const char *types, ...) {
        va_list values;
        int r;

        va_start(values, types);
        r = run_statement(store, sql, types, &values);
        va_end(values);
        return r < 0 ? r : 0;
}

int store_get(Store *store, const char *sql, const char *types, ...) {
        va_list values;
        int r;

        assert(strchr(types, '>'));
        va_start(values, types);
        r = run_statement(store, sql, types, &values);
        va_end(values);
        return r > 0 ? 0 : r == 0 ? -ENOENT : r;
}

int store_changes(const Store *store) {
        return sqlite3_changes(store->db);
}

/* ---- cursors ---- */

StoreCursor *cursor_new(Statement *st) {
        StoreCursor *cursor = g_new0(StoreCursor, 1);

        assert(st->stmt);
        cursor->st = *st;
        cursor->db = st->store->db;
        cursor->left = -1;
        *st = (Statement){};
        return cursor;
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
                sqlite3_db_release_memory(cursor->db);
        g_free(cursor);
        return NULL;
}
