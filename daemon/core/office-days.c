/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What became of office days: what the rules say of a date, beside what the claims of that date say. */

#include <string.h>

#include "daemon/core/calendar-private.h"
#include "daemon/core/focus.h"

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
        Calendar *calendar;
        Calendar *unmoved; /* of the office-day rules alone, in their order, as if they had no Except */
        const GArray *claims;
        const Now *now;
} Books;

/* What the record says of a rule's date. */
typedef struct Record {
        unsigned broken, ended, running;
} Record;

static Record look_up(const Books *books, const Rule *rule, Date date) {
        Record record = {};

        for (guint i = 0; i < books->claims->len; i++) {
                const Claim *claim = &g_array_index(books->claims, Claim, i);

                if (claim->source != CLAIM_BY_RULE || claim->date != date ||
                                strcmp(claim->rule, rule->name) != 0)
                        continue;
                if (claim->state == CLAIM_RELEASED)
                        record.broken++;
                else if (claim->state == CLAIM_ENDED ||
                                (claim->state == CLAIM_IN_FORCE && !claim_in_force(claim, books->now)))
                        record.ended++;
                else if (claim->state == CLAIM_IN_FORCE)
                        record.running++;
        }
        return record;
}

/* ---- windows of a date ---- */

typedef struct Hours {
        const Rule *rule;
        Date date;
        bool any, seen; /* it has windows; away leaves some of them */
        uint64_t from_real_usec, to_real_usec;
} Hours;

static int see_stretch(const Stretch *stretch, void *userdata) {
        Hours *hours = userdata;

        if (stretch->state == SCHEDULE_WINDOW && stretch->window.rule == hours->rule &&
                        stretch->window.date == hours->date)
                hours->seen = true;
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
        if (hours.any)
                calendar_agenda(calendar, hours.from_real_usec, hours.to_real_usec, see_stretch, &hours);
        return hours;
}

/* ---- moved days ---- */

static bool is_listed(const Date *dates, unsigned n, Date date) {
        for (unsigned i = 0; i < n; i++)
                if (dates[i] == date)
                        return true;
        return false;
}

static bool is_same_period(const Rule *rule, Date a, Date b) {
        YearMonthDay of_a, of_b;

        /* 1970-01-01 was a Thursday: weeks begin three days before. */
        if (rule->quota > 0 && !rule->quota_month)
                return (a + 3) / 7 == (b + 3) / 7;
        of_a = date_split(a);
        of_b = date_split(b);
        return of_a.year == of_b.year && of_a.month == of_b.month;
}

/* In order: the first Except of a period that would have been an office day is moved to its first Also, and
 * so on. */
static Date moved_to(const Books *books, const Rule *rule, unsigned index, Date date) {
        unsigned before = 0;
        Rank rank;

        if (!is_listed(rule->except, rule->n_except, date) ||
                        !calendar_rule_covers(books->unmoved, index, date, &rank))
                return DATE_NONE;

        for (unsigned i = 0; i < rule->n_except && rule->except[i] < date; i++)
                if (is_same_period(rule, rule->except[i], date) &&
                                calendar_rule_covers(books->unmoved, index, rule->except[i], &rank))
                        before++;
        for (unsigned i = 0; i < rule->n_also; i++) {
                if (!is_same_period(rule, rule->also[i], date) ||
                                is_listed(rule->except, rule->n_except, rule->also[i]))
                        continue;
                if (before-- == 0)
                        return rule->also[i];
        }
        return DATE_NONE;
}

/* ---- a date ---- */

/* Whether it is an office day, was one or was meant to be one; then what became of it. */
static bool judge(const Books *books, const Rule *rule, unsigned index, Date date, OfficeDay *ret_day) {
        const Record record = look_up(books, rule, date);
        const Hours hours = find_hours(books->calendar, rule, date);
        const bool over = !hours.any || books->now->real_usec >= hours.to_real_usec;
        OfficeDay day = {
                .rule = rule,
                .date = date,
                .moved_to = DATE_NONE,
                .extra = is_listed(rule->also, rule->n_also, date),
        };

        if (record.broken > 0)
                day.fate = OFFICE_DAY_BROKEN;
        else if (record.running > 0 || (record.ended > 0 && !over))
                day.fate = OFFICE_DAY_RUNNING;
        else if (record.ended > 0)
                day.fate = OFFICE_DAY_KEPT;
        else if (hours.any)
                day.fate = over || !hours.seen ? OFFICE_DAY_MISSED : OFFICE_DAY_PLANNED;
        else {
                day.fate = OFFICE_DAY_MOVED;
                day.moved_to = moved_to(books, rule, index, date);
                if (day.moved_to == DATE_NONE)
                        return false;
        }
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

static int each_date(
                const Books *books, const RuleSet *rules, Date date, OfficeDayFunc func, void *userdata) {
        unsigned index = 0;

        for (guint i = 0; i < rules->rules->len; i++) {
                const Rule *rule = &g_array_index(rules->rules, Rule, i);
                OfficeDay day;
                int r;

                if (rule->kind != RULE_OFFICE_DAY || !judge(books, rule, index++, date, &day))
                        continue;
                r = func(&day, userdata);
                if (r != 0)
                        return r;
        }
        return 0;
}

int office_days_each(Calendar *calendar, const RuleSet *rules, Date from, Date to, const GArray *claims,
                const Now *now, OfficeDayFunc func, void *userdata) {
        Books books = { .calendar = calendar, .claims = claims, .now = now };
        RuleSet set = unmoved_rules(rules);
        int r;

        r = calendar_new(&set, calendar_zone(calendar), &books.unmoved);
        for (Date date = from; r == 0 && date <= to; date++)
                r = each_date(&books, rules, date, func, userdata);
        calendar_free(books.unmoved);
        rule_set_done(&set);
        return r;
}
