/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Office days: what became of them, from the record, and what adding, moving and dropping one makes of the
 * Also and Except of its rule. Dates that have been are on record and not edited; a claim in force stays so,
 * whatever becomes of its day.
 */

#include "daemon/core/focus.h"

typedef enum OfficeDayFate {
        OFFICE_DAY_PLANNED,
        OFFICE_DAY_KEPT,    /* its claims stood to the end */
        OFFICE_DAY_BROKEN,  /* one was released early */
        OFFICE_DAY_MISSED,  /* pomod ran at no moment of it, or away hid it */
        OFFICE_DAY_MOVED,   /* one Except and one Also within the quota's period: this is the Except */
        OFFICE_DAY_RUNNING, /* today, and not broken so far */
        _OFFICE_DAY_FATE_MAX,
} OfficeDayFate;
DECLARE_ENUM_WORDS(OfficeDayFate, office_day_fate);

typedef struct OfficeDay {
        const char *name; /* of its rule */
        const Rule *rule; /* NULL: there is no such office-day rule any more, only the record */
        Date date;
        OfficeDayFate fate;
        Date moved_to;       /* MOVED; else DATE_NONE */
        bool extra;          /* named in Also */
        const char *away;    /* MISSED: the away rule that hides it; NULL none */
        const char *failure; /* of its claims, the last; NULL none */
        bool enforced;       /* no plugin of it was absent, failed, or was released by hand */
} OfficeDay;
typedef int (*OfficeDayFunc)(const OfficeDay *day, void *userdata);

typedef struct OfficeDayEnv {
        Calendar *calendar;
        const RuleSet *rules;
        const GArray *claims; /* of office-day rules in the range that is asked for, in force or over */
        Now now;
        uint32_t week_start; /* as in the settings */
        const Yield *yield;  /* NULL: nobody waits */
} OfficeDayEnv;

/* Where a look at office days stands: of a date, how many of the rules and claims were looked at. */
typedef struct OfficeDayPlace {
        Date date;
        guint looked_at;
} OfficeDayPlace;

/*
 * From a place on, which is then the one to go on from. Dates that were over before their rule stood are
 * office days only where the record says so. func is asked with NULL for what is none, so that a long look
 * can be ended; any value but 0 ends it, and is returned.
 */
int office_days_each(
                const OfficeDayEnv *env, OfficeDayPlace *place, Date to, OfficeDayFunc func, void *userdata);

typedef enum OfficeDayEditType {
        OFFICE_DAY_ADD,
        OFFICE_DAY_MOVE,
        OFFICE_DAY_DROP,
} OfficeDayEditType;

typedef struct OfficeDayEdit {
        OfficeDayEditType type;
        const char *rule; /* empty: the only office-day rule; never NULL */
        Date date;
        Date to_date;        /* MOVE */
        Date today;          /* that the rules' calendar has now */
        GTimeZone *zone;     /* never NULL */
        uint32_t week_start; /* as in the settings */
} OfficeDayEdit;
/* Changes the set; one that is refused is to be thrown away. */
int office_days_edit(RuleSet *set, const OfficeDayEdit *edit, Refusal *ret_refusal);
/* Whether two dates are in one period of the rule's quota: a week, or without one a month. */
bool office_days_same_period(const Rule *rule, uint32_t week_start, Date a, Date b);
