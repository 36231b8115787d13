/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The table of verbs as a whole: which there are, which one words name, and which one was meant. */

#include "clients/pomoctl/verb.h"

extern const Option global_options[]; /* of every verb */

/* Goes through all verbs in the order in which people should meet them; begins as {}. NULL past the last. */
typedef struct VerbCursor {
        unsigned table, row;
} VerbCursor;
const Verb *verbs_next(VerbCursor *cursor);

/* The verb that words begin with, the longest that fits; *ret_used of them are its name. NULL: none. */
const Verb *verbs_find(const char *const *words, unsigned n_words, unsigned *ret_used);
const char *verbs_nearest(const char *typed);
/* Whether one is below another, as "schedule list" below "schedule"; above NULL: whether it is below none. */
bool verbs_are_below(const Verb *verb, const Verb *above);
/* Of verbs below one: whether there are any, and the one whose last word is near to what was typed; NULL:
 * none.
 */
bool verbs_has_below(const Verb *verb);
const char *verbs_nearest_below(const Verb *verb, const char *typed);
