/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A connection to one SQLite file: set up as all of ours are, and its results as errnos. The lowest level of
 * the store: it knows neither the store whose file it is nor its tables.
 */

#include <sqlite3.h>
#include <stdint.h>

int connection_open(const char *path, int flags, sqlite3 **ret_db);
/* Without writing what the -wal holds into the file. NULL is fine. */
void connection_close_untouched(sqlite3 *db);

/* A negative errno for an SQLite result of this connection (NULL: of none). Never 0 for anything but
 * SQLITE_OK, _ROW and _DONE. */
int connection_error(sqlite3 *db, int rc);

/* Statements without values or results. */
int connection_exec(sqlite3 *db, const char *sql);
/* The first column of the first row; -ENODATA without one. */
int connection_get_int(sqlite3 *db, const char *sql, int64_t *ret_value);
