/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the files of this room share, and nobody else sees: the open store, prepared statements that are kept,
 * transactions, and what an SQLite result means as an errno.
 */

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/cleanup.h"
#include "daemon/store/store.h"

#define STORE_FILE           "pomod.db"
#define STORE_APPLICATION_ID 0x706f6d64 /* "pomd" */
#define STORE_STATEMENTS     48

typedef struct KeptStatement {
        const char *sql; /* compared as a pointer: every text is a static constant */
        sqlite3_stmt *stmt;
} KeptStatement;

struct Store {
        char *folder; /* without symbolic links */
        char *account;
        int folder_fd;
        int lock_fd;
        sqlite3 *db; /* NULL: damaged, and recovering failed */
        KeptStatement kept[STORE_STATEMENTS];
        unsigned n_kept;
};

/* A negative errno for an SQLite result of this connection (NULL: of none). Never 0 for anything but
 * SQLITE_OK. */
int sql_error(sqlite3 *db, int rc);

/* Statements without values or results. */
int sql_exec(sqlite3 *db, const char *sql);
/* The first column of the first row; -ENODATA without one. */
int sql_get_int(sqlite3 *db, const char *sql, int64_t *ret_value);

/* A statement in use. While it is, a second use of the same text gets one of its own. */
typedef struct Statement {
        Store *store;
        const char *sql;
        sqlite3_stmt *stmt;
} Statement;

int statement_get(Store *store, const char *sql, Statement *ret_statement);
void statement_release(Statement *statement);
#define statement_ cleanup_(statement_release)

/* 1 a row, 0 done, a negative errno. */
int statement_step(Statement *statement);
/* For statements that return nothing. */
int statement_run(Statement *statement);
/* Ready for the next values. */
void statement_again(Statement *statement);

/* The row that a statement finds for an id, ready to be read; -ENOENT without one. */
int statement_find(Store *store, const char *sql, int64_t id, Statement *ret_statement);
/* The same of the table state, which always has its row. */
int statement_find_state(Store *store, const char *sql, Statement *ret_statement);
/* Runs a statement with one number. */
int statement_run_with(Store *store, const char *sql, int64_t value);

/* Parameters count from 1, columns from 0. Binding cannot fail but for memory, which the step then reports.
 */
void bind_int(Statement *statement, int n, int64_t value);
void bind_usec(Statement *statement, int n, uint64_t usec); /* beyond the integers of SQLite: the largest */
void bind_text(Statement *statement, int n, const char *text); /* NULL and "" are NULL */
void bind_id(Statement *statement, int n, int64_t id);         /* 0 is NULL */
uint64_t column_usec(Statement *statement, int n);
int column_copy(Statement *statement, int n, char **ret_text); /* NULL for NULL; -ENOMEM */
void column_chars(Statement *statement, int n, char *ret_chars, size_t size);

/* A version 4 UUID, as its 36 characters. */
int uuid_make(char ret_uuid[37]);

/*
 * One transaction. store_end() stores seq and commits where result is 0, else rolls back; it returns result,
 * or why it could not be committed, and then nothing happened.
 */
int store_begin(Store *store);
int store_end(Store *store, int result, uint64_t seq);

void store_drop_statements(Store *store);
/* Gives the pages of a long reading back. */
void store_release_memory(Store *store);

/* A reading that goes on; while it does, its statement is nobody else's. */
struct StoreCursor {
        Statement st;
        unsigned n_rows;
        bool interruptions; /* of the log: each of them */
};

/* Ready to be bound. */
int cursor_new(Store *store, const char *sql, StoreCursor **ret_cursor);
/* 1 a row, 0 at the end, and then for ever. */
int cursor_step(StoreCursor *cursor);
