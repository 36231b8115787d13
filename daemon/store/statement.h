/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The open store and its prepared statements, which are kept: the text of a statement is a static constant,
 * found again by its address. Values go in and come out by a signature, one letter each:
 *
 *   in   i int64_t    d int64_t, an id: 0 is NULL    c uint32_t   n int32_t   b bool
 *        u uint64_t, beyond the integers of SQLite the largest    x uint64_t, as its bits
 *        t const char *, "" is NULL too              s const char *, "" is a value
 *   out  i int64_t *  c uint32_t *  n int32_t *  b bool *  u uint64_t *
 *        t char **, a copy for g_free(), NULL for NULL
 *        p const char **, valid until the statement moves on
 *        k char *, size_t: a buffer and its size, "" for NULL
 *
 * A C compiler cannot hold the arguments against it: what is passed has exactly the type that its letter
 * says.
 */

#include <assert.h>
#include <errno.h>
#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/cleanup.h"

#define STATEMENTS_KEPT 48

typedef struct KeptStatement {
        const char *sql;
        sqlite3_stmt *stmt; /* NULL: in use */
} KeptStatement;

/* Which file a name leads to. */
typedef struct FileId {
        dev_t device;
        ino_t inode; /* 0: there is none */
} FileId;

typedef struct Store {
        char *folder; /* without symbolic links */
        char *account;
        int folder_fd;
        int lock_fd;
        sqlite3 *db;      /* NULL: damaged, and recovering failed */
        FileId file, log; /* of the open file, and of the -wal that belongs to it */
        bool displaced;   /* another file lies in its place, or none */
        bool behind;      /* when it was opened it had lost commits that it once had; db is NULL then */
        int number_fd;    /* of the number of the last commit; -1: none can be kept */
        int64_t commits;  /* that the open file has seen */
        int64_t doubted;  /* the number of a commit that failed, which may be there all the same; 0: none */
        int survived;     /* the errno of the last commit that failed and is there all the same; 0: none */
        GArray *unsound;  /* of rows that make no sense: see sound.h; NULL none */
        KeptStatement kept[STATEMENTS_KEPT];
        unsigned n_kept;
        unsigned n_in_use;
} Store;

/* A statement in use. While it is, a second use of the same text gets one of its own. */
typedef struct Statement {
        Store *store;
        const char *sql;
        sqlite3_stmt *stmt;
} Statement;

/* Ready to be stepped. The values of types (in) are those of the parameters, from the first on; "" binds
 * none.
 */
int statement_open(Store *store, const char *sql, Statement *ret_statement, const char *types, ...);
void statement_release(Statement *statement);
#define statement_ cleanup_(statement_release)

/* 1 a row, 0 done, a negative errno. */
int statement_step(Statement *statement);
/* Columns of the row, from one on, counted from 0. */
void statement_read(Statement *statement, int column, const char *types, ...);

/* Runs a statement that returns nothing. */
int store_run(Store *store, const char *sql, const char *types, ...);
/* What one row says: types are those that go in, '>', and those that come out. -ENOENT without a row: then,
 * and on any error, nothing is filled in. */
int store_get(Store *store, const char *sql, const char *types, ...);
/* The same of the table state, which always has its row. */
static inline int store_state_error(int r) {
        return r == -ENOENT ? -EUCLEAN : r;
}
/* How many rows the last statement changed. */
int store_changes(const Store *store);

/* All that are kept are given up; those in use are not touched. */
void store_drop_statements(Store *store);

/* What all cursors of store.h are made of: a reading that goes on. While it does, its statement is nobody
 * else's. */
typedef struct StoreCursor {
        Statement st;
        sqlite3 *db;
        unsigned n_rows;
        int64_t left; /* rows to be shown; -1: all */
        /* Of the log: */
        uint32_t interruptions; /* so many of each are read */
        bool looking;           /* rows are looked at, and may be hidden */
} StoreCursor;

/* Takes over a statement, which must be ready to be stepped. */
StoreCursor *cursor_new(Statement *st);
/* 1 a row, 0 at the end and from then on, a negative errno. */
int cursor_step(StoreCursor *cursor);
