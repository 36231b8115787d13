/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Claims, what hosts report of them, and office days, for those who ask. */

#include <errno.h>
#include <string.h>

#include "daemon/engine/engine-private.h"

typedef struct Visit {
        User *user;
        ClaimFunc func;
        void *userdata;
        int stopped;
} Visit;

/* A record that says less than what is known by now: not stored yet, or over by a clock that is not trusted
 * yet. */
static int visit_claim(const Claim *claim, void *userdata) {
        cleanup_(claim_done) Claim copy = {};
        Visit *visit = userdata;
        const Focus *focus = &visit->user->focus;
        const Now *now = &visit->user->engine->now;

        for (guint i = 0; focus->kept && i < focus->kept->len; i++)
                if (g_array_index(focus->kept, Claim, i).id == claim->id)
                        claim = &g_array_index(focus->kept, Claim, i);
        if (claim->state == CLAIM_IN_FORCE && !claim_in_force(claim, now)) {
                copy = claim_copy(claim);
                copy.state = CLAIM_ENDED;
                copy.ended_real_usec = MIN(claim->until_real_usec, now->real_usec);
                claim = &copy;
        }
        visit->stopped = visit->func(claim, visit->userdata);
        return visit->stopped;
}

static int each_recorded(User *user, const Span *span, ClaimFunc func, void *userdata, Refusal *ret_refusal) {
        Visit visit = { .user = user, .func = func, .userdata = userdata };
        int r = store_each_claim(user->store, span->from_real_usec, span->to_real_usec, visit_claim, &visit);

        if (visit.stopped != 0)
                return visit.stopped;
        return r < 0 ? user_refuse_store(user, r, ret_refusal) : 0;
}

int engine_each_claim(Engine *engine, uid_t uid, bool history, const Span *span, ClaimFunc func,
                void *userdata, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0 || !user->store || !user->focus.claims)
                return r;
        if (history && span)
                return each_recorded(user, span, func, userdata, ret_refusal);
        for (guint i = 0; r == 0 && i < user->focus.claims->len; i++) {
                const Claim *claim = &g_array_index(user->focus.claims, Claim, i);

                if (claim_in_force(claim, &engine->now))
                        r = func(claim, userdata);
        }
        return r;
}

uint64_t engine_desired_generation(Engine *engine, uid_t uid) {
        const bool all = uid == (uid_t) -1;
        User *user;

        /* Nothing is kept for all users together: from the clock on, it grows over restarts too. */
        if (all && engine->config.many_users) {
                if (engine->desired_generation < engine->now.real_usec &&
                                engine->desired_generation < USEC_PER_DAY)
                        engine->desired_generation += engine->now.real_usec;
                return engine->desired_generation;
        }
        if (engine_enter(engine, all ? engine->config.single_uid : uid, &user, NULL) != 0)
                return 0;
        return user->focus.generation;
}

/* ---- office days ---- */

static int note_claim(const Claim *claim, void *userdata) {
        GArray *claims = userdata;
        Claim copy;

        if (claim->source != CLAIM_BY_RULE || claim->rule_kind != RULE_OFFICE_DAY)
                return 0;
        copy = claim_copy(claim);
        g_array_append_val(claims, copy);
        return 0;
}

/* A window belongs to the date that it begins on, in whatever zone that was. */
static Span span_of_dates(Date from, Date to) {
        return (Span){
                .from_real_usec = (uint64_t) MAX(from - 2, 0) * USEC_PER_DAY,
                .to_real_usec = (uint64_t) MAX(to + 3, 0) * USEC_PER_DAY,
        };
}

int engine_each_office_day(Engine *engine, uid_t uid, Date from, Date to, OfficeDayFunc func, void *userdata,
                Refusal *ret_refusal) {
        const Span span = span_of_dates(from, to);
        OfficeDayEnv env;
        GArray *claims;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0 || !user->store)
                return r;
        claims = claim_array_new();
        env = (OfficeDayEnv){
                .calendar = user_calendar(user),
                .rules = &user->rules,
                .claims = claims,
                .now = engine->now,
                .week_start = user->settings.week_start,
        };
        r = env.calendar ? each_recorded(user, &span, note_claim, claims, ret_refusal) : -ENOMEM;
        if (r == 0)
                r = office_days_each(&env, from, to, func, userdata);
        g_array_unref(claims);
        return r;
}

/* ---- reports ---- */

static bool is_state(const char *state) {
        static const char *const states[] = { "idle", "engaged", "released", "failed" };

        for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
                if (strcmp(state, states[i]) == 0)
                        return true;
        return false;
}

int engine_report(Engine *engine, uid_t uid, const PluginReport *report, Refusal *ret_refusal) {
        PluginReport *known, *copy;
        Focus *focus;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        if (report->plugin[0] == '\0' || !is_state(report->state))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "a plugin is idle, engaged, released or failed, and not \"%s\"",
                                report->state);
        r = refuse_text(ret_refusal, "the message", report->message, CAP_NOTE_BYTES);
        if (r != 0)
                return r;
        focus = &user->focus;
        if (!focus->reports)
                focus->reports = focus_reports_new();
        known = g_hash_table_lookup(focus->reports, report->plugin);
        if (known && report->generation < known->generation)
                return 0;
        if (!known && g_hash_table_size(focus->reports) >= CAP_REPORTS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u plugins have reported already, the most there can be", CAP_REPORTS);
        copy = g_new(PluginReport, 1);
        *copy = *report;
        copy->message = g_strdup(report->message ?: "");
        copy->at_real_usec = engine->now.real_usec;
        g_hash_table_replace(focus->reports, copy->plugin, copy);
        if (strcmp(report->state, "failed") == 0)
                user_note_failure(user, report);
        return 0;
}

int engine_note_failure(Engine *engine, uid_t uid, const PluginReport *report, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r == 0)
                user_note_failure(user, report);
        return r;
}

int engine_each_report(
                Engine *engine, uid_t uid, PluginReportFunc func, void *userdata, Refusal *ret_refusal) {
        GHashTableIter iter;
        gpointer report;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0 || !user->focus.reports)
                return r;
        g_hash_table_iter_init(&iter, user->focus.reports);
        while (g_hash_table_iter_next(&iter, NULL, &report))
                func(report, userdata);
        return 0;
}
