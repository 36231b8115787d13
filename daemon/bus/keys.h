/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Rules and profiles as callers see and send them: an a{sv} of the keys of the text form, each value as it is
 * written there.
 */

#include <systemd/sd-bus.h>

#include "common/caps.h"
#include "daemon/core/refusal.h"
#include "daemon/core/rules.h"

#define KEY_LIST_MAX (CAP_PROFILE_SETTINGS + 16u)

typedef struct KeyList {
        unsigned n;
        const char *keys[KEY_LIST_MAX]; /* they point into the message */
        const char *values[KEY_LIST_MAX];
        char *made[KEY_LIST_MAX]; /* values that were no text in the message; owned */
} KeyList;

void key_list_done(KeyList *list);

/*
 * Reads the a{sv} where the message stands. Values are texts; integers and booleans are taken for what they
 * would be as text. An empty text is none: the key is left out. 0, a negative errno, or a RefusalCode.
 */
int key_list_read(sd_bus_message *message, KeyList *ret_list, Refusal *ret_refusal);

/* Entries of an open a{sv}: Name, Text, and each key that is not at its default. */
int rule_append(sd_bus_message *message, const Rule *rule);
int profile_append(sd_bus_message *message, const Profile *profile);

/* One entry of an open a{sv}, or one argument: a list of texts. */
int texts_entry_append(sd_bus_message *message, const char *key, char *const *texts, unsigned n);
int texts_append(sd_bus_message *message, char *const *texts, unsigned n);
