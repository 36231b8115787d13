/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Sets of host names, in which a name may stand for all below it. Names are A-labels in small letters. */

#include <glib.h>
#include <stdbool.h>

#include "common/cleanup.h"

DEFINE_CLEANUP(GHashTable *, g_hash_table_unref);
DEFINE_CLEANUP(GPtrArray *, g_ptr_array_unref);

/* A set that points to the names that it is made of. What is asked of it costs a few comparisons, however
 * many labels names have: these are chosen by users. */
typedef struct Names Names;

/* Of a list (NULL at the end), or NULL: none. */
Names *names_new(const char *const *list);
Names *names_free(Names *names); /* NULL is fine; returns NULL */
/* The name, where it is in the set, or one above it that is; NULL: neither. */
const char *names_cover(const Names *names, const char *name);
/* Whether a name of the set is below this one: www.example.com is below example.com and com. */
bool names_below(const Names *names, const char *name);

/* Names for a sentence, some of them by name: "a.example, b.example and 7 more". */
typedef struct NamesSaid {
        GString *text; /* NULL: none yet */
        guint n;
} NamesSaid;

void names_say(NamesSaid *said, const char *name);
/* The caller's to free(). */
char *names_said(NamesSaid *said);
