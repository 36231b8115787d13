/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Claims from one file to another: a store that is put in place of another knows all that the other did. */

#include <glib.h>
#include <sqlite3.h>

#include "common/cleanup.h"

/* Of all that is stored of a claim, over one of the same id. */
extern const char claim_rows_insert_sql[];

/* Rows of a table as they are, with nothing read into them. */
GArray *claim_rows_new(void);
void claim_rows_free(GArray *rows); /* NULL is fine */

/* As far as they can be read: the file may be damaged, or of a version that had none. */
void claim_rows_take(sqlite3 *db, GArray *rows);
/* Over those of the same id. */
int claim_rows_put(sqlite3 *db, const GArray *rows);
