/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Dates: which rules cover them, which of those govern, and their windows with both ends resolved. Thousands
 * of rules are looked at on hundreds of dates, so that rules are kept in the order of their rank, those that
 * cannot cover a date of a month are left out for all of it, and the first that covers a date ends the
 * search.
 */

#include <assert.h>
#include <stdlib.h>

#include "daemon/core/calendar-private.h"

#define SEC_PER_DAY 86400
#define ALL_MONTHS  0xfffu

/* Parts of a standing above the place of a rule's rank among those of the calendar. */
#define STANDING_NAMED (1ULL << 40)
#define STANDING_AWAY  (1ULL << 41)

/* A rule with all that is asked of it on every date. */
struct Prepared {
        const Rule *rule;
        unsigned index;
        RuleHours first;  /* its first window */
        unsigned n_hours; /* at least one */
        uint64_t standing;
        int32_t days;            /* of its date range; INT32_MAX: always */
        int from_code, to_code;  /* yearly: month * 100 + day, as written */
        uint16_t months;         /* yearly: a bit each that it touches */
        bool has_lists;          /* Also or Except */
        uint8_t days_bits[5][5]; /* of weekdays, by nth and nth last of the month */
};

/* A date of an Also. */
struct Named {
        Date date;
        const Prepared *prepared;
};

/* ---- ranks ---- */

int rank_compare(const Rank *a, const Rank *b) {
        if (a->named != b->named)
                return a->named - b->named;
        if (a->priority != b->priority)
                return a->priority > b->priority ? 1 : -1;
        if (a->office_day != b->office_day)
                return a->office_day - b->office_day;
        return (a->days < b->days) - (a->days > b->days);
}

static Rank make_rank(const Prepared *p, bool named) {
        return (Rank){
                .named = named,
                .priority = p->rule->priority,
                .office_day = p->rule->kind == RULE_OFFICE_DAY,
                .days = p->days,
        };
}

bool window_beats(const RankedWindow *a, const RankedWindow *b) {
        if (a->standing != b->standing)
                return a->standing > b->standing;
        if (a->window.from_real_usec != b->window.from_real_usec)
                return a->window.from_real_usec > b->window.from_real_usec;
        return a->index > b->index;
}

static int32_t range_days(const Rule *rule) {
        Date from, to;

        switch (rule->range) {
        case RANGE_YEARLY:
                /* In a leap year, so that the 29th of February counts. */
                from = date_make(2000, rule->from_month, rule->from_day);
                to = date_make(2000, rule->to_month, rule->to_day);
                return to >= from ? to - from + 1 : to - from + 1 + 366;
        case RANGE_DATES:
                return rule->to_date - rule->from_date + 1;
        default:
                return INT32_MAX;
        }
}

static uint16_t range_months(const Rule *rule, int from_code, int to_code) {
        unsigned from = 1u << (rule->from_month - 1), to = 1u << (rule->to_month - 1);

        if (from_code <= to_code)
                return (uint16_t) ((to << 1) - from);
        return (uint16_t) (from == to ? ALL_MONTHS : ALL_MONTHS & ~(from - (to << 1)));
}

/* ---- preparing ---- */

/* By rank, and those of one rank by when they begin: their windows then come nearly in order. Of two that
 * begin together the one that wins comes first. */
static int compare_prepared(const void *a, const void *b) {
        const Prepared *x = a, *y = b;
        Rank rank_x = make_rank(x, false), rank_y = make_rank(y, false);
        int by_rank = rank_compare(&rank_y, &rank_x);

        if (by_rank != 0)
                return by_rank;
        if (x->first.start_sec != y->first.start_sec)
                return x->first.start_sec < y->first.start_sec ? -1 : 1;
        return (x->index < y->index) - (x->index > y->index);
}

static int compare_named(const void *a, const void *b) {
        const Named *x = a, *y = b;

        if (x->date != y->date)
                return x->date < y->date ? -1 : 1;
        return (x->prepared > y->prepared) - (x->prepared < y->prepared);
}

