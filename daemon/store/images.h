/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Images of a row with all that hangs on it, as JSON by the names of its columns, which SQLite writes and
 * reads itself: what undo puts back. Which tables have images is a table in images.c. Everything here runs
 * within the caller's transaction.
 */

#include "common/enums.h"
#include "daemon/store/statement.h"

typedef enum ImageTable {
        IMAGE_INTERVALS, /* with pauses, interruptions and absences */
        _IMAGE_TABLE_MAX,
} ImageTable;
DECLARE_ENUM_WORDS(ImageTable, image_table); /* the names of the tables */

int image_take(Store *store, ImageTable table, int64_t id, char **ret_image); /* g_free(); -ENOENT */
/*
 * Turns the row of one image into that of another; NULL is none. Where both are there, only what differs
 * between them is written: the rest may have gone on since, as that of a running one has. -EEXIST: it would
 * overlap, and nothing was written.
 */
int image_turn(Store *store, ImageTable table, int64_t id, const char *have, const char *want);
