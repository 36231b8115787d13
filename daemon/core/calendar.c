/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Dates: which rules cover them, which of those govern, and their windows with both ends resolved. */

#include "daemon/core/calendar.h"

#include <errno.h>
#include <string.h>

#include "daemon/core/calendar-private.h"
#include "daemon/core/log.h"

#define SEC_PER_DAY 86400
#define USEC        G_GINT64_CONSTANT(1000000)
#define DAYS_KEPT   16u

static const char *const schedule_state_words[_SCHEDULE_STATE_MAX] = {
        [SCHEDULE_FREE] = "free",
        [SCHEDULE_OFF_HOURS] = "off-hours",
        [SCHEDULE_AWAY] = "away",
        [SCHEDULE_WINDOW] = "window",
};
DEFINE_ENUM_WORDS(ScheduleState, schedule_state, schedule_state_words);

/* What is asked of every rule on every date, made once: thousands of rules are looked at on hundreds of
 * dates. */
typedef struct Prepared {
        int from_code, to_code; /* yearly: month * 100 + day, as written */
        int32_t days;           /* of its date range; INT32_MAX: always */
} Prepared;

struct Calendar {
        const RuleSet *set;
        GTimeZone *zone;
        Prepared *prepared;
        Day days[DAYS_KEPT]; /* by date modulo their number */
};

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

int calendar_new(const RuleSet *set, GTimeZone *zone, Calendar **ret_calendar) {
        Calendar *calendar = g_new0(Calendar, 1);

        calendar->set = set;
        calendar->zone = g_time_zone_ref(zone);
        calendar->prepared = g_new0(Prepared, set->rules->len);
        for (guint i = 0; i < set->rules->len; i++) {
                const Rule *rule = &g_array_index(set->rules, Rule, i);
                calendar->prepared[i] = (Prepared){
                        .from_code = rule->from_month * 100 + rule->from_day,
                        .to_code = rule->to_month * 100 + rule->to_day,
                        .days = range_days(rule),
                };
        }
        for (unsigned i = 0; i < DAYS_KEPT; i++) {
                calendar->days[i].date = DATE_NONE;
                calendar->days[i].windows = g_array_new(FALSE, FALSE, sizeof(RankedWindow));
        }
        *ret_calendar = calendar;
        return 0;
}

Calendar *calendar_free(Calendar *calendar) {
        if (!calendar)
                return NULL;
        for (unsigned i = 0; i < DAYS_KEPT; i++)
                g_array_unref(calendar->days[i].windows);
        g_time_zone_unref(calendar->zone);
        g_free(calendar->prepared);
        g_free(calendar);
        return NULL;
}

const RuleSet *calendar_rules(const Calendar *calendar) {
        return calendar->set;
}

GTimeZone *calendar_zone(const Calendar *calendar) {
        return calendar->zone;
}

/* ---- covering and ranks ---- */

/* What a date is to the rules. */
typedef struct DateFacts {
        Date date;
        int code; /* month * 100 + day */
        bool leap;
        uint8_t weekday_bit;
        int nth, nth_last; /* from 0 */
} DateFacts;