static const RuleHours whole_day = { 0, SEC_PER_DAY };

static Prepared prepare(const Rule *rule, unsigned index) {
        Prepared p = {
                .rule = rule,
                .index = index,
                .first = rule->n_hours > 0 ? rule->hours[0] : whole_day,
                .n_hours = MAX(rule->n_hours, 1u),
                .days = range_days(rule),
                .from_code = rule->from_month * 100 + rule->from_day,
                .to_code = rule->to_month * 100 + rule->to_day,
                .has_lists = rule->n_also > 0 || rule->n_except > 0,
        };

        for (int nth = 0; nth < 5; nth++)
                for (int last = 0; last < 5; last++)
                        p.days_bits[nth][last] = rule->every_day ? UINT8_MAX
                                                                 : rule->weekdays | rule->nth[nth] |
                                                                                   rule->nth_last[last];
        if (rule->range == RANGE_YEARLY)
                p.months = range_months(rule, p.from_code, p.to_code);
        return p;
}

static void prepare_rules(Calendar *calendar) {
        const GArray *rules = calendar->set->rules;
        unsigned n_named = 0;

        calendar->prepared = g_new(Prepared, rules->len);
        calendar->by_index = g_new(Prepared *, rules->len);
        for (guint i = 0; i < rules->len; i++) {
                calendar->prepared[i] = prepare(&g_array_index(rules, Rule, i), i);
                n_named += g_array_index(rules, Rule, i).n_also;
        }
        if (rules->len > 0)
                qsort(calendar->prepared, rules->len, sizeof(Prepared), compare_prepared);
        calendar->named = g_new(Named, n_named);
        for (guint i = 0; i < rules->len; i++) {
                Prepared *p = &calendar->prepared[i];
                Rank rank = make_rank(p, false), before = make_rank(i > 0 ? p - 1 : p, false);

                p->standing = i > 0 && rank_compare(&rank, &before) == 0 ? p[-1].standing & ~STANDING_AWAY
                                                                         : rules->len - i;
                if (p->rule->kind == RULE_AWAY)
                        p->standing |= STANDING_AWAY;
                calendar->by_index[p->index] = p;
                for (unsigned k = 0; k < p->rule->n_also; k++)
                        calendar->named[calendar->n_named++] =
                                        (Named){ .date = p->rule->also[k], .prepared = p };
        }
        if (n_named > 0)
                qsort(calendar->named, n_named, sizeof(Named), compare_named);
}

Calendar *calendar_new(const RuleSet *set, GTimeZone *zone) {
        Calendar *calendar = g_new0(Calendar, 1);

        assert(set && set->rules && zone);
        calendar->set = set;
        calendar->zone = g_time_zone_ref(zone);
        calendar->steady = (SteadySpan){ .from = INT64_MAX, .to = INT64_MIN };
        prepare_rules(calendar);
        for (unsigned i = 0; i < MONTHS_KEPT; i++) {
                calendar->months[i].work = g_array_new(FALSE, FALSE, sizeof(Prepared *));
                calendar->months[i].away = g_array_new(FALSE, FALSE, sizeof(Prepared *));
        }
        for (unsigned i = 0; i < DAYS_KEPT; i++) {
                calendar->days[i].date = DATE_NONE;
                calendar->days[i].work = g_array_new(FALSE, FALSE, sizeof(RankedWindow));
                calendar->days[i].away = g_array_new(FALSE, FALSE, sizeof(RankedWindow));
        }
        return calendar;
}

Calendar *calendar_free(Calendar *calendar) {
        if (!calendar)
                return NULL;
        for (unsigned i = 0; i < MONTHS_KEPT; i++) {
                g_array_unref(calendar->months[i].work);
                g_array_unref(calendar->months[i].away);
        }
        for (unsigned i = 0; i < DAYS_KEPT; i++) {
                g_array_unref(calendar->days[i].work);
                g_array_unref(calendar->days[i].away);
        }
        g_time_zone_unref(calendar->zone);
        g_free(calendar->prepared);
        g_free(calendar->by_index);
        g_free(calendar->named);
        g_free(calendar);
        return NULL;
}

