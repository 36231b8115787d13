/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Lists of names, which settings of profiles name as "@mine": a name for a text, which has a name of a host a
 * line, sorted, without doubles. A text is known by its digest, SHA-256 in hex. A claim pins the digests of
 * the lists that its settings name when it engages: no edit of a list, and no removal, changes what is in
 * force.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "daemon/core/refusal.h"
#include "daemon/core/rules.h"

#define LIST_DIGEST_MAX 65 /* with its end */

typedef struct NameList {
        char name[CAP_RULE_BYTES + 1];
        char digest[LIST_DIGEST_MAX];
        uint32_t names; /* how many the text has */
        uint32_t bytes; /* of it */
} NameList;

/* REFUSAL_INVALID_ARGUMENT for what cannot be the name of a list: small letters, digits, dashes. */
int list_check_name(const char *name, Refusal *ret_refusal);
bool list_is_digest(const char *text);
/* In an array of NameList; NULL: it is not among them. */
NameList *lists_find(const GArray *lists, const char *name);

/* ---- a text that comes bit by bit ---- */

typedef struct ListReader ListReader;
ListReader *list_reader_new(void);
ListReader *list_reader_free(ListReader *reader); /* NULL is fine; returns NULL */
/* Blank lines are passed over, capitals made small. REFUSAL_INVALID_ARGUMENT with the line that is no name of
 * a host, REFUSAL_LIMITS_EXCEEDED beyond CAP_LIST_NAMES or CAP_LIST_BYTES. */
int list_reader_feed(ListReader *reader, const char *data, size_t size, Refusal *ret_refusal);
/* All of it came: the text as it is kept, for g_free(), and of ret_list all but its name. The same refusals,
 * of the last line. */
int list_reader_end(ListReader *reader, NameList *ret_list, char **ret_text, Refusal *ret_refusal);

DEFINE_CLEANUP(ListReader *, list_reader_free);

/* ---- what claims pin ---- */

/* "NAME DIGEST NAMES" a line, of each of the lists that a setting of the profile names; NULL for none. For
 * free(). */
char *lists_pin(const GArray *lists, const Profile *profile);
/* The next of them, from *place on, which begins as what was pinned (may be NULL) and is moved on: false
 * behind the last. Its names are 0 where an older pomod pinned it. */
bool lists_pinned_next(const char **place, NameList *ret_list);
/* Whether a value of a setting names the list, as "@mine". */
bool lists_value_names(const char *value, const char *name);
/* How many names of pinned lists the settings of a plugin stand for: a list counts once for each of them. */
uint64_t lists_pinned_names(const char *pins, const Profile *profile, const char *plugin);
/* Whether a setting of a plugin (NULL: of any) names the list. */
bool lists_are_named(const Profile *profile, const char *plugin, const char *name);
