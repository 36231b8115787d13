/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/office-days.h"

#include <assert.h>
#include <string.h>

typedef struct Standing {
        bool covers, governs;
} Standing;

static Standing look_up(const RuleSet *set, GTimeZone *zone, const char *rule, Date date) {
        Standing standing = {};
        Calendar *calendar = calendar_new(set, zone);
        GArray *covers = calendar_covers(calendar, date);

        for (guint i = 0; i < covers->len; i++) {
                const Cover *cover = &g_array_index(covers, Cover, i);

                if (strcmp(cover->rule->name, rule) == 0)
                        standing = (Standing){ true, cover->standing == COVER_GOVERNS };
        }
        g_array_unref(covers);
        calendar_free(calendar);
        return standing;
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

static int check_future(Date today, Date date, Refusal *ret_refusal) {
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

static int add_day(RuleSet *set, GTimeZone *zone, Rule *rule, Date date, Refusal *ret_refusal) {
        bool was_except = list_remove(rule->except, &rule->n_except, date);
        Standing standing = look_up(set, zone, rule->name, date);
        char text[DATE_TEXT_MAX];

        /* A date that is named outranks what hides the rule on that day. */
        if (!standing.governs)
                return list_add(&rule->also, &rule->n_also, date, rule->name, "Also", ret_refusal);
        return was_except ? 0
                          : refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s is an office day of %s already",
                                            date_format(date, text), rule->name);
}

static int drop_day(RuleSet *set, GTimeZone *zone, Rule *rule, Date date, Refusal *ret_refusal) {
        char text[DATE_TEXT_MAX];

        if (!look_up(set, zone, rule->name, date).covers)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s is no office day of %s",
                                date_format(date, text), rule->name);
        list_remove(rule->also, &rule->n_also, date);
        if (!look_up(set, zone, rule->name, date).covers)
                return 0;
        return list_add(&rule->except, &rule->n_except, date, rule->name, "Except", ret_refusal);
}

static int check_move(const Rule *rule, const OfficeDayEdit *edit, Refusal *ret_refusal) {
        const char *period = rule->quota > 0 && !rule->quota_month ? "week" : "month";
        char text[DATE_TEXT_MAX], to_text[DATE_TEXT_MAX];

        date_format(edit->date, text);
        date_format(edit->to_date, to_text);
        if (edit->date == edit->to_date)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "%s cannot be moved to itself; name another date of its %s", text, period);
        if (office_days_same_period(rule, edit->week_start, edit->date, edit->to_date))
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "%s is not in the %s of %s, within which an office day of %s is moved; drop the one and add the other (office-day drop %s, office-day add %s)",
                        to_text, period, text, rule->name, text, to_text);
}

int office_days_edit(RuleSet *set, const OfficeDayEdit *edit, Refusal *ret_refusal) {
        const bool moves = edit->type == OFFICE_DAY_MOVE;
        Rule *rule = NULL;
        int r;

        assert(edit->rule && edit->zone);
        r = find_rule(set, edit->rule, &rule, ret_refusal);
        if (r == 0)
                r = check_future(edit->today, edit->date, ret_refusal);
        if (r == 0 && moves)
                r = check_future(edit->today, edit->to_date, ret_refusal);
        if (r == 0 && moves)
                r = check_move(rule, edit, ret_refusal);
        if (r == 0 && edit->type != OFFICE_DAY_ADD)
                r = drop_day(set, edit->zone, rule, edit->date, ret_refusal);
        if (r == 0 && edit->type != OFFICE_DAY_DROP)
                r = add_day(set, edit->zone, rule, moves ? edit->to_date : edit->date, ret_refusal);
        return r;
}
