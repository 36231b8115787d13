/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The calendar once more, as slowly and as plainly as it can be said: every date by itself, every rule on it,
 * every edge of every window and every midnight. It shares no code with daemon/core/calendar.c, so that what
 * both say is what the rules mean. It looks up a zone's offsets one by one, and answers for 1975 to 2045.
 */

#include "daemon/core/calendar.h"

typedef struct SlowCalendar SlowCalendar;

typedef struct SlowAnswer {
        ScheduleState state;
        const Rule *rule;
        IntervalKind mode;
        uint64_t until_real_usec; /* 0: not within the horizon */
} SlowAnswer;

/* Keeps pointers to the set; the zone by its name, whose offsets are looked up once in a run. */
SlowCalendar *slow_calendar_new(const RuleSet *set, const char *zone);
void slow_calendar_free(SlowCalendar *slow);

/* Without until. */
SlowAnswer slow_calendar_look(SlowCalendar *slow, uint64_t real_usec);
SlowAnswer slow_calendar_at(SlowCalendar *slow, uint64_t real_usec);
uint32_t slow_calendar_capacity(SlowCalendar *slow, const Settings *settings, Date date);
/* Whether a rule is the one that holds at any instant from one up to another. */
bool slow_calendar_ever_holds(SlowCalendar *slow, const Rule *rule, uint64_t from_usec, uint64_t to_usec);

/* Instants, in seconds, at which the zone's offset changes; for those who look for trouble. */
const GArray *slow_zone_changes(const char *zone);
