/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the rules say: of an instant, of a stretch of time, of a date. A calendar is made of a rule set and a
 * zone and answers without looking at either again; it is thrown away when one of them changes.
 *
 * An away window that contains the instant wins. Else the date is governed by the rules of the highest rank
 * that cover it, and one of their windows holds; of several, the one of higher rank, then of later start,
 * then of the rule later in the list. Windows are local times, both ends resolved per date.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/enums.h"
#include "common/yield.h"
#include "common/date.h"
#include "daemon/core/rules.h"
#include "daemon/core/settings.h"
#include "daemon/core/types.h"

typedef enum ScheduleState {
        SCHEDULE_FREE,
        SCHEDULE_OFF_HOURS,
        SCHEDULE_AWAY,
        SCHEDULE_WINDOW,
        _SCHEDULE_STATE_MAX,
} ScheduleState;
DECLARE_ENUM_WORDS(ScheduleState, schedule_state);

/* Beyond it, nothing changes: two years, one of which may be a leap year. */
#define CALENDAR_HORIZON_USEC (731ULL * 24 * 3600 * 1000000)

typedef struct Calendar Calendar;

/* Keeps pointers to both: set and zone must outlive it. */
Calendar *calendar_new(const RuleSet *set, GTimeZone *zone);
Calendar *calendar_free(Calendar *calendar); /* NULL is fine; returns NULL */

/* A window on a date, both ends resolved. */
typedef struct Window {
        const Rule *rule;
        Date date; /* that it began on */
        uint64_t from_real_usec;
        uint64_t to_real_usec;
} Window;

typedef struct Schedule {
        ScheduleState state;
        Window window;            /* away, window; else rule is NULL */
        IntervalKind mode;        /* INTERVAL_NONE where there is no rule, and away */
        uint64_t at_real_usec;    /* the instant that was asked about */
        Date date;                /* the instant's local date */
        uint64_t until_real_usec; /* the first instant at which state, rule or mode changes; 0: not within the
                                     horizon */
} Schedule;

/* At an instant, with until. -ERANGE: two years after it the year 9999 is over. */
int calendar_at(Calendar *calendar, uint64_t real_usec, Schedule *ret_schedule);
/* Without until, which is what takes time. */
int calendar_look(Calendar *calendar, uint64_t real_usec, Schedule *ret_schedule);

/* Which rule holds when, from one instant to another, in order; free and off-hours are the gaps. Stretches
 * are those in which one window is the one that holds; a stretch cut by the ends of the range is given cut.
 */
typedef struct Stretch {
        ScheduleState state; /* away or window */
        Window window;       /* whole, as on its date */
        uint64_t from_real_usec;
        uint64_t to_real_usec;
        int32_t offset_sec; /* of local time at from_real_usec */
} Stretch;
typedef int (*StretchFunc)(const Stretch *stretch, void *userdata); /* non-zero stops and is returned */
int calendar_agenda(Calendar *calendar, uint64_t from_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata);
/* The same, which can be ended where nothing holds, too: func is then asked with a stretch that has no rule.
 * at_real_usec is where it begins, and then up to where all was told: to go on from. */
int calendar_agenda_from(Calendar *calendar, uint64_t *at_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata);

/* Pomodoros with their breaks that fit into a date, by the rules that govern it, from an instant on; 0: into
 * all of it. */
int calendar_capacity(Calendar *calendar, const Settings *settings, Date date, uint64_t from_real_usec,
                uint32_t *ret_pomodoros);

/* The targets of the rules that govern a date, together; 0 where none has one. */
uint32_t calendar_target(Calendar *calendar, Date date);

/*
 * What of an interval was worked outside the hours of the day's rules, or in those of an away rule; of a
 * break nothing is. Pauses are not subtracted where they were, but from the whole: it is never more than was
 * worked. Intervals in the order of the log cost least. Gives way; yield may be NULL.
 */
uint64_t calendar_overtime(Calendar *calendar, const Interval *interval, const Yield *yield);

/* The rules that cover a date, in the order of their rank: for the reasons that Explain gives. */
typedef enum CoverStanding {
        COVER_GOVERNS,    /* of the highest rank */
        COVER_LOWER_RANK, /* hidden by one that governs */
        COVER_AWAY,       /* an away rule: governs nothing, hides its own hours */
} CoverStanding;
typedef struct Cover {
        const Rule *rule;
        CoverStanding standing;
        const Rule *hidden_by; /* LOWER_RANK */
        /* LOWER_RANK: "its date is named in Also", "Priority 5 is higher", "an office day comes before work",
         * "its date range is narrower" */
        const char *because;
} Cover;
GArray *calendar_covers(Calendar *calendar, Date date); /* of Cover; the caller unrefs it */

/* The sentences of Explain: what holds and why, why the others lost, what comes next. Owned by the caller. */
char *calendar_why(Calendar *calendar, uint64_t real_usec, const Schedule *schedule);

/* What can never come true, in a sentence each: a rule with no date, hidden for good, or that hides an office
 * day's quota, or hours that are hardly meant. Judged over the two years from a date. Which hide which is not
 * judged of more than CAP_RULES_JUDGED rules, and that is said of the rule "". Gives way between dates and
 * rules; yield may be NULL. */
typedef void (*WarningFunc)(const char *rule, const char *sentence, void *userdata);
int calendar_warnings(Calendar *calendar, Date from, const Yield *yield, WarningFunc func, void *userdata);

Date calendar_date_of(Calendar *calendar, uint64_t real_usec);
/* A local time of a date as an instant, by the rules for gaps and overlaps; false: the zone skipped that
 * date. */
bool calendar_resolve(Calendar *calendar, Date date, uint32_t second_of_day, uint64_t *ret_real_usec);
