/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What can never come true: rules without a date, hidden for good, and office days that are short of their
 * quota; and what was hardly meant. */

#include "daemon/core/calendar-private.h"

#define SEC_PER_DAY 86400
#define DATES       (2 * 366)

/* Of a rule that never holds, enough dates to meet whoever hides it on some weekday of some week. */
#define HIDDEN_DATES_LOOKED_AT 16u
#define HIDERS_MAX             3u
#define NIGHT_AT_MOST_SEC      (18 * 3600)

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
                        calendar_look(judging->calendar, at, &schedule) == 0 && schedule.window.rule &&
                        (rule->kind != RULE_AWAY || schedule.window.rule->kind == RULE_AWAY))
                return schedule.window.rule;
        /* Work hides no absence. */
        if (rule->kind == RULE_AWAY)
                return NULL;
        windows = calendar_work_windows(judging->calendar, date);
        return windows->len > 0 ? g_array_index(windows, RankedWindow, 0).window.rule : NULL;
}

/* Whoever hides a rule, each once, as far as a sentence can name them. */
typedef struct Hiders {
        const Rule *rules[HIDERS_MAX];
        unsigned n;
        bool more;
} Hiders;

static void note_hider(const Judging *judging, const Rule *rule, Date date, Hiders *hiders) {
        const Rule *hider = hider_of(judging, rule, date);

        if (!hider || hider == rule)
                return;
        for (unsigned i = 0; i < hiders->n; i++)
                if (hiders->rules[i] == hider)
                        return;
        if (hiders->n == HIDERS_MAX)
                hiders->more = true;
        else
                hiders->rules[hiders->n++] = hider;
}

/* "summer hides it", "summer and closed hide it", "a, b, c and others hide it". */
static char *hiders_print(const Hiders *hiders) {
        GString *text = g_string_new(hiders->rules[0]->name);

        for (unsigned i = 1; i < hiders->n; i++)
                g_string_append_printf(text, "%s%s", i + 1 < hiders->n || hiders->more ? ", " : " and ",
                                hiders->rules[i]->name);
        g_string_append(text, hiders->more    ? " and others hide it"
                              : hiders->n > 1 ? " hide it"
                                              : " hides it");
        return g_string_free(text, FALSE);
}

/* Whether a date of a rule has any hours of it: a change of the clocks can swallow all there are. */
static bool has_window(const Judging *judging, const Rule *rule, Date date) {
        Resolver resolver = calendar_resolver(judging->calendar, date);

        if (!resolver_date_exists(judging->calendar, &resolver, date))
                return false;
        for (unsigned i = 0; i < rule->n_hours; i++) {
                RuleHours hours = rule->hours[i];
                int64_t end = (int64_t) hours.end_sec + (hours.end_sec < hours.start_sec ? SEC_PER_DAY : 0);

                if (resolver_instant(&resolver, hours.start_sec) < resolver_instant(&resolver, end))
                        return true;
        }
        return rule->n_hours == 0;
}

static void warn_never(const Judging *judging, guint i) {
        const Rule *rule = &g_array_index(judging->rules, Rule, i);
        Hiders hiders = {};
        char *sentence, *who;
        unsigned looked = 0, swallowed = 0;

        for (Date date = judging->from; date < judging->to && looked < HIDDEN_DATES_LOOKED_AT; date++) {
                if (!covers(judging, i, date))
                        continue;
                looked++;
                if (has_window(judging, rule, date))
                        note_hider(judging, rule, date, &hiders);
                else
                        swallowed++;
        }
        if (looked == 0)
                sentence = g_strdup("has no date in the next two years");
        else if (swallowed == looked)
                sentence = g_strdup(
                                "never holds in the next two years: a change of the clocks leaves nothing of its hours");
        else if (hiders.n == 0)
                sentence = g_strdup("never holds in the next two years: none of its hours is left to it");
        else {
                who = hiders_print(&hiders);
                sentence = g_strdup_printf("never holds in the next two years: %s", who);
                g_free(who);
        }
        judging->func(rule->name, sentence, judging->userdata);
        g_free(sentence);
}

/* A week's quota is averaged over the month, which has at least four. */
static unsigned quota_of_month(const Rule *rule, int days) {
        return rule->quota_month ? rule->quota : rule->quota * (unsigned) days / 7;
}

static void warn_short(const Judging *judging, guint i, unsigned months, Date first, const Hiders *hiders) {
        const Rule *rule = &g_array_index(judging->rules, Rule, i);
        const char *every = rule->quota_month ? "month" : "week";
        YearMonthDay ymd = date_split(first);
        char *sentence, *who = hiders_print(hiders);

        sentence = g_strdup_printf(
                        "is short of its quota of %u a %s in %u of the next 24 months, first in %04d-%02d: %s",
                        rule->quota, every, months, ymd.year, ymd.month, who);
        judging->func(rule->name, sentence, judging->userdata);
        g_free(sentence);
        g_free(who);
        for (unsigned k = 0; k < hiders->n; k++) {
                sentence = g_strdup_printf(
                                "hides the office day %s, which is short of its quota of %u a %s from %04d-%02d on",
                                rule->name, rule->quota, every, ymd.year, ymd.month);
                judging->func(hiders->rules[k]->name, sentence, judging->userdata);
                g_free(sentence);
        }
}

