/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The tables, as numbered migrations, each an .sql file in schema/: number n takes a store from version n-1
 * to n, in one transaction with its version. A migration that was released is never changed; what comes later
 * is a new one.
 */

#include <sqlite3.h>

#define SCHEMA_APPLICATION_ID 0x706f6d64 /* "pomd" */

/* The version this program writes. */
int schema_version(void);
/* What a file is: the version of ours, 0 for an empty one. -EUCLEAN: not ours; -EOVERFLOW: a newer one. */
int schema_read_version(sqlite3 *db, int *ret_version);
/* The migrations in order, NULL at the end. */
extern const char *const schema_migrations[];
/* Runs those of a list after version, which must be one of it. -errno: the store is as the last whole one
 * left it. */
int schema_migrate(sqlite3 *db, int version, const char *const *migrations);