static DateFacts date_facts(Date date) {
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

/* Except wins; Also needs neither Dates nor Days. */
static bool covers(const Rule *rule, const Prepared *p, const DateFacts *facts, bool *ret_named) {
        if (rule->n_except > 0 && in_list(rule->except, rule->n_except, facts->date))
                return false;
        *ret_named = rule->n_also > 0 && in_list(rule->also, rule->n_also, facts->date);
        if (*ret_named)
                return true;
        if (!rule->every_day && !((rule->weekdays | rule->nth[facts->nth] | rule->nth_last[facts->nth_last]) &
                                                facts->weekday_bit))
                return false;
        if (rule->range == RANGE_ALWAYS)
                return true;
        if (rule->range == RANGE_DATES)
                return facts->date >= rule->from_date && facts->date <= rule->to_date;
        return in_yearly(p, facts);
}

static Rank make_rank(const Rule *rule, const Prepared *p, bool named) {
        return (Rank){
                .named = named,
                .priority = rule->priority,
                .office_day = rule->kind == RULE_OFFICE_DAY,
                .days = p->days,
        };
}

bool calendar_rule_covers(const Calendar *calendar, unsigned index, Date date, Rank *ret_rank) {
        const Rule *rule = &g_array_index(calendar->set->rules, Rule, index);
        DateFacts facts = date_facts(date);
        bool named;

        if (!covers(rule, &calendar->prepared[index], &facts, &named))
                return false;
        *ret_rank = make_rank(rule, &calendar->prepared[index], named);
        return true;
}

int rank_compare(const Rank *a, const Rank *b) {
        if (a->named != b->named)
                return a->named - b->named;
        if (a->priority != b->priority)
                return a->priority > b->priority ? 1 : -1;
        if (a->office_day != b->office_day)
                return a->office_day - b->office_day;
        return (a->days < b->days) - (a->days > b->days);
}

bool window_beats(const RankedWindow *a, const RankedWindow *b) {
        int by_rank;

        if (a->away != b->away)
                return a->away;
        by_rank = rank_compare(&a->rank, &b->rank);
        if (by_rank != 0)
                return by_rank > 0;
        if (a->window.from_real_usec != b->window.from_real_usec)
                return a->window.from_real_usec > b->window.from_real_usec;
        return a->index > b->index;
}

/* ---- windows ---- */

/* Around most dates the zone stands still, and then one offset resolves all of their windows. */
typedef struct Resolver {
        GTimeZone *zone;
        int64_t midnight; /* 00:00 of the date as if in UTC, in seconds */
        bool steady;
        int32_t offset;
} Resolver;

static int interval_at(GTimeZone *zone, int64_t sec) {
        return g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, sec);
}

static Resolver make_resolver(GTimeZone *zone, Date date) {
        Resolver resolver = { .zone = zone, .midnight = (int64_t) date * SEC_PER_DAY };
        int before = interval_at(zone, resolver.midnight - 2 * SEC_PER_DAY);

        resolver.steady = before == interval_at(zone, resolver.midnight + 4 * SEC_PER_DAY);
        resolver.offset = g_time_zone_get_offset(zone, before);
        return resolver;
}

static uint64_t resolve_sec(const Resolver *resolver, int64_t second) {
        int64_t local = resolver->midnight + second;
        int64_t sec = resolver->steady ? local - resolver->offset : zone_resolve_local(resolver->zone, local);

        return sec < 0 ? 0 : (uint64_t) (sec * USEC);
}

static Date date_at(GTimeZone *zone, uint64_t real_usec) {
        int64_t local = (int64_t) (real_usec / (uint64_t) USEC) + zone_offset_at(zone, real_usec);

        return (Date) (local / SEC_PER_DAY - (local % SEC_PER_DAY < 0));
}

/* A zone that crosses the date line skips a whole date: no time of it exists. */
static bool date_exists(const Resolver *resolver, Date date) {
        static const int64_t tries[] = { SEC_PER_DAY / 2, 0, SEC_PER_DAY - 1 };

        if (resolver->steady)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(tries); i++)
                if (date_at(resolver->zone, resolve_sec(resolver, tries[i])) == date)
                        return true;
        return false;
}

static void add_windows(
                Day *day, const Resolver *resolver, const Rule *rule, unsigned index, const Rank *rank) {
        static const RuleHours whole_day = { 0, SEC_PER_DAY };
        const RuleHours *hours = rule->n_hours > 0 ? rule->hours : &whole_day;
        unsigned n = rule->n_hours > 0 ? rule->n_hours : 1;

        for (unsigned i = 0; i < n; i++) {
                bool over_midnight = hours[i].end_sec < hours[i].start_sec;
                RankedWindow ranked = {
                        .window = {
                                .rule = rule,
                                .date = day->date,
                                .from_real_usec = resolve_sec(resolver, hours[i].start_sec),
                                .to_real_usec = resolve_sec(resolver, (int64_t) hours[i].end_sec + (over_midnight ? SEC_PER_DAY : 0)),
                        },
                        .rank = *rank,
                        .index = index,
                        .away = rule->kind == RULE_AWAY,
                };
                if (ranked.window.to_real_usec > ranked.window.from_real_usec)
                        g_array_append_val(day->windows, ranked);
        }
}

