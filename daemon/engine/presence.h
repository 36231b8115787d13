/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which plugins have a host now: of those that act for one user, and of those that act on the whole computer.
 * A host is there from when its connection registers the plugin until that connection leaves. It is a table
 * and nothing else: whoever changes it sees to what follows (reports.h).
 */

#include <stdint.h>

#include "common/caps.h"
#include "daemon/engine/engine.h"

/* Whom a plugin acts for, where that is no single user. */
#define PRESENCE_OF_COMPUTER ((uid_t) -1)

typedef struct PluginHost {
        char plugin[CAP_RULE_BYTES + 1];
        uid_t uid;              /* or PRESENCE_OF_COMPUTER */
        const char *connection; /* its unique name on the bus */
        const char *version;
        uint32_t pid; /* as it says */
} PluginHost;

/* NULL: it has no host. Valid until the table changes. */
const PluginHost *presence_find(const Engine *engine, uid_t uid, const char *plugin);
/* Of this user or of PRESENCE_OF_COMPUTER. func changes nothing here. */
void presence_each(const Engine *engine, uid_t uid, void (*func)(const char *plugin, void *userdata),
                void *userdata);
/* Whether it has one for this user, or for the computer. */
bool presence_has(const Engine *engine, uid_t uid, const char *plugin);

/* Keeps a copy, in the place of what the same connection said before. REFUSAL_BUSY where another connection
 * has it; REFUSAL_LIMITS_EXCEEDED. */
int presence_put(Engine *engine, const PluginHost *host, Refusal *ret_refusal);
/* Takes out one host of a connection (NULL: of any) and, unless it is NULL, of a uid; false: there is none.
 */
bool presence_take(Engine *engine, const char *connection, const uid_t *uid, uid_t *ret_uid);
void presence_done(Engine *engine);
