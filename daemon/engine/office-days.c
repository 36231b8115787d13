/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/engine/office-days.h"

#include <errno.h>
#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/rules.h"
#include "daemon/engine/user.h"

typedef struct Standing {
        const char *rule;
        bool covers, governs;
} Standing;

static void note_cover(const Cover *cover, void *userdata) {
        Standing *standing = userdata;

        if (strcmp(cover->rule->name, standing->rule) != 0)
                return;
        standing->covers = true;
        standing->governs = cover->standing == COVER_GOVERNS;
}

static int look_up(User *user, const RuleSet *set, const char *rule, Date date, Standing *ret_standing) {
        Standing standing = { .rule = rule };
        Calendar *calendar = NULL;
        int r;

        r = calendar_new(set, user_calendar_zone(user), &calendar);
        if (r < 0)
                return r;
        r = calendar_covers(calendar, date, note_cover, &standing);
        calendar_free(calendar);
        if (r < 0)
                return r;
        *ret_standing = standing;
        return 0;
}

static int find_rule(RuleSet *set, const char *name, Rule **ret_rule, Refusal *ret_refusal) {
        Rule *found = NULL;

        for (guint i = 0; i < set->rules->len; i++) {
                Rule *rule = &g_array_index(set->rules, Rule, i);

                if (name[0] != '\0' ? strcmp(rule->name, name) != 0 : rule->kind != RULE_OFFICE_DAY)
                        continue;
                if (found)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "both %s and %s are rules of office days; say which is meant",
                                        found->name, rule->name);
                found = rule;
        }
        if (!found)
                return name[0] == '\0' ? refuse(ret_refusal, REFUSAL_NO_SUCH_RULE,
                                                         "there is no rule with Kind=office-day; add one first")
                                       : refuse(ret_refusal, REFUSAL_NO_SUCH_RULE,
                                                         "there is no rule %.64s; the list of rules shows their names",
                                                         name);
        if (found->kind != RULE_OFFICE_DAY)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the rule %s is of Kind=%s; only an office-day rule has office days",
                                found->name, rule_kind_to_string(found->kind));
        *ret_rule = found;
        return 0;
}

static bool list_remove(Date *dates, unsigned *n, Date date) {
        for (unsigned i = 0; i < *n; i++)
                if (dates[i] == date) {
                        memmove(&dates[i], &dates[i + 1], (*n - i - 1) * sizeof(Date));
                        (*n)--;
                        return true;
                }
        return false;
}

static int list_add(Date **dates, unsigned *n, Date date, const char *rule, const char *key,
                Refusal *ret_refusal) {
        unsigned at = 0;

        while (at < *n && (*dates)[at] < date)
                at++;
        if (at < *n && (*dates)[at] == date)
                return 0;
        if (*n >= RULE_DATES_MAX)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the rule %s has %u dates in %s already, the most there can be; remove old ones",
                                rule, *n, key);
        *dates = g_renew(Date, *dates, *n + 1);
        memmove(&(*dates)[at + 1], &(*dates)[at], (*n - at) * sizeof(Date));
        (*dates)[at] = date;
        (*n)++;
        return 0;
}

static int check_future(User *user, Date date, Refusal *ret_refusal) {
        const Date today = calendar_date_of(user_calendar(user), user->engine->now.real_usec);
        char text[DATE_TEXT_MAX], today_text[DATE_TEXT_MAX];

        if (date < DATE_MIN || date > DATE_MAX)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the date of an office day is missing; write it like 2026-07-01");
        if (date >= today)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                        "%s is over and stays on record; an office day can be changed from today, %s, on",
                        date_format(date, text), date_format(today, today_text));
}

static int add_day(User *user, RuleSet *set, Rule *rule, Date date, Refusal *ret_refusal) {
        char text[DATE_TEXT_MAX];
        Standing standing;
        bool was_except;
        int r;

        was_except = list_remove(rule->except, &rule->n_except, date);
        r = look_up(user, set, rule->name, date, &standing);
        if (r < 0 || (was_except && standing.governs))
                return r;
        if (standing.governs)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s is an office day of %s already",
                                date_format(date, text), rule->name);
        /* A date that is named outranks what hides the rule on that day. */
        return list_add(&rule->also, &rule->n_also, date, rule->name, "Also", ret_refusal);
}

static int drop_day(User *user, RuleSet *set, Rule *rule, Date date, Refusal *ret_refusal) {
        char text[DATE_TEXT_MAX];
        Standing standing;
        int r;

        r = look_up(user, set, rule->name, date, &standing);
        if (r < 0)
                return r;
        if (!standing.covers)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s is no office day of %s",
                                date_format(date, text), rule->name);
        list_remove(rule->also, &rule->n_also, date);
        r = look_up(user, set, rule->name, date, &standing);
        if (r < 0 || !standing.covers)
                return r;
        return list_add(&rule->except, &rule->n_except, date, rule->name, "Except", ret_refusal);
}

static int check_move(User *user, const Rule *rule, Date date, Date to, Refusal *ret_refusal) {
        const char *period = rule->quota > 0 && !rule->quota_month ? "week" : "month";
        char text[DATE_TEXT_MAX], to_text[DATE_TEXT_MAX];

        date_format(date, text);
        date_format(to, to_text);
        if (date == to)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "%s cannot be moved to itself; name another date of its %s", text, period);
        if (office_days_same_period(rule, user->settings.week_start, date, to))
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "%s is not in the %s of %s, within which an office day of %s is moved; drop the one and add the other (office-day drop %s, office-day add %s)",
                        to_text, period, text, rule->name, text, to_text);
}

static int edit(User *user, RuleSet *set, const Request *request, Refusal *ret_refusal) {
        Rule *rule = NULL;
        int r;

        r = find_rule(set, request->name ? request->name : "", &rule, ret_refusal);
        if (r == 0)
                r = check_future(user, request->date, ret_refusal);
        if (r == 0 && request->type == REQUEST_OFFICE_DAY_MOVE)
                r = check_future(user, request->to_date, ret_refusal);
        if (r == 0 && request->type == REQUEST_OFFICE_DAY_MOVE)
                r = check_move(user, rule, request->date, request->to_date, ret_refusal);
        if (r != 0)
                return r;
        switch (request->type) {
        case REQUEST_OFFICE_DAY_ADD:
                return add_day(user, set, rule, request->date, ret_refusal);
        case REQUEST_OFFICE_DAY_DROP:
                return drop_day(user, set, rule, request->date, ret_refusal);
        default:
                r = drop_day(user, set, rule, request->date, ret_refusal);
                return r != 0 ? r : add_day(user, set, rule, request->to_date, ret_refusal);
        }
}

int user_office_days_request(User *user, const Request *request, Refusal *ret_refusal) {
        RuleSet set;
        int r;

        if (!user_calendar(user))
                return -ENOMEM;
        set = rule_set_copy(&user->rules);
        r = edit(user, &set, request, ret_refusal);
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
        r = env.calendar ? user_claims_each_recorded(user, &span, note_claim, claims) : -ENOMEM;
        if (r == 0)
                r = office_days_each(&env, from, to, func, userdata);
        g_array_unref(claims);
        return r;
}
