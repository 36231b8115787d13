/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Steps of undo: what a request wrote, as images of rows before and after. At most CAP_UNDO steps with
 * CAP_UNDO_BYTES of images are kept, the oldest go first; the newest is kept whatever its size. Everything
 * here runs within the caller's transaction.
 */

#include <glib.h>

#include "daemon/store/images.h"
#include "daemon/store/write.h"

typedef struct StepRow {
        ImageTable table;
        int64_t id;
        char *before, *after; /* NULL: it was not there */
} StepRow;

/* What every write_ function calls before it writes a row that undo can put back. */
int step_note(StoreWrite *write, ImageTable table, int64_t id);
/* Stores what was noted, as it is now, and forgets what had been undone. */
int step_store(StoreWrite *write);

typedef struct Step {
        int64_t number;
        GArray *rows; /* of StepRow, in the order in which they were first written */
} Step;
void step_done(Step *step);

/* The newest that is not undone, or the oldest that is. -ENOENT. */
int step_load(Store *store, bool undone, Step *ret_step);
int step_mark(Store *store, int64_t number, bool undone);
