/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/reports.h"

#include <string.h>

#include "daemon/engine/claims.h"
#include "daemon/engine/settle.h"
#include "daemon/engine/user.h"

static void report_free(gpointer data) {
        PluginReport *report = data;

        g_free(report->message);
        g_free(report);
}

static bool is_state(const char *state) {
        static const char *const states[] = { "idle", "engaged", "released", "failed" };

        for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
                if (strcmp(state, states[i]) == 0)
                        return true;
        return false;
}

static void keep(User *user, const PluginReport *report) {
        PluginReport *copy = g_new(PluginReport, 1);

        *copy = *report;
        copy->message = g_strdup(report->message ?: "");
        copy->at_real_usec = user->engine->now.real_usec;
        g_hash_table_replace(user->focus.reports, copy->plugin, copy);
}

int user_reports_put(User *user, const PluginReport *report, Refusal *ret_refusal) {
        Focus *focus = &user->focus;
        const PluginReport *known;
        int r;

        if (report->plugin[0] == '\0' || !is_state(report->state))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "a plugin is idle, engaged, released or failed, and not \"%s\"",
                                report->state);
        r = refuse_text(ret_refusal, "the message", report->message, CAP_NOTE_BYTES);
        if (r != 0)
                return r;
        if (!focus->reports)
                focus->reports = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, report_free);
        known = g_hash_table_lookup(focus->reports, report->plugin);
        if (known && report->generation < known->generation)
                return 0;
        if (!known && g_hash_table_size(focus->reports) >= CAP_REPORTS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u plugins have reported already, the most there can be", CAP_REPORTS);
        keep(user, report);
        if (strcmp(report->state, "failed") == 0)
                user_reports_note_failure(user, report);
        return 0;
}

void user_reports_note_failure(User *user, const PluginReport *report) {
        user_claims_note_failure(user, report);
        user_settle_rearm(user);
        user->touched = true;
}

void user_reports_each(User *user, PluginReportFunc func, void *userdata) {
        GHashTableIter iter;
        gpointer report;

        if (!user->focus.reports)
                return;
        g_hash_table_iter_init(&iter, user->focus.reports);
        while (g_hash_table_iter_next(&iter, NULL, &report))
                func(report, userdata);
}
