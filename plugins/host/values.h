/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a plugin is given for the keys and texts that pomod, or root, says: checked once more, parsed, with
 * the names of lists in the place of @list. What makes no sense is left out and said, and the rest holds: a
 * block is not lifted because one of its names is none.
 */

#include <stdbool.h>
#include <stddef.h>

#include "plugins/host/table.h"

/*
 * The names of a list or a category, a name a line, for its name without the @. The text is whoever's it was,
 * and there until values_make() returns. 0 or a negative errno; -ENOENT: there is no such list; -E2BIG: it
 * would be too much. It is asked for once in each text.
 */
typedef int (*ValuesListFunc)(const char *list, void *userdata, const char **ret_text);

typedef struct Values {
        const PomoValue *const *list; /* NULL at the end */
        size_t n;
} Values;

/*
 * The values of a profile, or the standing ones: those of keys_and_texts (a key, its text, …, NULL), and what
 * settings fall back to. resolve may be NULL: there are no lists. 0; 1 with a sentence about the first thing
 * that was left out. The plugin must outlive the values; values_free().
 */
int values_make(const Plugin *plugin, bool standing, const char *const *keys_and_texts,
                ValuesListFunc resolve, void *userdata, Values **ret_values, char **ret_sentence);

/* NULL is fine. */
void values_free(Values *values);
