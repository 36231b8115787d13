/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Rules and profiles are keys with texts: read from the command line as KEY=VALUE, kept as a JSON object of
 * strings in their order, sent as a{sv}. What a value may be is the daemon's to say.
 */

#include <json-c/json.h>

#include "clients/pomoctl/ctl.h"

extern const char *const profile_keys[]; /* those that belong to no plugin; NULL-terminated */

/*
 * Reads the words from `first` on into keys, over what is there; KEY= takes one away. A word without "="
 * belongs to the value before it, so that quotes are rarely needed. Keys of plugins (sites.Block) are known
 * where plugins is true; others are found however they are capitalised. 0, or what to exit with.
 */
int keys_read(const Ctl *ctl, const Args *args, unsigned first, const char *const *known, bool plugins,
                struct json_object *keys);

/* The known keys (NULL: all but Name, Text and lists) of a record as the daemon lists it; the caller puts
 * the object. */
struct json_object *keys_of_record(struct json_object *record, const char *const *known);

/* Sends them to a member that sets what has that name, and says its warnings. 0, or what to exit with. */
int keys_send(const Ctl *ctl, const char *interface, const char *member, const char *name,
                struct json_object *keys);

/* The name that a verb was given as its first word, checked. 0, or what to exit with. */
int named_given(const Ctl *ctl, const Args *args, const char *what);

/* The verb that removes what has such a name, by a member that takes it. 0, or what to exit with. */
int named_remove(const Ctl *ctl, const Args *args, const char *interface, const char *member,
                const char *what);
/* "added rule mornings". */
void named_say(const char *done, const char *what, const char *name);
