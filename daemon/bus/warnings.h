/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What can never come true of rules and profiles, as sentences for callers. A profile may name a plugin that
 * this computer does not have, as far as pomod can know, which starts none: one is known that lies in a
 * folder for plugins, or whose host has said something.
 */

#include <glib.h>

#include "common/site-name.h"
#include "daemon/bus/method.h"
#include "daemon/core/rules.h"

/* Sentences in the order in which they came, as many as a reply holds, and how many more there were. */
typedef struct Warnings {
        Call *call;
        GPtrArray *sentences; /* owned */
        size_t bytes;         /* of them */
        unsigned more;
        SiteNames *sites; /* owned; NULL: none was looked at yet */
        unsigned looked_at;
} Warnings;

Warnings warnings_new(Call *call);
void warnings_done(Warnings *warnings); /* of ones that are all zero, too */

/* A WarningFunc, and a ProfileFunc that always goes on; userdata is Warnings. */
void warnings_collect(const char *rule, const char *sentence, void *userdata);
int warnings_collect_profile(const Profile *profile, void *userdata);
/* A ProfileFunc that refuses a profile that is new, or another than before, and does not fit; userdata is
 * Warnings. */
int warnings_judge_profile(const Profile *profile, void *userdata);

/* Of a profile that has just been engaged: which of its plugins do not enforce it, and why, and which
 * lists that it names are gone. */
void warnings_collect_engaged(Warnings *warnings, const char *profile);

/* Whether the profile's settings are what its plugins take, as far as these say what that is. 0 or
 * REFUSAL_INVALID_ARGUMENT. */
int warnings_check_profile(const Profile *profile, Call *call);

/* Appends them as an as, or as an entry of an a{sv}; nothing can be collected after it. */
int warnings_append(Warnings *warnings, Reply *reply);
int warnings_append_entry(Warnings *warnings, const char *key, Reply *reply);

/* Of the rules as they are: name → GPtrArray of sentences. */
int warnings_by_rule(User *user, GHashTable **ret_warnings);
