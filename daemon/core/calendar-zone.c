/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Local time: dates of instants, instants of local times, and when the local date changes. */

#include "daemon/core/calendar-private.h"
#include "daemon/core/days.h"

#define SEC_PER_DAY G_GINT64_CONSTANT(86400)
#define USEC        G_GINT64_CONSTANT(1000000)
#define AROUND_SEC  (64 * SEC_PER_DAY) /* a steady span is looked for this far back and ahead */

GTimeZone *calendar_zone(const Calendar *calendar) {
        return calendar->zone;
}

static int interval_at(const Calendar *calendar, int64_t sec) {
        return g_time_zone_find_interval(calendar->zone, G_TIME_TYPE_UNIVERSAL, sec);
}

/* The instant furthest from one that is in the interval, towards another, that is still in it. */
static int64_t edge_of(const Calendar *calendar, int interval, int64_t in, int64_t towards) {
        if (interval_at(calendar, towards) == interval)
                return towards;
        while (in - towards > 1 || towards - in > 1) {
                int64_t middle = in + (towards - in) / 2;

                if (interval_at(calendar, middle) == interval)
                        in = middle;
                else
                        towards = middle;
        }
        return in;
}

/* Whether the zone has one offset from an instant to another, which is then the calendar's steady one. */
static bool is_steady(Calendar *calendar, int64_t from, int64_t to) {
        SteadySpan *steady = &calendar->steady;
        int interval;

        if (from >= steady->from && to <= steady->to)
                return true;
        interval = interval_at(calendar, from);
        if (to > from && interval_at(calendar, to) != interval)
                return false;
        *steady = (SteadySpan){
                .from = edge_of(calendar, interval, from, from - AROUND_SEC),
                .to = edge_of(calendar, interval, to, to + AROUND_SEC),
                .offset = g_time_zone_get_offset(calendar->zone, interval),
        };
        return true;
}

static int32_t offset_at(Calendar *calendar, int64_t sec) {
        (void) is_steady(calendar, sec, sec);
        return calendar->steady.offset;
}

int32_t calendar_offset_at(Calendar *calendar, uint64_t real_usec) {
        return offset_at(calendar, (int64_t) (real_usec / (uint64_t) USEC));
}

static Date date_at_sec(Calendar *calendar, int64_t sec) {
        int64_t local = sec + offset_at(calendar, sec);

        return date_at(local, 0);
}

Date calendar_date_at(Calendar *calendar, uint64_t real_usec) {
        return date_at_sec(calendar, (int64_t) (real_usec / (uint64_t) USEC));
}

/* Between two changes of the zone the date changes at midnight alone; at one it may leap, or go back. */
uint64_t calendar_next_date_change(Calendar *calendar, uint64_t real_usec) {
        int64_t sec = (int64_t) (real_usec / (uint64_t) USEC);

        for (;;) {
                int64_t local = sec + offset_at(calendar, sec);
                int64_t midnight = sec + SEC_PER_DAY - (local % SEC_PER_DAY + SEC_PER_DAY) % SEC_PER_DAY;
                int64_t last;

                if (is_steady(calendar, sec, midnight - 1))
                        return (uint64_t) (midnight * USEC);
                last = edge_of(calendar, interval_at(calendar, sec), sec, midnight);
                if (date_at_sec(calendar, last + 1) != date_at_sec(calendar, last))
                        return (uint64_t) ((last + 1) * USEC);
                sec = last + 1;
        }
}

Resolver calendar_resolver(Calendar *calendar, Date date) {
        int64_t midnight = date * SEC_PER_DAY;
        /* A window ends on the next date at the latest, and offsets have been within 16 hours of UTC. */
        bool steady = is_steady(calendar, midnight - SEC_PER_DAY, midnight + 3 * SEC_PER_DAY);

        return (Resolver){
                .zone = calendar->zone,
                .midnight = midnight,
                .steady = steady,
                .offset = steady ? calendar->steady.offset : 0,
        };
}

uint64_t resolver_instant(const Resolver *resolver, int64_t second_of_day) {
        int64_t local = resolver->midnight + second_of_day;
        int64_t sec = resolver->steady ? local - resolver->offset : zone_resolve_local(resolver->zone, local);

        return sec < 0 ? 0 : (uint64_t) (sec * USEC);
}

bool resolver_date_exists(Calendar *calendar, const Resolver *resolver, Date date) {
        static const int64_t tries[] = { SEC_PER_DAY / 2, 0, SEC_PER_DAY - 1 };

        if (resolver->steady)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(tries); i++)
                if (calendar_date_at(calendar, resolver_instant(resolver, tries[i])) == date)
                        return true;
        return false;
}

Date calendar_date_of(Calendar *calendar, uint64_t real_usec) {
        return calendar_date_at(calendar, real_usec);
}

bool calendar_resolve(Calendar *calendar, Date date, uint32_t second_of_day, uint64_t *ret_real_usec) {
        Resolver resolver = calendar_resolver(calendar, date);

        if (!resolver_date_exists(calendar, &resolver, date))
                return false;
        *ret_real_usec = resolver_instant(&resolver, second_of_day);
        return true;
}
