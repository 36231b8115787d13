/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What plugin hosts ask and say, of one user and of all: Desired and Report. */

#include "daemon/bus/method.h"
#include "daemon/bus/pages.h"
#include "daemon/bus/plugin-files.h"
#include "daemon/bus/values.h"
#include "daemon/core/focus.h"
#include "daemon/engine/reports.h"

/* ---- Desired ---- */

typedef struct DesiredParams {
        const char *plugin;
} DesiredParams;
extern const Param desired_params[1];

/*
 * Begins the answer to Desired; desired_append_user() then appends what holds because of each user: on the
 * computer's bus without what everybody would feel and a claim was not granted.
 */
typedef struct Desired {
        Reply *reply;
        const char *plugin;
        PluginFelt felt;
} Desired;
int desired_begin(Desired *desired, Call *call, uint64_t generation);
void desired_done(Desired *desired);
int desired_open(Desired *desired); /* the list of records, after what stands before it */
/* A UserFunc; userdata is Desired. */
int desired_append_user(User *user, void *userdata);

/*
 * What hosts are told of a user, as texts to compare: plugin → GString; unref it. It is another text where
 * something else is told of the plugin.
 */
GHashTable *desired_look(const User *user);
/* Adds to names, a set of owned texts, the plugins of which two looks say something else; NULL: one that saw
 * nothing. */
void desired_compare(GHashTable *before, GHashTable *now, GHashTable *names);

/* ---- Report and ListReports ---- */

typedef struct ReportParams {
        const char *plugin, *state, *message;
        uint64_t generation;
        uint64_t uid; /* of Manager's alone, as the next */
        bool has_uid;
        GArray *claims; /* of ClaimFailure; NULL none */
} ReportParams;
extern const Param report_params[6]; /* without the last, for Focus */

typedef struct ReleasedParams {
        const char *plugin, *reason;
} ReleasedParams;
extern const Param released_params[2]; /* of NoteReleased */

/* The engine's report of what was given; its state is written into buf. */
PluginReport report_make(const ReportParams *params, char buf[SNIPPET_BYTES + 4]);
typedef struct ReportListParams {
        uint64_t after; /* reports that were told before */
        unsigned limit;
} ReportListParams;
extern const Param report_list_params[2];

/* The answer to ListReports: of reports about one user, or, where about is NULL, of all, with Uid (u) where
 * one is about a user. */
typedef struct ReportList {
        Page page;
        const Engine *engine;
        const uid_t *about;
        uint64_t at, after; /* how many came so far, and with which it begins */
} ReportList;
int reports_begin(ReportList *list, Call *call, const uid_t *about);
int reports_append(ReportList *list, const GPtrArray *reports); /* which may be NULL */
int reports_end(ReportList *list, int r);