static gint compare_starts(gconstpointer a, gconstpointer b) {
        const RankedWindow *x = a, *y = b;

        return (x->window.from_real_usec > y->window.from_real_usec) -
               (x->window.from_real_usec < y->window.from_real_usec);
}

static void make_day(const Calendar *calendar, Day *day, Date date) {
        const GArray *rules = calendar->set->rules;
        DateFacts facts = date_facts(date);
        Resolver resolver = make_resolver(calendar->zone, date);
        bool exists = date_exists(&resolver, date), named;
        Rank best = { 0 };

        day->date = date;
        day->governed = false;
        g_array_set_size(day->windows, 0);
        for (guint i = 0; i < rules->len; i++) {
                const Rule *rule = &g_array_index(rules, Rule, i);
                Rank rank;

                if (rule->kind == RULE_AWAY || !covers(rule, &calendar->prepared[i], &facts, &named))
                        continue;
                rank = make_rank(rule, &calendar->prepared[i], named);
                if (day->governed && rank_compare(&rank, &best) < 0)
                        continue;
                if (!day->governed || rank_compare(&rank, &best) > 0) {
                        g_array_set_size(day->windows, 0);
                        best = rank;
                        day->governed = true;
                }
                if (exists)
                        add_windows(day, &resolver, rule, i, &rank);
        }
        for (guint i = 0; exists && i < rules->len; i++) {
                const Rule *rule = &g_array_index(rules, Rule, i);

                if (rule->kind == RULE_AWAY && covers(rule, &calendar->prepared[i], &facts, &named)) {
                        Rank rank = make_rank(rule, &calendar->prepared[i], named);
                        add_windows(day, &resolver, rule, i, &rank);
                }
        }
        g_array_sort(day->windows, compare_starts);
}

const Day *calendar_day(Calendar *calendar, Date date) {
        Day *day = &calendar->days[(unsigned) (date - DATE_MIN + (Date) DAYS_KEPT) % DAYS_KEPT];

        if (day->date != date)
                make_day(calendar, day, date);
        return day;
}

Date calendar_date_of(Calendar *calendar, uint64_t real_usec) {
        return date_at(calendar->zone, real_usec);
}

bool calendar_resolve(Calendar *calendar, Date date, uint32_t second_of_day, uint64_t *ret_real_usec) {
        Resolver resolver = make_resolver(calendar->zone, date);

        if (!date_exists(&resolver, date))
                return false;
        *ret_real_usec = resolve_sec(&resolver, second_of_day);
        return true;
}

/* ---- instants ---- */

/* A window may reach into the next date; where the local date goes back or leaps, one date more counts. */
#define DAYS_BACK  2
#define DAYS_AHEAD 1

const RankedWindow *calendar_pick(Calendar *calendar, uint64_t real_usec, RankedWindow *storage) {
        Date date = date_at(calendar->zone, real_usec);
        bool found = false;

        for (Date d = MAX(date - DAYS_BACK, DATE_MIN - 1); d <= date + DAYS_AHEAD; d++) {
                const Day *day = calendar_day(calendar, d);
                for (guint i = 0; i < day->windows->len; i++) {
                        const RankedWindow *w = &g_array_index(day->windows, RankedWindow, i);
                        if (w->window.from_real_usec > real_usec)
                                break;
                        if (w->window.to_real_usec > real_usec && (!found || window_beats(w, storage))) {
                                *storage = *w;
                                found = true;
                        }
                }
        }
        return found ? storage : NULL;
}

/* The first instant after this one at which the local date is another. Between two changes of the zone it
 * changes at midnight alone. */
