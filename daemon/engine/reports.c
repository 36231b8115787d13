/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/reports.h"

#include <assert.h>
#include <string.h>

#include "daemon/engine/claims.h"
#include "daemon/engine/plugin-news.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/settle.h"
#include "daemon/engine/shortfalls.h"
#include "daemon/engine/user.h"
#include "daemon/engine/users.h"

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

/* ---- who they are ---- */

static void look_at_enforced(User *user) {
        user_publish_enforced(user);
        user_plugin_news_look(user);
}

static void touch(User *user) {
        user_settle_rearm(user);
        user->touched = true;
        look_at_enforced(user);
}

static int look_again(User *user, void *userdata) {
        user->focus.attendance_usec = 0;
        touch(user);
        return 0;
}

int user_hosts_add(User *user, const PluginHost *host, Refusal *ret_refusal) {
        PluginHost own = *host;
        int r;

        own.uid = user->uid;
        r = presence_put(user->engine, &own, ret_refusal);
        return r != 0 ? r : look_again(user, NULL);
}

int engine_hosts_add(Engine *engine, const PluginHost *host, Refusal *ret_refusal) {
        PluginHost own = *host;
        int r;

        own.uid = PRESENCE_OF_COMPUTER;
        r = presence_put(engine, &own, ret_refusal);
        return r != 0 ? r : engine_each_user(engine, "Manager.Register", look_again, NULL, NULL);
}

void engine_hosts_remove(Engine *engine, const char *connection) {
        const char *const call = "A plugin's host that left";
        bool of_computer = false;
        User *user;
        uid_t uid;

        while (presence_take(engine, connection, NULL, &uid)) {
                if (!connection || uid == PRESENCE_OF_COMPUTER)
                        of_computer = true;
                else if (users_find(engine, uid) && engine_enter(engine, uid, call, &user, NULL) == 0)
                        (void) engine_leave(user, look_again(user, NULL), NULL);
        }
        if (of_computer)
                (void) engine_each_user(engine, call, look_again, NULL, NULL);
}

void engine_hosts_let_out(Engine *engine, uid_t uid) {
        uid_t taken;

        while (presence_take(engine, NULL, &uid, &taken))
                ;
}

/* ---- what they say ---- */

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
        known->claims = NULL;
}

static bool is_same(const PluginReport *a, const PluginReport *b) {
        return a->generation == b->generation && strcmp(a->state, b->state) == 0 &&
               strcmp(a->message, b->message ?: "") == 0;
}

/* What became of a report. */
typedef struct Put {
        bool taken;  /* else it was ignored */
        bool failed; /* it is news of a failure */
} Put;

/* The array is made with the first of them. */
static int put(GPtrArray **reports, const PluginReport *report, unsigned most, Put *ret_put,
                Refusal *ret_refusal) {
        PluginReport *known = find(*reports, report->uid, report->plugin);

        if (known && report->generation < known->generation)
                return 0;
        if (!*reports)
                *reports = g_ptr_array_new_with_free_func(report_free);
        if (!known && (*reports)->len >= most)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u reports of plugins are kept already, which is the most there can be",
                                most);
        *ret_put = (Put){
                .taken = true,
                .failed = strcmp(report->state, "failed") == 0 && !(known && is_same(known, report)),
        };
        keep(*reports, known, report);
        return 0;
}

static int note_failure(User *user, void *userdata) {
        const PluginReport *report = userdata;

        user_claims_note_failure(user, CLAIM_FAILED, report->plugin, report->message, 0);
        user_plugin_news_failed(user, report->plugin, report->message);
        touch(user);
        return 0;
}

/* The claims of the user of which a report of success says something: they hold in part. */
static int note_claims(User *user, void *userdata) {
        const PluginReport *report = userdata;
        const bool failed = strcmp(report->state, "failed") == 0;

        user_shortfalls_put(user, report);
        for (guint i = 0; report->claims && i < report->claims->len; i++) {
                const ClaimFailure *said = &g_array_index(report->claims, ClaimFailure, i);

                if (said->uid == user->uid)
                        user_claims_note_failure(user, failed ? CLAIM_FAILED : CLAIM_HOLDS_IN_PART,
                                        report->plugin, said->message, said->claim);
        }
        touch(user);
        return 0;
}

/* An earlier run's is below the first of this one, or, where the clock was set back, above all of them. 0 is
 * of a host that has not asked yet. */
static bool is_of_this_run(const Engine *engine, uint64_t generation, uint64_t newest) {
        return generation == 0 || (generation >= engine->first_generation && generation <= newest);
}

int user_reports_put(User *user, const PluginReport *said, Refusal *ret_refusal) {
        PluginReport report = *said;
        Put become = {};
        int r = check(said, ret_refusal);

        if (r != 0 || !is_of_this_run(user->engine, said->generation, user->focus.generation))
                return r;
        report.uid = user->uid;
        report.of_computer = false;
        report.at_real_usec = user->engine->now.real_usec;
        r = put(&user->focus.reports, &report, CAP_REPORTS, &become, ret_refusal);
        if (become.failed)
                (void) note_failure(user, &report);
        if (become.taken)
                (void) note_claims(user, &report);
        look_at_enforced(user);
        return r;
}

