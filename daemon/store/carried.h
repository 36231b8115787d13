/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What goes from file to file with the claims in force, where a store is put in place of another: the texts
 * of the lists that they have pinned, which plugins are disabled, as a backup in which one was must not lift
 * what holds now, and what is granted, as one in which more was grants nothing.
 */

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

/* Of a row of list_texts: a claim in force has pinned it. */
#define CARRIED_IS_PINNED                                       \
        "EXISTS (SELECT 1 FROM claims WHERE state = 'in-force'" \
        " AND instr(claims.lists, list_texts.digest) > 0)"

/* All zero: nothing. */
typedef struct Carried {
        GArray *texts;
        GPtrArray *disabled; /* names of plugins */
        GArray *grants;
} Carried;
void carried_done(Carried *carried);

/* As far as it can be read: the file may be damaged, or of a version that had none. */
void carried_take(sqlite3 *db, Carried *carried);
/* Texts beside those that are there; newer: and what is disabled and granted instead of what is there. */
int carried_put(sqlite3 *db, const Carried *carried, bool newer);
/* All of it, without holding more than one text. */
int carried_copy(sqlite3 *from, sqlite3 *to);
