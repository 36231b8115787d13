/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Consent: on the computer's bus, a user blocks for everyone only what an administrator granted that user's
 * profile. What can be granted is an item: a name as "example.org" in small letters, a category as "@social",
 * a list as "@mine DIGEST", so that a list with another text is another item. Grants belong to the user and
 * a profile's name. A claim copies its items that are granted when it engages, and what it lacks is its
 * failure. Which settings everybody feels is not known here: see Consent.
 */

#include <glib.h>
#include <stdbool.h>

#include "common/cleanup.h"
#include "daemon/core/rules.h"

/* ---- grants ---- */

typedef struct Grants Grants;
Grants *grants_new(void);
Grants *grants_free(Grants *grants); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Grants *, grants_free);
void grants_add(Grants *grants, const char *profile, const char *item);
bool grants_have(const Grants *grants, const char *profile, const char *item);
void grants_drop(Grants *grants, const char *profile); /* all of a profile's */
void grants_drop_item(Grants *grants, const char *profile, const char *item);
/* Those of profiles that are not in the set. */
void grants_drop_unknown(Grants *grants, const RuleSet *set);
/* The items of a profile, in no order, valid until they change; unref it with g_ptr_array_unref(). */
GPtrArray *grants_list(const Grants *grants, const char *profile);

/* ---- what needs one ---- */

typedef struct Consent {
        const Grants *grants; /* NULL: there are none */
        /* Whether everybody feels a setting of a profile. */
        bool (*is_felt)(void *userdata, const char *plugin, const char *key);
        /* Whether there is a category of that name. */
        bool (*is_category)(void *userdata, const char *name);
        /* Whether the computer's configuration grants this user everything. */
        bool (*is_granted_all)(void *userdata);
        void *userdata;
} Consent;

/* The items of one profile, each once, in the order of its settings: owned texts. */
typedef struct ConsentItems {
        GPtrArray *granted, *left;
        const char *plugin; /* the first of which something is left; the profile's */
} ConsentItems;
/* lists: what lists_pin() said of the profile; NULL none. */
ConsentItems consent_items(const Consent *consent, const Profile *profile, const char *lists);
/* Those of a claim: granted are those that it has copied (may be NULL). */
ConsentItems consent_items_copied(
                const Consent *consent, const Profile *profile, const char *lists, const char *granted);
void consent_items_done(ConsentItems *items);

/* What an administrator was asked about. */
typedef struct ConsentAsked {
        char profile[CAP_RULE_BYTES + 1];
        GPtrArray *items; /* owned */
} ConsentAsked;
GArray *consent_asked_new(void); /* of ConsentAsked, which clears its own */

/* What a claim keeps: an item a line; NULL for none. For free(). */
char *consent_text(const GPtrArray *items);
/* "sites: 2 names are not granted (…)", for free(). */
char *consent_failure(const char *plugin, const char *profile, const GPtrArray *left);
/* Whether that failure is such a one, and still true. */
bool consent_failure_lacks(const char *failure);
/* The same for a bar: "sites: not granted: a.example; pomoctl focus profile grant deep". NULL: the failure
 * is about something else. For free(). */
char *consent_failure_brief(const char *failure);
/* What a failure becomes when its claim is granted what it lacked; NULL: the failure is about something else.
 * For free(). */
char *consent_failure_mended(const char *failure);
/* "a.example, @social and 3 more": at most so many; for g_free(). */
char *consent_names(const GPtrArray *items, guint most);

/* The items of a text of a claim (may be NULL), as a set; unref it. */
GHashTable *consent_set_new(const char *text);
/* Whether a list that a claim pinned is among them. */
bool consent_set_has_list(GHashTable *set, const char *name, const char *digest);
/* A setting's value with those of its words alone that are in the set, for g_free(). */
char *consent_filter(const char *value, const char *lists, GHashTable *set);
