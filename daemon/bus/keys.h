/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Rules and profiles as callers see and send them: an a{sv} of the keys of the text form, each value as it is
 * written there.
 */

#include <systemd/sd-bus.h>

#include "common/caps.h"
#include "daemon/bus/reply.h"
#include "daemon/bus/values.h"
#include "daemon/core/refusal.h"
#include "daemon/core/rules.h"

#define KEY_LIST_MAX (CAP_PROFILE_SETTINGS + 16u)

/* Not to be copied: values that were no texts are kept inside. */
typedef struct KeyList {
        unsigned n;
        const char *keys[KEY_LIST_MAX]; /* they point into the message */
        const char *values[KEY_LIST_MAX];
        char made[KEY_LIST_MAX][VALUE_TEXT_MAX];
} KeyList;

/*
 * Reads the a{sv} where the message stands. Values are texts; integers and booleans are taken for what they
 * would be as text. An empty text is none: the key is left out. 0, a negative errno, or a RefusalCode, with
 * which the list stays empty; it must be empty before.
 */
int key_list_read(sd_bus_message *message, KeyList *list, Refusal *ret_refusal);

/* An a{sv} of Name, Text, and each key that is not at its default, left open for more. 0 or a
 * negative errno. */
int rule_open(Reply *reply, const Rule *rule);
int profile_open(Reply *reply, const Profile *profile);
