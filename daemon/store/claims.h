/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Claims from one file to another: a store that is put in place of another knows all that the other did. What
 * an open store reads and writes of claims is in store.h and write.h.
 */

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* All rows of a file as they are, with nothing read into them, as far as they can be read: the file may be
 * damaged, or of a version that had none. */
void claim_rows_take(sqlite3 *db, GArray *rows);
GArray *claim_rows_new(void);
/* over: in the place of those of the same id, which else stay. */
int claim_rows_put(sqlite3 *db, const GArray *rows, bool over);
/* Both, over those of the same id and without holding more than one row. */
int claim_rows_copy(sqlite3 *from, sqlite3 *to);
/* Of those that are over and no more among the newest: as writing does it, claim by claim. */
int claim_rows_drop_settings(sqlite3 *db);