/* Months that would have their quota if nothing hid the rule. */
static void judge_quota(const Judging *judging, guint i) {
        const Rule *rule = &g_array_index(judging->rules, Rule, i);
        const uint8_t *kept = judging->fates[i].kept;
        Date first_short = DATE_NONE, next;
        Hiders hiders = {};
        unsigned months = 0;

        for (Date first = judging->from; first < judging->to; first = next) {
                YearMonthDay ymd = date_split(first);
                int days = date_days_in_month(ymd.year, ymd.month);
                unsigned could = 0, does = 0;

                give_way(judging->yield);
                next = MIN(first - (ymd.day - 1) + days, judging->to);
                for (Date date = first; date < next; date++) {
                        if (!covers(judging, i, date))
                                continue;
                        could++;
                        does += kept[date - judging->from];
                }
                if (does >= quota_of_month(rule, days) || could < quota_of_month(rule, days))
                        continue;
                if (months++ == 0)
                        first_short = first;
                for (Date date = first; date < next; date++)
                        if (covers(judging, i, date) && !kept[date - judging->from])
                                note_hider(judging, rule, date, &hiders);
        }
        if (months > 0 && hiders.n > 0)
                warn_short(judging, i, months, first_short, &hiders);
}

/* A date that the zone skipped has a neighbour. */
static uint64_t begin_of(Calendar *calendar, Date date) {
        uint64_t usec = 0;

        if (!calendar_resolve(calendar, date, 0, &usec))
                (void) calendar_resolve(calendar, date + 1, 0, &usec);
        return usec;
}

/* 22:00-06:00 is a night. 13:00-12:00 is a slip of the finger more often than a day of 23 hours. */
static void warn_long(const Judging *judging, const Rule *rule) {
        for (unsigned i = 0; i < rule->n_hours; i++) {
                RuleHours hours = rule->hours[i];
                char *sentence;

                if (hours.end_sec > hours.start_sec ||
                                hours.end_sec + SEC_PER_DAY - hours.start_sec <= NIGHT_AT_MOST_SEC)
                        continue;
                sentence = g_strdup_printf(
                                "goes on from %02u:%02u to %02u:%02u of the next day, %u hours; is the end before its start on purpose?",
                                hours.start_sec / 3600, hours.start_sec / 60 % 60, hours.end_sec / 3600,
                                hours.end_sec / 60 % 60,
                                (hours.end_sec + SEC_PER_DAY - hours.start_sec) / 3600);
                judging->func(rule->name, sentence, judging->userdata);
                g_free(sentence);
        }
}

static int judge(Judging *judging) {
        const GArray *rules = judging->rules;
        int r;

        judging->fates = g_new0(Fate, rules->len);
        for (guint i = 0; i < rules->len; i++)
                if (g_array_index(rules, Rule, i).quota > 0)
                        judging->fates[i].kept = g_new0(uint8_t, DATES);
        r = calendar_agenda(judging->calendar, begin_of(judging->calendar, judging->from),
                        begin_of(judging->calendar, judging->to), note_stretch, judging);
        for (guint i = 0; r >= 0 && i < rules->len; i++) {
                give_way(judging->yield);
                if (!judging->fates[i].holds)
                        warn_never(judging, i);
                else if (judging->fates[i].kept)
                        judge_quota(judging, i);
        }
        for (guint i = 0; i < rules->len; i++)
                g_free(judging->fates[i].kept);
        g_free(judging->fates);
        return MIN(r, 0);
}

/* What can be said of each of many rules without looking at the others. */
static int judge_each(const Judging *judging) {
        char *sentence;

        for (guint i = 0; i < judging->rules->len; i++) {
                Date date = judging->from;

                give_way(judging->yield);
                while (date < judging->to && !covers(judging, i, date))
                        date++;
                if (date == judging->to)
                        warn_never(judging, i);
        }
        sentence = g_strdup_printf(
                        "of more than %u rules it is not judged which hide which", CAP_RULES_JUDGED);
        judging->func("", sentence, judging->userdata);
        g_free(sentence);
        return 0;
}

int calendar_warnings(Calendar *calendar, Date from, const Yield *yield, WarningFunc func, void *userdata) {
        DateFacts facts[DATES];
        Judging judging = {
                .calendar = calendar,
                .rules = calendar->set->rules,
                .from = from,
                .to = from + DATES,
                .facts = facts,
                .undecided = calendar->set->rules->len,
                .yield = yield,
                .func = func,
                .userdata = userdata,
        };

        if (judging.rules->len == 0)
                return 0;
        for (Date date = from; date < judging.to; date++)
                facts[date - from] = date_facts(date);
        for (guint i = 0; i < judging.rules->len; i++)
                warn_long(&judging, &g_array_index(judging.rules, Rule, i));
        return judging.rules->len > CAP_RULES_JUDGED ? judge_each(&judging) : judge(&judging);
}
