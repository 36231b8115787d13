/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What hosts last said of plugins: of those that act for one user, and of those that act on the whole
 * computer, with respect to one user or to nobody. It is kept in memory alone, but that one failed goes on
 * record with the claims that name it. A report that answers to an older generation than the last, or to one
 * that is not here yet, which is of a daemon that is gone, is ignored.
 */

#include <glib.h>
#include <stdint.h>

#include "common/caps.h"
#include "daemon/engine/engine.h"

#define REPORT_OF_NOBODY ((uid_t) -1)

typedef struct PluginReport {
        char plugin[CAP_RULE_BYTES + 1]; /* must not be empty */
        const char *state;               /* engaged, released, failed, idle */
        char *message;
        uint64_t generation;
        uint64_t at_real_usec; /* filled in when it is put */
        uid_t uid;             /* whom it is about, filled in where a user's own host says it */
} PluginReport;

/* Keeps a copy of what the host of a plugin said that acts for this user. */
int user_reports_put(User *user, const PluginReport *report, Refusal *ret_refusal);
/* Those, of PluginReport; NULL: none. */
const GPtrArray *user_reports(const User *user);
/* Whether any host that acts for this user, or on the whole computer, has reported of a plugin. */
bool user_reports_has(User *user, const char *plugin);

/* The same of a plugin that acts on the whole computer; while nobody is entered. */
int engine_reports_put(Engine *engine, const PluginReport *report, Refusal *ret_refusal);
/* Those, whomever they are about; NULL: none. */
const GPtrArray *engine_reports(const Engine *engine);
