/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What can never come true: rules without a date, hidden for good, and office days that are short of their
 * quota. */

#include "daemon/core/calendar-private.h"

#define DATES (2 * 366)

/* What became of a rule over the two years. */
typedef struct Fate {
        bool holds;    /* at some time */
        uint8_t *kept; /* of an office day with a quota: dates on which it holds, a byte each */
} Fate;

typedef struct Judging {
        Calendar *calendar;
        const GArray *rules;
        Fate *fates;
        Date from, to;
        DateFacts *facts; /* of each date */
        guint undecided;  /* rules of which more is to be learned */
        Date at;          /* of the last stretch */
        const Yield *yield;
        WarningFunc func;
        void *userdata;
} Judging;

static int note_stretch(const Stretch *stretch, void *userdata) {
        Judging *judging = userdata;
        const Rule *first = &g_array_index(judging->rules, Rule, 0);
        Fate *fate = &judging->fates[stretch->window.rule - first];
        Date date = stretch->window.date;

        if (date != judging->at)
                give_way(judging->yield);
        judging->at = date;
        if (!fate->holds && !fate->kept)
                judging->undecided--;
        fate->holds = true;
        if (fate->kept && date >= judging->from && date < judging->to)
                fate->kept[date - judging->from] = 1;
        return judging->undecided == 0;
}

static bool covers(const Judging *judging, guint i, Date date) {
        Rank rank;

        return calendar_rule_covers_on(judging->calendar, i, &judging->facts[date - judging->from], &rank);
}

/* What holds where a rule's first window of a date begins, or else governs that date. */
static const Rule *hider_of(const Judging *judging, const Rule *rule, Date date) {
        const GArray *windows;
        Schedule schedule;
        uint64_t at;

        if (calendar_resolve(
                            judging->calendar, date, rule->n_hours > 0 ? rule->hours[0].start_sec : 0, &at) &&
                        calendar_look(judging->calendar, at, &schedule) == 0 && schedule.window.rule)
                return schedule.window.rule;
        windows = calendar_work_windows(judging->calendar, date);
        return windows->len > 0 ? g_array_index(windows, RankedWindow, 0).window.rule : NULL;
}

static void warn_never(const Judging *judging, guint i) {
        const Rule *rule = &g_array_index(judging->rules, Rule, i), *hider;
        char *sentence;
        Date date = judging->from;

        while (date < judging->to && !covers(judging, i, date))
                date++;
        hider = date < judging->to ? hider_of(judging, rule, date) : NULL;
        if (date == judging->to)
                sentence = g_strdup("has no date in the next two years");
        else if (!hider || hider == rule)
                sentence = g_strdup("never holds in the next two years: none of its hours is left to it");
        else
                sentence = g_strdup_printf("never holds in the next two years: %s hides it", hider->name);
        judging->func(rule->name, sentence, judging->userdata);
        g_free(sentence);
}

/* A week's quota is averaged over the month, which has at least four. */
static unsigned quota_of_month(const Rule *rule, int days) {
        return rule->quota_month ? rule->quota : rule->quota * (unsigned) days / 7;
}

static void warn_short(const Judging *judging, guint i, unsigned months, Date first, const Rule *hider) {
        const Rule *rule = &g_array_index(judging->rules, Rule, i);
        const char *every = rule->quota_month ? "month" : "week";
        YearMonthDay ymd = date_split(first);
        char *sentence;

        sentence = g_strdup_printf("is short of its quota of %u a %s in %u of the next 24 months, first in "
                                   "%04d-%02d: %s hides it",
                        rule->quota, every, months, ymd.year, ymd.month, hider->name);
        judging->func(rule->name, sentence, judging->userdata);
        g_free(sentence);
        sentence = g_strdup_printf("hides the office day %s, which is short of its quota of %u a %s from "
                                   "%04d-%02d on",
                        rule->name, rule->quota, every, ymd.year, ymd.month);
        judging->func(hider->name, sentence, judging->userdata);
        g_free(sentence);
}

/* Months that would have their quota if nothing hid the rule. */
static void judge_quota(const Judging *judging, guint i) {
        const Rule *rule = &g_array_index(judging->rules, Rule, i), *hider = NULL;
        const uint8_t *kept = judging->fates[i].kept;
        Date first_short = DATE_NONE, next;
        unsigned months = 0;

        for (Date first = judging->from; first < judging->to; first = next) {
                YearMonthDay ymd = date_split(first);
                int days = date_days_in_month(ymd.year, ymd.month);
                unsigned could = 0, does = 0;
                Date hidden = DATE_NONE;

                next = MIN(first - (ymd.day - 1) + days, judging->to);
                for (Date date = first; date < next; date++) {
                        if (!covers(judging, i, date))
                                continue;
                        could++;
                        does += kept[date - judging->from];
                        if (!kept[date - judging->from] && hidden == DATE_NONE)
                                hidden = date;
                }
                if (does >= quota_of_month(rule, days) || could < quota_of_month(rule, days))
                        continue;
                if (months++ == 0) {
                        first_short = hidden;
                        hider = hider_of(judging, rule, hidden);
                }
        }
        if (months > 0 && hider && hider != rule)
                warn_short(judging, i, months, first_short, hider);
}

/* A date that the zone skipped has a neighbour. */
static uint64_t begin_of(Calendar *calendar, Date date) {
        uint64_t usec = 0;

        if (!calendar_resolve(calendar, date, 0, &usec))
                (void) calendar_resolve(calendar, date + 1, 0, &usec);
        return usec;
}

int calendar_warnings(Calendar *calendar, Date from, const Yield *yield, WarningFunc func, void *userdata) {
        Judging judging = {
                .calendar = calendar,
                .rules = calendar->set->rules,
                .from = from,
                .to = from + DATES,
                .undecided = calendar->set->rules->len,
                .yield = yield,
                .func = func,
                .userdata = userdata,
        };
        int r;

        if (judging.rules->len == 0 || judging.rules->len > CAP_RULES_JUDGED)
                return 0;
        judging.fates = g_new0(Fate, judging.rules->len);
        judging.facts = g_new(DateFacts, DATES);
        for (Date date = from; date < judging.to; date++)
                judging.facts[date - from] = date_facts(date);
        for (guint i = 0; i < judging.rules->len; i++)
                if (g_array_index(judging.rules, Rule, i).quota > 0)
                        judging.fates[i].kept = g_new0(uint8_t, DATES);
        r = calendar_agenda(calendar, begin_of(calendar, from), begin_of(calendar, judging.to), note_stretch,
                        &judging);
        for (guint i = 0; r >= 0 && i < judging.rules->len; i++) {
                give_way(yield);
                if (!judging.fates[i].holds)
                        warn_never(&judging, i);
                else if (judging.fates[i].kept)
                        judge_quota(&judging, i);
        }
        for (guint i = 0; i < judging.rules->len; i++)
                g_free(judging.fates[i].kept);
        g_free(judging.fates);
        g_free(judging.facts);
        return MIN(r, 0);
}
