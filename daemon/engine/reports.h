/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What hosts last said of the plugins of a user. It is kept in memory alone, but that one failed goes on
 * record with the claims that name it. */

#include <stdint.h>

#include "common/caps.h"
#include "daemon/engine/engine.h"

typedef struct PluginReport {
        char plugin[CAP_RULE_BYTES + 1];
        char state[16]; /* engaged, released, failed, idle */
        char *message;
        uint64_t generation;
        uint64_t at_real_usec;
} PluginReport;

/* An older generation than the one that is known is ignored. */
int user_reports_put(User *user, const PluginReport *report, Refusal *ret_refusal);
/* Of a report that is kept elsewhere. */
void user_reports_note_failure(User *user, const PluginReport *report);
typedef void (*PluginReportFunc)(const PluginReport *report, void *userdata);
void user_reports_each(User *user, PluginReportFunc func, void *userdata);
