/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Sets of host names, in which a name may stand for all below it. Names are A-labels in small letters. */

#include <glib.h>
#include <stdbool.h>

#include "common/cleanup.h"

DEFINE_CLEANUP(GHashTable *, g_hash_table_unref);
DEFINE_CLEANUP(GPtrArray *, g_ptr_array_unref);

/* A set that points to the names of a list (NULL at the end), or NULL: none. */
GHashTable *names_set(const char *const *names);
/* A set of what stands above these names: of www.example.com that is example.com and com. */
GHashTable *names_above(const char *const *names);
/* The name in a set, or the nearest above it that is in it; NULL: neither. */
const char *names_cover(GHashTable *set, const char *name);

/* Names for a sentence, some of them by name: "a.example, b.example and 7 more". */
typedef struct NamesSaid {
        GString *text; /* NULL: none yet */
        guint n;
} NamesSaid;

void names_say(NamesSaid *said, const char *name);
/* The caller's to free(). */
char *names_said(NamesSaid *said);
