/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/agenda.h"

#include <assert.h>
#include <errno.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/rules.h"
#include "daemon/engine/user.h"

#define LAST_REAL_USEC (253339228800ULL * USEC_PER_SEC) /* 9998-01-01: dates end with 9999 */

static int check_instant(uint64_t real_usec, Refusal *ret_refusal) {
        if (real_usec < LAST_REAL_USEC)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                        "this instant is beyond the year 9997, the last that schedules know");
}

int user_agenda_each_warning(User *user, WarningFunc func, void *userdata) {
        Calendar *calendar = user_calendar(user);

        assert(user->call);
        return calendar_warnings(calendar, calendar_date_of(calendar, user->engine->now.real_usec),
                        &user->engine->yield, func, userdata);
}

int user_agenda_explain(User *user, uint64_t at_real_usec, Schedule *ret_schedule, char **ret_why,
                Refusal *ret_refusal) {
        Calendar *calendar = user_calendar(user);
        Schedule schedule;
        int r;

        assert(user->call);
        r = check_instant(at_real_usec, ret_refusal);
        if (r != 0)
                return r;
        if (at_real_usec == 0)
                at_real_usec = user->engine->now.real_usec;
        r = calendar_at(calendar, at_real_usec, &schedule);
        if (r < 0)
                return r;
        if (ret_why)
                *ret_why = calendar_why(calendar, at_real_usec, &schedule);
        *ret_schedule = schedule;
        return 0;
}

typedef struct Yielding {
        const Yield *yield;
        StretchFunc func;
        void *userdata;
} Yielding;

static int pass_and_give_way(const Stretch *stretch, void *userdata) {
        const Yielding *yielding = userdata;

        give_way(yielding->yield);
        return yielding->func(stretch, yielding->userdata);
}

int user_agenda_each(User *user, const Span *span, uint64_t *at_real_usec, StretchFunc func, void *userdata,
                Refusal *ret_refusal) {
        const uint64_t from_real_usec = span->from_real_usec, to_real_usec = span->to_real_usec;
        Yielding yielding = { &user->engine->yield, func, userdata };
        int r;

        assert(user->call);
        r = check_instant(from_real_usec, ret_refusal);
        if (r == 0)
                r = check_instant(to_real_usec, ret_refusal);
        if (r != 0)
                return r;
        if (from_real_usec >= to_real_usec)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "the end of an agenda must be after its beginning");
        if (to_real_usec - from_real_usec > CALENDAR_HORIZON_USEC)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "an agenda can have two years at most; ask for them one after the other");
        *at_real_usec = MAX(*at_real_usec, from_real_usec);
        if (*at_real_usec >= to_real_usec)
                return 0;
        return calendar_agenda_from(
                        user_calendar(user), at_real_usec, to_real_usec, pass_and_give_way, &yielding);
}

int user_agenda_capacity(User *user, Date date, uint64_t from_real_usec, uint32_t *ret_pomodoros,
                Refusal *ret_refusal) {
        int r;

        assert(user->call);
        if (date < DATE_MIN || date > DATE_MAX - 2)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the date is out of range; it must be from 1970-01-01 on and before 9999-12-30");
        r = check_instant(from_real_usec, ret_refusal);
        if (r != 0)
                return r;
        return calendar_capacity(user_calendar(user), &user->settings, date, from_real_usec, ret_pomodoros);
}

/* ---- office days ---- */

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

static int note_claim(const Claim *claim, void *userdata) {
        GArray *claims = userdata;
        Claim copy = *claim;

        if (claim->source != CLAIM_BY_RULE || claim->rule_kind != RULE_OFFICE_DAY)
                return 0;
        copy.profile = (Profile){}; /* which may be large, and is not asked for */
        copy = claim_copy(&copy);
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

int user_office_days_each(User *user, OfficeDayPlace *place, Date to, OfficeDayFunc func, void *userdata) {
        const ClaimQuery query = { .span = span_of_dates(place->date, to), .office_days = true };
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
                .yield = &user->engine->yield,
        };
        r = user_claims_each_recorded(user, &query, note_claim, claims);
        if (r == 0)
                r = office_days_each(&env, place, to, func, userdata);
        g_array_unref(claims);
        return r;
}