static uint64_t next_date_change(GTimeZone *zone, uint64_t real_usec) {
        int64_t sec = (int64_t) (real_usec / (uint64_t) USEC);

        for (;;) {
                int interval = interval_at(zone, sec);
                int64_t local = sec + g_time_zone_get_offset(zone, interval);
                int64_t midnight = sec + SEC_PER_DAY - (local % SEC_PER_DAY + SEC_PER_DAY) % SEC_PER_DAY;
                int64_t low = sec, high = midnight;

                if (interval_at(zone, midnight - 1) == interval)
                        return (uint64_t) (midnight * USEC);
                while (high - low > 1) {
                        int64_t middle = low + (high - low) / 2;
                        if (interval_at(zone, middle) == interval)
                                low = middle;
                        else
                                high = middle;
                }
                if (date_at(zone, (uint64_t) (high * USEC)) != date_at(zone, (uint64_t) (low * USEC)))
                        return (uint64_t) (high * USEC);
                sec = high;
        }
}

uint64_t calendar_next_edge(Calendar *calendar, uint64_t real_usec, const RankedWindow *holds) {
        Date date = date_at(calendar->zone, real_usec);
        uint64_t edge = holds ? holds->window.to_real_usec : next_date_change(calendar->zone, real_usec);
        Date last = MAX(date, holds ? date_at(calendar->zone, edge) : date) + DAYS_AHEAD;

        for (Date d = MAX(date - DAYS_BACK, DATE_MIN - 1); d <= last; d++) {
                const Day *day = calendar_day(calendar, d);
                for (guint i = 0; i < day->windows->len; i++) {
                        const RankedWindow *w = &g_array_index(day->windows, RankedWindow, i);
                        if (w->window.from_real_usec >= edge)
                                break;
                        if (w->window.from_real_usec > real_usec && (!holds || window_beats(w, holds)))
                                edge = w->window.from_real_usec;
                }
        }
        return edge;
}

static void look_at(
                Calendar *calendar, uint64_t real_usec, const RankedWindow *holds, Schedule *ret_schedule) {
        Schedule schedule = { .at_real_usec = real_usec, .date = date_at(calendar->zone, real_usec) };

        if (holds) {
                schedule.state = holds->away ? SCHEDULE_AWAY : SCHEDULE_WINDOW;
                schedule.window = holds->window;
                schedule.mode = holds->away ? INTERVAL_NONE : holds->window.rule->mode;
        } else
                schedule.state = calendar_day(calendar, schedule.date)->governed ? SCHEDULE_OFF_HOURS
                                                                                 : SCHEDULE_FREE;
        *ret_schedule = schedule;
}

int calendar_at(Calendar *calendar, uint64_t real_usec, Schedule *ret_schedule) {
        RankedWindow storage;
        const RankedWindow *holds = calendar_pick(calendar, real_usec, &storage);
        Schedule schedule, later;
        uint64_t at = real_usec;

        look_at(calendar, real_usec, holds, &schedule);
        for (;;) {
                at = calendar_next_edge(calendar, at, holds);
                if (at > real_usec + CALENDAR_HORIZON_USEC)
                        break;
                holds = calendar_pick(calendar, at, &storage);
                look_at(calendar, at, holds, &later);
                if (later.state != schedule.state || later.window.rule != schedule.window.rule ||
                                later.mode != schedule.mode) {
                        schedule.until_real_usec = at;
                        break;
                }
        }
        *ret_schedule = schedule;
        return 0;
}

int calendar_agenda(Calendar *calendar, uint64_t from_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata) {
        RankedWindow storage;
        int r = 0;

        for (uint64_t at = from_real_usec; r == 0 && at < to_real_usec;) {
                const RankedWindow *holds = calendar_pick(calendar, at, &storage);
                uint64_t edge = calendar_next_edge(calendar, at, holds);

                if (holds) {
                        Stretch stretch = {
                                .state = holds->away ? SCHEDULE_AWAY : SCHEDULE_WINDOW,
                                .window = holds->window,
                                .from_real_usec = at,
                                .to_real_usec = MIN(edge, to_real_usec),
                                .offset_sec = zone_offset_at(calendar->zone, at),
                        };
                        r = func(&stretch, userdata);
                }
                at = edge;
        }
        return r;
}