static int look_at_one(User *user, void *userdata) {
        look_at_enforced(user);
        return 0;
}

/* Whom it is about is there, or nothing is in force in their name. */
static void tell(Engine *engine, PluginReport *report, UserFunc func) {
        const char *const call = "Manager.Report";
        User *user;

        if (report->uid == REPORT_OF_NOBODY)
                (void) engine_each_user(engine, call, func, report, NULL);
        else if (users_find(engine, report->uid) && engine_enter(engine, report->uid, call, &user, NULL) == 0)
                (void) engine_leave(user, func(user, report), NULL);
}

int engine_reports_put(Engine *engine, const PluginReport *said, Refusal *ret_refusal) {
        PluginReport report = *said;
        Put become = {};
        Now now;
        int r = check(said, ret_refusal);

        if (r == 0)
                r = engine_get_now(engine, &now);
        if (r != 0 || !is_of_this_run(engine, said->generation, engine_desired_generation(engine)))
                return r;
        report.of_computer = true;
        report.at_real_usec = now.real_usec;
        r = put(&engine->reports, &report, CAP_PLUGIN_REPORTS, &become, ret_refusal);
        if (become.failed)
                tell(engine, &report, note_failure);
        if (become.taken)
                tell(engine, &report, note_claims);
        if (r == 0)
                tell(engine, &report, look_at_one);
        return r;
}

void user_reports_look(User *user) {
        look_at_enforced(user);
}

void user_reports_note_released(User *user, const char *plugin, const char *reason) {
        user_claims_note_failure(user, CLAIM_LIFTED_BY_HAND, plugin, reason, 0);
        touch(user);
}

typedef struct ByHand {
        const char *plugin, *reason;
} ByHand;

static int note_released(User *user, void *userdata) {
        const ByHand *by_hand = userdata;

        user_reports_note_released(user, by_hand->plugin, by_hand->reason);
        return 0;
}

int engine_reports_note_released(Engine *engine, const char *plugin, const char *reason) {
        ByHand by_hand = { plugin, reason };

        return engine_each_user(engine, "Manager.NoteReleased", note_released, &by_hand, NULL);
}

/* ---- readings ---- */

const GPtrArray *engine_reports(const Engine *engine) {
        return engine->reports;
}

const GPtrArray *user_reports(const User *user) {
        return user->focus.reports;
}

/* Somebody wants something of it, so that what it said last is worth telling without a host, too. */
static bool is_named(const User *user, const char *plugin) {
        const GArray *profiles = user->rules.profiles, *claims = user->focus.claims;

        for (guint i = 0; profiles && i < profiles->len; i++)
                if (profile_names_plugin(&g_array_index(profiles, Profile, i), plugin))
                        return true;
        for (guint i = 0; claims && i < claims->len; i++)
                if (claim_names_plugin(&g_array_index(claims, Claim, i), plugin))
                        return true;
        return false;
}

bool user_reports_has(User *user, const char *plugin) {
        if (presence_has(user->engine, user->uid, plugin))
                return true;
        return is_named(user, plugin) &&
               (find(user->focus.reports, user->uid, plugin) ||
                               find(user->engine->reports, user->uid, plugin) ||
                               find(user->engine->reports, REPORT_OF_NOBODY, plugin));
}

static void each_reported(const User *user, const GPtrArray *reports,
                void (*func)(const char *plugin, void *userdata), void *userdata) {
        for (guint i = 0; reports && i < reports->len; i++) {
                const PluginReport *report = reports->pdata[i];

                if ((report->uid == user->uid || report->uid == REPORT_OF_NOBODY) &&
                                is_named(user, report->plugin))
                        func(report->plugin, userdata);
        }
}

void user_reports_each_plugin(
                const User *user, void (*func)(const char *plugin, void *userdata), void *userdata) {
        presence_each(user->engine, user->uid, func, userdata);
        presence_each(user->engine, PRESENCE_OF_COMPUTER, func, userdata);
        each_reported(user, user->focus.reports, func, userdata);
        each_reported(user, user->engine->reports, func, userdata);
}

const char *report_state(const Engine *engine, const PluginReport *report) {
        if (!presence_find(engine, report->of_computer ? PRESENCE_OF_COMPUTER : report->uid, report->plugin))
                return "absent";
        return strcmp(report->state, "released") == 0 ? "idle" : report->state;
}

static const PluginReport *newer(const PluginReport *a, const PluginReport *b) {
        if (!a || !b)
                return a ?: b;
        if (a->generation != b->generation)
                return a->generation > b->generation ? a : b;
        return a->at_real_usec >= b->at_real_usec ? a : b;
}

void user_plugin_status(const User *user, const char *plugin, bool of_computer, PluginStatus *ret_status) {
        const Engine *engine = user->engine;
        const GPtrArray *reports = of_computer ? engine->reports : user->focus.reports;
        const PluginReport *report =
                        newer(find(reports, user->uid, plugin), find(reports, REPORT_OF_NOBODY, plugin));

        *ret_status = (PluginStatus){
                .message = report ? report->message : "",
                .host = presence_find(engine, of_computer ? PRESENCE_OF_COMPUTER : user->uid, plugin),
        };
        ret_status->state = report ? report_state(engine, report) : ret_status->host ? "idle" : "absent";
}
