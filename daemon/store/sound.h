/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a row says may make no sense: a bit of it flipped, or somebody wrote into the file. Here is decided
 * whether a text can be shown, and which rows are noted as unsound: they are left out of lists, and deny
 * nothing else.
 */

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/store/statement.h"

#define SOUND_TEXT_BYTES_MAX (64u << 10) /* of a text that is shown; far above what any cap lets in */

/* Whether a column is NULL or a text that a bus carries: UTF-8 without NUL or noncharacters, of at most so
 * many bytes. */
bool sound_is_text(sqlite3_stmt *stmt, int column, size_t max_bytes);
/* A text column as one that can be shown, cut at so many bytes, with U+FFFD for what cannot; NULL for NULL.
 * g_free(). */
char *sound_make_text(sqlite3_stmt *stmt, int column, size_t max_bytes);

/* A row of the store makes no sense; table: a static text, in the singular. */
void sound_note(Store *store, const char *table, int64_t id);
bool sound_is_noted(const Store *store, const char *table, int64_t id);
/* It was written anew, or is gone. */
void sound_forget(Store *store, const char *table, int64_t id);
/* The first row above after and below before. */
bool sound_next_noted(const Store *store, const char *table, int64_t after, int64_t before, int64_t *ret_id);
void sound_forget_below(Store *store, const char *table, int64_t before);
void sound_done(Store *store);
