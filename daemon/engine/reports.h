/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The hosts of plugins: who they are, and what they last said, of plugins that act for one user and of those
 * that act on the whole computer, with respect to one user or to nobody. It is kept in memory alone, but that
 * one failed goes on record with the claims that name it. A report that answers to an older generation than
 * the last, or to one that is not here yet, which is of a daemon that is gone, is ignored.
 */

#include <glib.h>
#include <stdint.h>

#include "common/caps.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/presence.h"

#define REPORT_OF_NOBODY ((uid_t) -1)

/* A claim of which a report says something: that it fails, or, with what succeeds, that it holds in part. */
typedef struct ClaimFailure {
        uid_t uid;
        int64_t claim;
        const char *message;
} ClaimFailure;

typedef struct PluginReport {
        char plugin[CAP_RULE_BYTES + 1]; /* must not be empty */
        const char *state;               /* engaged, released, failed, idle */
        char *message;
        uint64_t generation;
        uint64_t at_real_usec; /* filled in when it is put */
        uid_t uid;             /* whom it is about, filled in where a user's own host says it */
        bool of_computer;      /* its host acts on the whole computer; filled in when it is put */
        const GArray *claims;  /* of ClaimFailure; NULL none; not kept */
} PluginReport;

/* ---- who they are ---- */

/* A host of a plugin of this user comes; host->uid is filled in. As presence_put(). */
int user_hosts_add(User *user, const PluginHost *host, Refusal *ret_refusal);
/* One of the whole computer, while nobody is entered. */
int engine_hosts_add(Engine *engine, const PluginHost *host, Refusal *ret_refusal);
/* A connection has left, with its plugins; NULL: all have. While nobody is entered. */
void engine_hosts_remove(Engine *engine, const char *connection);
/* The uid is another account's: its hosts were somebody else's. */
void engine_hosts_let_out(Engine *engine, uid_t uid);

/* ---- what they say ---- */

/* Keeps a copy of what the host of a plugin said that acts for this user. */
int user_reports_put(User *user, const PluginReport *report, Refusal *ret_refusal);
/* Those, of PluginReport; NULL: none. */
const GPtrArray *user_reports(const User *user);
/* What is installed may be another thing by now, which the sentence of what is not enforced tells. */
void user_reports_look(User *user);
/* Whether any host that acts for this user, or on the whole computer, is there, or has reported while a
 * profile or a claim names its plugin. */
bool user_reports_has(User *user, const char *plugin);

/* The same of a plugin that acts on the whole computer; while nobody is entered. */
int engine_reports_put(Engine *engine, const PluginReport *report, Refusal *ret_refusal);
/* Those, whomever they are about; NULL: none. */
const GPtrArray *engine_reports(const Engine *engine);

/* What a plugin held was lifted by hand, with a reason or an empty one: of a user, or of all users, while
 * nobody is entered. It goes on record with the claims in force that name the plugin. */
void user_reports_note_released(User *user, const char *plugin, const char *reason);
int engine_reports_note_released(Engine *engine, const char *plugin, const char *reason);

/* What the plugin of a report is at now: "absent" without a host, "idle", "engaged" or "failed". */
const char *report_state(const Engine *engine, const PluginReport *report);

/* Each plugin that has a host for this user or for the computer, or that a profile or a claim names and of
 * which one reported with respect to the user or to nobody; some more than once. */
void user_reports_each_plugin(
                const User *user, void (*func)(const char *plugin, void *userdata), void *userdata);

/* A plugin as one user sees it. */
typedef struct PluginStatus {
        const char *state;      /* as report_state() */
        const char *message;    /* "" none; valid until the next report */
        const PluginHost *host; /* NULL: absent; valid until the next host comes or goes */
} PluginStatus;
void user_plugin_status(const User *user, const char *plugin, bool of_computer, PluginStatus *ret_status);
