/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/reports.h"

#include <assert.h>
#include <string.h>

#include "daemon/engine/claims.h"
#include "daemon/engine/settle.h"
#include "daemon/engine/user.h"

static void report_free(gpointer data) {
        PluginReport *report = data;

        g_free(report->message);
        g_free(report);
}

/* The word itself, which lives for good; NULL for what is none. */
static const char *find_state(const char *state) {
        static const char *const states[] = { "idle", "engaged", "released", "failed" };

        for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
                if (strcmp(state, states[i]) == 0)
                        return states[i];
        return NULL;
}

static PluginReport *find(const GPtrArray *reports, uid_t uid, const char *plugin) {
        for (guint i = 0; reports && i < reports->len; i++) {
                PluginReport *report = reports->pdata[i];

                if (report->uid == uid && strcmp(report->plugin, plugin) == 0)
                        return report;
        }
        return NULL;
}

static int check(const PluginReport *report, Refusal *ret_refusal) {
        assert(report->plugin[0] != '\0' && report->state);
        if (!find_state(report->state))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no state of a plugin; it can be idle, engaged, released or failed",
                                report->state);
        return 0;
}

static void keep(GPtrArray *reports, PluginReport *known, const PluginReport *report) {
        if (!known) {
                known = g_new0(PluginReport, 1);
                g_ptr_array_add(reports, known);
        }
        g_free(known->message);
        *known = *report;
        known->state = find_state(report->state);
        known->message = g_strdup(report->message ?: "");
}

/* The array is made with the first of them. ret_failed: what is kept now is news of a failure. */
static int put(GPtrArray **reports, const PluginReport *report, unsigned most, bool *ret_failed,
                Refusal *ret_refusal) {
        PluginReport *known = find(*reports, report->uid, report->plugin);

        *ret_failed = false;
        if (known && report->generation < known->generation)
                return 0;
        if (!*reports)
                *reports = g_ptr_array_new_with_free_func(report_free);
        if (!known && (*reports)->len >= most)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u reports of plugins are kept already, which is the most there can be",
                                most);
        keep(*reports, known, report);
        *ret_failed = strcmp(report->state, "failed") == 0;
        return 0;
}

static void note_failure(User *user, const PluginReport *report) {
        user_claims_note_failure(user, report);
        user_settle_rearm(user);
        user->touched = true;
}

/* An earlier run's is below the first of this one, or, where the clock was set back, above all of them. 0 is
 * of a host that has not asked yet. */
static bool is_of_this_run(const Engine *engine, uint64_t generation, uint64_t newest) {
        return generation == 0 || (generation >= engine->first_generation && generation <= newest);
}

int user_reports_put(User *user, const PluginReport *said, Refusal *ret_refusal) {
        PluginReport report = *said;
        bool failed = false;
        int r = check(said, ret_refusal);

        if (r != 0 || !is_of_this_run(user->engine, said->generation, user->focus.generation))
                return r;
        report.uid = user->uid;
        report.at_real_usec = user->engine->now.real_usec;
        r = put(&user->focus.reports, &report, CAP_REPORTS, &failed, ret_refusal);
        if (failed)
                note_failure(user, &report);
        return r;
}

int engine_reports_put(Engine *engine, const PluginReport *said, Refusal *ret_refusal) {
        PluginReport report = *said;
        bool failed = false;
        User *user;
        Now now;
        int r = check(said, ret_refusal);

        if (r == 0)
                r = engine_get_now(engine, &now);
        if (r != 0 || !is_of_this_run(engine, said->generation, engine_desired_generation(engine)))
                return r;
        report.at_real_usec = now.real_usec;
        r = put(&engine->reports, &report, CAP_PLUGIN_REPORTS, &failed, ret_refusal);
        /* It is kept, whether there is such a user or not. */
        if (failed && report.uid != REPORT_OF_NOBODY &&
                        engine_enter(engine, report.uid, "Manager.Report", &user, NULL) == 0) {
                note_failure(user, &report);
                (void) engine_leave(user, 0, NULL);
        }
        return r;
}

/* ---- readings ---- */

const GPtrArray *engine_reports(const Engine *engine) {
        return engine->reports;
}

const GPtrArray *user_reports(const User *user) {
        return user->focus.reports;
}

bool user_reports_has(User *user, const char *plugin) {
        return find(user->focus.reports, user->uid, plugin) ||
               find(user->engine->reports, user->uid, plugin) ||
               find(user->engine->reports, REPORT_OF_NOBODY, plugin);
}