/* ---- covering ---- */

DateFacts date_facts(Date date) {
        YearMonthDay ymd = date_split(date);

        return (DateFacts){
                .date = date,
                .code = ymd.month * 100 + ymd.day,
                .leap = date_is_leap(ymd.year),
                .weekday_bit = (uint8_t) (1u << date_weekday(date)),
                .nth = (ymd.day - 1) / 7,
                .nth_last = (date_days_in_month(ymd.year, ymd.month) - ymd.day) / 7,
        };
}

static bool in_yearly(const Prepared *p, const DateFacts *facts) {
        int from = p->from_code, to = p->to_code;

        if (from == 229 && to == 229)
                return facts->code == 229;
        if (!facts->leap) {
                from = from == 229 ? 301 : from;
                to = to == 229 ? 228 : to;
        }
        if (p->from_code <= p->to_code)
                return facts->code >= from && facts->code <= to;
        return facts->code >= from || facts->code <= to;
}

static bool in_list(const Date *dates, unsigned n, Date date) {
        unsigned low = 0, high = n;

        while (low < high) {
                unsigned middle = (low + high) / 2;
                if (dates[middle] < date)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low < n && dates[low] == date;
}

static bool is_excepted(const Rule *rule, Date date) {
        return in_list(rule->except, rule->n_except, date);
}

static bool is_named(const Rule *rule, Date date) {
        return in_list(rule->also, rule->n_also, date);
}

/* By Dates and Days alone. */
static bool in_range(const Prepared *p, const DateFacts *facts) {
        const Rule *rule = p->rule;

        if (!(p->days_bits[facts->nth][facts->nth_last] & facts->weekday_bit))
                return false;
        if (p->days == INT32_MAX)
                return true;
        if (rule->range == RANGE_DATES)
                return facts->date >= rule->from_date && facts->date <= rule->to_date;
        return in_yearly(p, facts);
}

/* Except wins; Also needs neither Dates nor Days. */
bool calendar_rule_covers_on(
                const Calendar *calendar, unsigned index, const DateFacts *facts, Rank *ret_rank) {
        const Prepared *p = calendar->by_index[index];
        bool named = is_named(p->rule, facts->date);

        if (is_excepted(p->rule, facts->date) || (!named && !in_range(p, facts)))
                return false;
        *ret_rank = make_rank(p, named);
        return true;
}

bool calendar_rule_covers(const Calendar *calendar, unsigned index, Date date, Rank *ret_rank) {
        DateFacts facts = date_facts(date);

        return calendar_rule_covers_on(calendar, index, &facts, ret_rank);
}

static bool touches(const Prepared *p, unsigned month_bit, Date first, Date last) {
        if (p->rule->range == RANGE_YEARLY)
                return p->months & month_bit;
        return p->rule->range == RANGE_ALWAYS || (p->rule->from_date <= last && p->rule->to_date >= first);
}

/* Whether another rule of the same hours and rank, which covers every date, wins wherever this one would. */
static bool is_shadowed(const Prepared *p, const GArray *others) {
        const Prepared *other =
                        others->len > 0 ? g_array_index(others, const Prepared *, others->len - 1) : NULL;

        return other && other->standing == p->standing && other->days == INT32_MAX &&
               other->rule->every_day && !other->has_lists && other->n_hours == 1 && p->n_hours == 1 &&
               other->first.start_sec == p->first.start_sec && other->first.end_sec == p->first.end_sec;
}

static const Month *month_of(Calendar *calendar, Date date) {
        YearMonthDay ymd = date_split(date);
        int number = ymd.year * 12 + ymd.month;
        Month *month = &calendar->months[(unsigned) number % MONTHS_KEPT];
        Date first = date - (ymd.day - 1), last = first + date_days_in_month(ymd.year, ymd.month) - 1;

        if (month->number == number)
                return month;
        month->number = number;
        g_array_set_size(month->work, 0);
        g_array_set_size(month->away, 0);
        for (guint i = 0; i < calendar->set->rules->len; i++) {
                const Prepared *p = &calendar->prepared[i];
                GArray *list = p->rule->kind == RULE_AWAY ? month->away : month->work;
                if (touches(p, 1u << (ymd.month - 1), first, last) && !is_shadowed(p, list))
                        g_array_append_val(list, p);
        }
        return month;
}

/* ---- windows ---- */

#define SEEN_MAX 64u

/* Windows of a date being made. Where two have the same hours only the one that beats the other is kept: it
 * is the other that never holds. */
typedef struct Making {
        Resolver resolver;
        Date date;
        GArray *windows;
        bool in_order;
        struct {
                RuleHours hours;
                guint place; /* of the window, + 1 */
        } seen[SEEN_MAX];
} Making;

/* Whether a window of these hours need not be made, because one of them is there that wins. */
static bool is_seen(Making *making, const Prepared *p, uint64_t standing, RuleHours hours) {
        unsigned key = (hours.start_sec / 60 * 31 + hours.end_sec / 60) % SEEN_MAX;
        guint place = making->seen[key].place;

        if (place > 0 && making->seen[key].hours.start_sec == hours.start_sec &&
                        making->seen[key].hours.end_sec == hours.end_sec) {
                const RankedWindow *other = &g_array_index(making->windows, RankedWindow, place - 1);
                if (other->standing > standing || (other->standing == standing && other->index >= p->index))
                        return true;
        }
        making->seen[key].hours = hours;
        making->seen[key].place = making->windows->len + 1;
        return false;
}

static void add_window(Making *making, const Prepared *p, uint64_t standing, RuleHours hours) {
        int64_t end = (int64_t) hours.end_sec + (hours.end_sec < hours.start_sec ? SEC_PER_DAY : 0);
        RankedWindow ranked = { .standing = standing, .index = p->index };
        guint n = making->windows->len;

        if (is_seen(making, p, standing, hours))
                return;
        ranked.window = (Window){
                .rule = p->rule,
                .date = making->date,
                .from_real_usec = resolver_instant(&making->resolver, hours.start_sec),
                .to_real_usec = resolver_instant(&making->resolver, end),
        };
        if (n > 0 && g_array_index(making->windows, RankedWindow, n - 1).window.from_real_usec >
                                        ranked.window.from_real_usec)
                making->in_order = false;
        g_array_append_val(making->windows, ranked);
}

static void add_windows(Making *making, const Prepared *p, uint64_t standing) {
        add_window(making, p, standing, p->first);
        for (unsigned i = 1; i < p->n_hours; i++)
                add_window(making, p, standing, p->rule->hours[i]);
}

static gint compare_starts(gconstpointer a, gconstpointer b) {
        const RankedWindow *x = a, *y = b;

        return (x->window.from_real_usec > y->window.from_real_usec) -
               (x->window.from_real_usec < y->window.from_real_usec);
}

static void begin(Making *making, Calendar *calendar, Date date, GArray *windows) {
        *making = (Making){
                .resolver = calendar_resolver(calendar, date),
                .date = date,
                .windows = windows,
                .in_order = true,
        };
        g_array_set_size(windows, 0);
}

/* What a gap swallowed is no window. */
static void drop_swallowed(GArray *windows) {
        guint kept = 0;

        for (guint i = 0; i < windows->len; i++) {
                const RankedWindow *w = &g_array_index(windows, RankedWindow, i);
                if (w->window.to_real_usec > w->window.from_real_usec)
                        g_array_index(windows, RankedWindow, kept++) = *w;
        }
        g_array_set_size(windows, kept);
}

static void finish(Making *making, Calendar *calendar) {
        if (!making->resolver.steady)
                drop_swallowed(making->windows);
        if (!making->in_order)
                g_array_sort(making->windows, compare_starts);
        if (making->windows->len > 0 && !resolver_date_exists(calendar, &making->resolver, making->date))
                g_array_set_size(making->windows, 0);
}

static unsigned first_named(const Calendar *calendar, Date date) {
        unsigned low = 0, high = calendar->n_named;

        while (low < high) {
                unsigned middle = low + (high - low) / 2;
                if (calendar->named[middle].date < date)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* The next rule of a kind that names the date, from one place in the list on; NULL: no more. */
static const Prepared *next_named(const Calendar *calendar, Date date, bool away, unsigned *place) {
        while (*place < calendar->n_named && calendar->named[*place].date == date) {
                const Prepared *p = calendar->named[(*place)++].prepared;
                if ((p->rule->kind == RULE_AWAY) == away && !is_excepted(p->rule, date))
                        return p;
        }
        return NULL;
}

static bool covers_unnamed(const Prepared *p, const DateFacts *facts) {
        if (!in_range(p, facts))
                return false;
        return !p->has_lists || (!is_excepted(p->rule, facts->date) && !is_named(p->rule, facts->date));
}

/* Rules come by rank: the first that covers the date governs it, with those of its rank. */
static void make_work(Calendar *calendar, Day *day) {
        const Month *month = month_of(calendar, day->date);
        DateFacts facts = date_facts(day->date);
        unsigned place = first_named(calendar, day->date);
        const Prepared *p, *best = NULL;
        Making making;
        bool named;

        begin(&making, calendar, day->date, day->work);
        while ((p = next_named(calendar, day->date, false, &place)) &&
                        (!best || p->standing == best->standing)) {
                best = p;
                add_windows(&making, p, p->standing | STANDING_NAMED);
        }
        named = best != NULL;
        for (guint i = 0; i < month->work->len && !named; i++) {
                p = g_array_index(month->work, const Prepared *, i);
                if (best && p->standing != best->standing)
                        break;
                if (!covers_unnamed(p, &facts))
                        continue;
                best = p;
                add_windows(&making, p, p->standing);
        }
        finish(&making, calendar);
        day->governed = best != NULL;
        day->work_made = true;
}

static void make_away(Calendar *calendar, Day *day) {
        const Month *month = month_of(calendar, day->date);
        DateFacts facts = date_facts(day->date);
        unsigned place = first_named(calendar, day->date);
        const Prepared *p;
        Making making;

        begin(&making, calendar, day->date, day->away);
        while ((p = next_named(calendar, day->date, true, &place)))
                add_windows(&making, p, p->standing | STANDING_NAMED);
        for (guint i = 0; i < month->away->len; i++) {
                p = g_array_index(month->away, const Prepared *, i);
                if (covers_unnamed(p, &facts))
                        add_windows(&making, p, p->standing);
        }
        finish(&making, calendar);
        day->away_made = true;
}

static Day *day_of(Calendar *calendar, Date date) {
        Day *day = &calendar->days[(unsigned) (date + (Date) DAYS_KEPT) % DAYS_KEPT];

        if (day->date != date) {
                day->date = date;
                day->work_made = day->away_made = false;
        }
        return day;
}

const GArray *calendar_away_windows(Calendar *calendar, Date date) {
        Day *day = day_of(calendar, date);

        if (!day->away_made)
                make_away(calendar, day);
        return day->away;
}

const GArray *calendar_work_windows(Calendar *calendar, Date date) {
        Day *day = day_of(calendar, date);

        if (!day->work_made)
                make_work(calendar, day);
        return day->work;
}

bool calendar_governed(Calendar *calendar, Date date) {
        (void) calendar_work_windows(calendar, date);
        return day_of(calendar, date)->governed;
}
