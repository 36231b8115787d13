/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of the calendar share: dates with their windows, made when they are first asked for. */

#include "daemon/core/calendar.h"

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
        Rank rank;
        unsigned index; /* of the rule in the list */
        bool away;
} RankedWindow;

/* Whether a would hold where both contain an instant. */
bool window_beats(const RankedWindow *a, const RankedWindow *b);

typedef struct Day {
        Date date; /* DATE_NONE: this place is empty */
        bool governed;
        GArray *windows; /* of RankedWindow, by start; away windows and those of the rules that govern */
} Day;

const Day *calendar_day(Calendar *calendar, Date date);

/* A rule as it covers dates; false where it does not cover this one. */
bool calendar_rule_covers(const Calendar *calendar, unsigned index, Date date, Rank *ret_rank);
const RuleSet *calendar_rules(const Calendar *calendar);
GTimeZone *calendar_zone(const Calendar *calendar);

/* The one window that holds at an instant; NULL for none. Valid until two other days were asked for. */
const RankedWindow *calendar_pick(Calendar *calendar, uint64_t real_usec, RankedWindow *storage);
/* The first instant after this one at which another window may hold, or the local date changes. */
uint64_t calendar_next_edge(Calendar *calendar, uint64_t real_usec, const RankedWindow *holds);
