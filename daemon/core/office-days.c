/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What became of office days: what the rules say of a date, beside what the claims of that date say. */

#include "daemon/core/office-days.h"

#include <string.h>

#include "daemon/core/calendar-private.h"
#include "daemon/core/claim-failure.h"

static const char *const fate_words[_OFFICE_DAY_FATE_MAX] = {
        [OFFICE_DAY_PLANNED] = "planned",
        [OFFICE_DAY_KEPT] = "kept",
        [OFFICE_DAY_BROKEN] = "broken",
        [OFFICE_DAY_MISSED] = "missed",
        [OFFICE_DAY_MOVED] = "moved",
        [OFFICE_DAY_RUNNING] = "running",
};
DEFINE_ENUM_WORDS(OfficeDayFate, office_day_fate, fate_words);

/* What is looked at for every date and rule. */
typedef struct Books {
        const OfficeDayEnv *env;
        Calendar *unmoved; /* of the office-day rules alone, in their order, as if they had no Except */
} Books;

/* What the record says of a rule's date. */
typedef struct Record {
        unsigned broken, ended, running;
        const char *failure; /* the last */
} Record;

static bool is_of(const Claim *claim, const char *rule, Date date) {
        return claim->source == CLAIM_BY_RULE && claim->date == date && strcmp(claim->rule, rule) == 0;
}

static Record look_up(const Books *books, const char *rule, Date date) {
        const GArray *claims = books->env->claims;
        Record record = {};

        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);

                if (!is_of(claim, rule, date) || claim->state == CLAIM_VOID)
                        continue;
                if (claim->state == CLAIM_RELEASED)
                        record.broken++;
                else if (claim->state == CLAIM_ENDED || !claim_in_force(claim, &books->env->now))
                        record.ended++;
                else
                        record.running++;
                if (claim_failure_counts(claim))
                        record.failure = claim->failure;
        }
        return record;
}

/* ---- windows of a date ---- */

typedef struct Hours {
        const Rule *rule;
        Date date;
        bool any, seen;   /* it has windows; some of them are left */
        const Rule *away; /* the first that hides a part */
        uint64_t from_real_usec, to_real_usec;
} Hours;

static int see_stretch(const Stretch *stretch, void *userdata) {
        Hours *hours = userdata;

        if (stretch->state == SCHEDULE_WINDOW && stretch->window.rule == hours->rule &&
                        stretch->window.date == hours->date)
                hours->seen = true;
        if (stretch->state == SCHEDULE_AWAY && !hours->away)
                hours->away = stretch->window.rule;
        return hours->seen;
}

static Hours find_hours(Calendar *calendar, const Rule *rule, Date date) {
        const GArray *windows = calendar_work_windows(calendar, date);
        Hours hours = { .rule = rule, .date = date };

        for (guint i = 0; i < windows->len; i++) {
                const Window *window = &g_array_index(windows, RankedWindow, i).window;

                if (window->rule != rule)
                        continue;
                hours.from_real_usec = hours.any ? MIN(hours.from_real_usec, window->from_real_usec)
                                                 : window->from_real_usec;
                hours.to_real_usec = MAX(hours.to_real_usec, window->to_real_usec);
                hours.any = true;
        }
        /* What is too far ahead to be looked at is hidden by nothing that could be told. */
        if (hours.any && calendar_agenda(calendar, hours.from_real_usec, hours.to_real_usec, see_stretch,
                                         &hours) < 0)
                hours.seen = true;
        return hours;
}

/* ---- moved days ---- */

static bool is_listed(const Date *dates, unsigned n, Date date) {
        for (unsigned i = 0; i < n; i++)
                if (dates[i] == date)
                        return true;
        return false;
}

bool office_days_same_period(const Rule *rule, uint32_t week_start, Date a, Date b) {
        const Weekday first = (Weekday) (week_start - 1);

        if (rule->quota > 0 && !rule->quota_month)
                return date_week_start(a, first) == date_week_start(b, first);
        return date_month_start(a, 0) == date_month_start(b, 0);
}

/* The Also of the period that is nearest to a date, of two the later; taken are those that others got. */
static int find_nearest(const Books *books, const Rule *rule, Date date, const bool *taken) {
        int nearest = -1;

        for (unsigned i = 0; i < rule->n_also; i++) {
                const Date also = rule->also[i];

                if (taken[i] || !office_days_same_period(rule, books->env->week_start, also, date) ||
                                is_listed(rule->except, rule->n_except, also))
                        continue;
                if (nearest < 0 || ABS(also - date) <= ABS(rule->also[nearest] - date))
                        nearest = (int) i;
        }
        return nearest;
}

/* Each Except of a period that would have been an office day, in order, is moved to the nearest Also left. */
static Date moved_to(const Books *books, const Rule *rule, unsigned index, Date date) {
        bool taken[RULE_DATES_MAX] = {};
        Rank rank;

        if (!is_listed(rule->except, rule->n_except, date))
                return DATE_NONE;
        for (unsigned i = 0; i < rule->n_except && rule->except[i] <= date; i++) {
                const Date except = rule->except[i];
                int nearest;

                if (!office_days_same_period(rule, books->env->week_start, except, date) ||
                                !calendar_rule_covers(books->unmoved, index, except, &rank))
                        continue;
                nearest = find_nearest(books, rule, except, taken);
                if (nearest < 0)
                        return DATE_NONE;
                if (except == date)
                        return rule->also[nearest];
                taken[nearest] = true;
        }
        return DATE_NONE;
}

