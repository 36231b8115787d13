/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/engine/office-days.h"

#include <assert.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/rules.h"
#include "daemon/engine/user.h"

int user_office_days_request(User *user, const Request *request, Refusal *ret_refusal) {
        const OfficeDayEdit edit = {
                .type = request->type == REQUEST_OFFICE_DAY_ADD    ? OFFICE_DAY_ADD
                        : request->type == REQUEST_OFFICE_DAY_MOVE ? OFFICE_DAY_MOVE
                                                                   : OFFICE_DAY_DROP,
                .rule = request->name ?: "",
                .date = request->date,
                .to_date = request->to_date,
                .today = calendar_date_of(user_calendar(user), user->engine->now.real_usec),
                .zone = user_calendar_zone(user),
                .week_start = user->settings.week_start,
        };
        RuleSet set = rule_set_copy(&user->rules);
        int r = office_days_edit(&set, &edit, ret_refusal);

        assert(user->call);
        if (r == 0)
                r = user_rules_commit(user, &set);
        rule_set_done(&set);
        return r;
}

/* ---- what became of them ---- */

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

int user_office_days_each(User *user, Date from, Date to, OfficeDayFunc func, void *userdata) {
        const Span span = span_of_dates(from, to);
        OfficeDayEnv env;
        GArray *claims;
        int r;

        assert(user->call);
        if (!user->store)
                return 0;
        claims = claim_array_new();
        env = (OfficeDayEnv){
                .calendar = user_calendar(user),
                .rules = &user->rules,
                .claims = claims,
                .now = user->engine->now,
                .week_start = user->settings.week_start,
        };
        r = user_claims_each_recorded(user, &span, note_claim, claims);
        if (r == 0)
                r = office_days_each(&env, from, to, func, userdata);
        g_array_unref(claims);
        return r;
}
