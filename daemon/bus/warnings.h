/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What can never come true of rules and profiles, as sentences for callers. */

#include <glib.h>

#include "daemon/bus/internal.h"
#include "daemon/core/calendar.h"
#include "daemon/core/refusal.h"

/* Sentences in the order in which they came, one past a reply's worth of them said in the last. */
typedef struct Warnings {
        GPtrArray *sentences; /* owned; NULL as long as there are none */
        unsigned more;
} Warnings;

void warnings_done(Warnings *warnings);
/* A WarningFunc; userdata is Warnings. */
void warnings_collect(const char *rule, const char *sentence, void *userdata);
/* Takes the sentence. */
void warnings_add(Warnings *warnings, char *sentence);
/* Ends the collecting. */
void warnings_finish(Warnings *warnings);
/* A reply of them alone, as many methods give it. */
int warnings_reply(sd_bus_message *message, Warnings *warnings);

/* Of the rules as they are: name → GPtrArray of sentences. */
int warnings_by_rule(const UserCall *call, GHashTable **ret_warnings, Refusal *ret_refusal);
void warnings_freep(GHashTable **warnings);