/* ---- a date ---- */

/* Of a date that has no claim on record. */
static bool judge_unclaimed(const Books *books, const Hours *hours, unsigned index, OfficeDay *day) {
        const Rule *rule = day->rule;
        const bool over = books->env->now.real_usec >= hours->to_real_usec;

        if (hours->any) {
                if (over && hours->to_real_usec <= rule->since_real_usec)
                        return false;
                day->fate = over || !hours->seen ? OFFICE_DAY_MISSED : OFFICE_DAY_PLANNED;
                if (!hours->seen && hours->away)
                        day->away = hours->away->name;
                return true;
        }
        day->fate = OFFICE_DAY_MOVED;
        day->moved_to = moved_to(books, rule, index, day->date);
        return day->moved_to != DATE_NONE &&
               day->date >= calendar_date_of(books->env->calendar, rule->since_real_usec);
}

static void judge_record(const Record *record, bool over, OfficeDay *day) {
        day->failure = record->failure;
        day->enforced = !record->failure;
        if (record->broken > 0)
                day->fate = OFFICE_DAY_BROKEN;
        else if (record->running > 0 || !over)
                day->fate = OFFICE_DAY_RUNNING;
        else
                day->fate = OFFICE_DAY_KEPT;
}

static bool is_on_record(const Record *record) {
        return record->broken + record->running + record->ended > 0;
}

/* Whether it is an office day, was one or was meant to be one; then what became of it. */
static bool judge(const Books *books, const Rule *rule, unsigned index, Date date, OfficeDay *ret_day) {
        const Record record = look_up(books, rule->name, date);
        const Hours hours = find_hours(books->env->calendar, rule, date);
        OfficeDay day = {
                .name = rule->name,
                .rule = rule,
                .date = date,
                .moved_to = DATE_NONE,
                .extra = is_listed(rule->also, rule->n_also, date),
                .enforced = true,
        };

        if (is_on_record(&record))
                judge_record(&record, !hours.any || books->env->now.real_usec >= hours.to_real_usec, &day);
        else if (!judge_unclaimed(books, &hours, index, &day))
                return false;
        *ret_day = day;
        return true;
}

static RuleSet unmoved_rules(const RuleSet *rules) {
        RuleSet set;

        rule_set_init(&set);
        for (guint i = 0; i < rules->rules->len; i++) {
                const Rule *rule = &g_array_index(rules->rules, Rule, i);

                if (rule->kind == RULE_OFFICE_DAY) {
                        Rule copy = rule_copy(rule);

                        copy.n_except = 0;
                        g_array_append_val(set.rules, copy);
                }
        }
        return set;
}

/* The first claim of a date that no office-day rule answers for any more, and that no claim before it is of.
 */
static bool is_orphan(const Books *books, guint at, Date date) {
        const GArray *claims = books->env->claims;
        const Claim *claim = &g_array_index(claims, Claim, at);
        const Rule *rule;

        if (claim->source != CLAIM_BY_RULE || claim->date != date || claim->rule_kind != RULE_OFFICE_DAY)
                return false;
        for (guint i = 0; i < at; i++)
                if (is_of(&g_array_index(claims, Claim, i), claim->rule, date))
                        return false;
        rule = rule_set_find(books->env->rules, claim->rule);
        return !rule || rule->kind != RULE_OFFICE_DAY;
}

static bool judge_record_of(const Books *books, guint at, Date date, OfficeDay *ret_day) {
        OfficeDay day = { .date = date, .moved_to = DATE_NONE };
        Record record;

        if (!is_orphan(books, at, date))
                return false;
        day.name = g_array_index(books->env->claims, Claim, at).rule;
        record = look_up(books, day.name, date);
        if (!is_on_record(&record))
                return false;
        judge_record(&record, true, &day);
        *ret_day = day;
        return true;
}

/* Of a date, the rules come first, then what only the record knows. */
static int each_of_date(const Books *books, OfficeDayPlace *place, OfficeDayFunc func, void *userdata) {
        const GArray *rules = books->env->rules->rules, *claims = books->env->claims;
        unsigned index = 0; /* among office-day rules */
        int r = 0;

        for (guint i = 0; r == 0 && i < rules->len + claims->len; i++) {
                const Rule *rule = i < rules->len ? &g_array_index(rules, Rule, i) : NULL;
                const unsigned of_kind = index;
                OfficeDay day;
                bool found;

                if (rule && rule->kind != RULE_OFFICE_DAY)
                        continue;
                index += rule != NULL;
                if (i < place->looked_at)
                        continue;
                give_way(books->env->yield);
                found = rule ? judge(books, rule, of_kind, place->date, &day)
                             : judge_record_of(books, i - rules->len, place->date, &day);
                r = func(found ? &day : NULL, userdata);
                if (r == 0)
                        place->looked_at = i + 1;
        }
        return r;
}

int office_days_each(
                const OfficeDayEnv *env, OfficeDayPlace *place, Date to, OfficeDayFunc func, void *userdata) {
        RuleSet set = unmoved_rules(env->rules);
        Books books = { .env = env };
        int r = 0;

        books.unmoved = calendar_new(&set, calendar_zone(env->calendar));
        while (r == 0 && place->date <= to) {
                r = each_of_date(&books, place, func, userdata);
                if (r == 0)
                        *place = (OfficeDayPlace){ .date = place->date + 1 };
        }
        calendar_free(books.unmoved);
        rule_set_done(&set);
        return r;
}
