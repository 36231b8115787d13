/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Images of an interval with all that hangs on it, as JSON that SQLite writes and reads itself, and the list
 * of edits that keeps them. Everything here runs within the caller's transaction.
 */

#include "daemon/store/sql.h"

int image_take(Store *store, int64_t id, char **ret_image); /* -ENOENT */
int image_insert(Store *store, int64_t id, const char *image);
/* Changes only what differs between the two: the rest may have gone on since, as that of a running one has.
 */
int image_change(Store *store, int64_t id, const char *have, const char *want);
int image_delete(Store *store, int64_t id);
/* What shares time with the interval as the image has it. -ENOENT. */
int image_find_overlap(Store *store, int64_t id, const char *image, Interval *ret_interval);

typedef struct Edit {
        int64_t id;
        int64_t interval;
        char *before, *after; /* NULL: it was not there */
} Edit;
void edit_done(Edit *edit);

/* Adds one, forgets what was undone and what is beyond the cap. */
int edit_note(Store *store, int64_t interval, const char *before, const char *after);
/* The one that undo, or redo, is about. -ENOENT. */
int edit_next(Store *store, bool undo, Edit *ret_edit);
int edit_mark(Store *store, int64_t id, bool undone);
