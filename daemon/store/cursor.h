/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What all cursors are made of: a reading that goes on. While it does, its statement is nobody else's. */

#include "daemon/store/statement.h"

typedef struct StoreCursor {
        Statement st;
        sqlite3 *db;
        unsigned n_rows;
        bool interruptions; /* of the log: each of them is read */
} StoreCursor;

/* Takes over a statement that is ready to be stepped. */
StoreCursor *cursor_new(Statement *st);
/* 1 a row, 0 at the end and from then on, a negative errno. */
int cursor_step(StoreCursor *cursor);
