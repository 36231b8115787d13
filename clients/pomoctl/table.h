/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Columns for people: as wide as what is in them, by what a terminal shows of it. */

#include <stdbool.h>
#include <stdio.h>

#include "common/cleanup.h"

#define TABLE_COLUMNS_MAX 10u

typedef struct Table Table;

/* headings: NULL-terminated; one that begins with '>' has its column aligned to the right. */
Table *table_new(const char *const *headings);
Table *table_free(Table *table); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Table *, table_free);

/* A row of as many cells as there are headings, copied and made safe for a terminal; NULL is an empty one. */
void table_add(Table *table, const char *const *cells);
bool table_is_empty(const Table *table);

/*
 * columns: how wide a line may be, 0 for as wide as it comes. Where that is too narrow, what can be long
 * belongs into the last column, which is wrapped at words below itself, then others are; where no line has
 * room for all columns, each row is a few lines of a heading and its cell. bold and off: escape sequences
 * around the headings, or "".
 */
void table_print(const Table *table, FILE *file, unsigned columns, const char *bold, const char *off);
