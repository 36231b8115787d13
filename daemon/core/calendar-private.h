/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of the calendar share: the zone, dates with their windows, and the sweep over instants. */

#include "daemon/core/calendar.h"

/* ---- calendar-zone.c: local time ---- */

/* A span of instants around which the zone stands still: most of what is asked lies in the one asked before.
 */
typedef struct SteadySpan {
        int64_t from, to; /* seconds UTC, both included */
        int32_t offset;
} SteadySpan;

GTimeZone *calendar_zone(const Calendar *calendar);
int32_t calendar_offset_at(Calendar *calendar, uint64_t real_usec);
Date calendar_date_at(Calendar *calendar, uint64_t real_usec);
/* The first instant after this one at which the local date is another. */
uint64_t calendar_next_date_change(Calendar *calendar, uint64_t real_usec);

/* Makes instants of one date's local times. */
typedef struct Resolver {
        GTimeZone *zone;
        int64_t midnight; /* 00:00 of the date as if in UTC, in seconds */
        bool steady;      /* around most dates, one offset resolves all */
        int32_t offset;
} Resolver;

Resolver calendar_resolver(Calendar *calendar, Date date);
uint64_t resolver_instant(const Resolver *resolver, int64_t second_of_day);
/* A zone that crosses the date line skips a whole date: no time of it exists. */
bool resolver_date_exists(Calendar *calendar, const Resolver *resolver, Date date);

/* ---- calendar-days.c: which rules cover a date, and their windows on it ---- */

/* Higher is better, in this order. */
typedef struct Rank {
        bool named; /* the date is in its Also */
        int32_t priority;
        bool office_day;
        int32_t days; /* in its date range; fewer is better */
} Rank;

/* Above zero where a is of higher rank. */
int rank_compare(const Rank *a, const Rank *b);

typedef struct RankedWindow {
        Window window;
        uint64_t standing; /* its rank among all of the calendar's, away above every other */
        unsigned index;    /* of the rule in the list */
} RankedWindow;

/* Whether a would hold where both contain an instant. */
bool window_beats(const RankedWindow *a, const RankedWindow *b);

/* What a date is to the rules. */
typedef struct DateFacts {
        Date date;
        int code; /* month * 100 + day */
        bool leap;
        uint8_t weekday_bit;
        int nth, nth_last; /* from 0 */
} DateFacts;

DateFacts date_facts(Date date);
/* Whether the rule at an index covers a date, and with what rank. */
bool calendar_rule_covers(const Calendar *calendar, unsigned index, Date date, Rank *ret_rank);
bool calendar_rule_covers_on(
                const Calendar *calendar, unsigned index, const DateFacts *facts, Rank *ret_rank);

/* Windows that begin on a date, by their start; valid until another date is asked for. */
const GArray *calendar_away_windows(Calendar *calendar, Date date);
const GArray *calendar_work_windows(Calendar *calendar, Date date); /* of the rules that govern it */
bool calendar_governed(Calendar *calendar, Date date);

typedef struct Prepared Prepared;
typedef struct Named Named;

/* The rules that can cover a date of one month, by rank. */
typedef struct Month {
        int number;          /* of all months; 0: none */
        GArray *work, *away; /* of Prepared * */
} Month;

typedef struct Day {
        Date date; /* DATE_NONE: this place is empty */
        bool work_made, away_made, governed;
        GArray *work, *away; /* of RankedWindow */
} Day;

/* What was last looked at for overtime: most of a log lies in the same hours as what is before it. */
typedef struct KnownHours {
        uint64_t from_real_usec, to_real_usec;
        bool outside;
} KnownHours;

#define MONTHS_KEPT 4u
#define DAYS_KEPT   8u

struct Calendar {
        const RuleSet *set;
        GTimeZone *zone;
        SteadySpan steady;
        Prepared *prepared;  /* by rank */
        Prepared **by_index; /* in the order of the list */
        Named *named;        /* by date, then by rank */
        unsigned n_named;
        Month months[MONTHS_KEPT]; /* by number modulo how many there are */
        Day days[DAYS_KEPT];       /* by date, likewise */
        KnownHours known;
};

/* ---- calendar.c: instants ---- */

/* A stretch of time in which one window holds, or none does. */
typedef struct Segment {
        uint64_t from_real_usec, to_real_usec;
        Date date; /* the local date, which is one and the same in it */
        bool held; /* else window says nothing */
        bool away;
        RankedWindow window;
} Segment;

/* Goes from edge to edge: of windows, and where the local date changes. */
typedef struct Sweep {
        Calendar *calendar;
        uint64_t at_usec, end_usec; /* where it is, and where the local date changes next */
        Date date;
        GArray *windows; /* of RankedWindow: that touch this date, by their start */
        guint begun;
        GArray *leading; /* of guint: those that held from their begin on, each beats those before it */
        GArray *waiting; /* of guint: those that did not, a heap with the best on top */
} Sweep;

/* Sums of what is beyond the year 9999 would not fit. */
bool calendar_is_beyond(uint64_t real_usec);

void sweep_init(Sweep *sweep, Calendar *calendar, uint64_t from_real_usec);
void sweep_next(Sweep *sweep, Segment *ret_segment);
void sweep_done(Sweep *sweep);
