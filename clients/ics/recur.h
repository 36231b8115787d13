/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* One component VEVENT: when it begins, how long it takes, and every time it recurs. */

#include <libical/ical.h>
#include <time.h>

#include "clients/ics/events.h"
#include "clients/ics/when.h"

/* What is looked at, and what it has cost so far: a file that asks for more is refused, not waited for. */
typedef struct Budget {
        Civil from, to;
        unsigned instances;
        unsigned steps;
        clock_t began;
} Budget;

typedef struct Instance {
        int64_t key;     /* when_key() of its regular start */
        int64_t own_day; /* the date of it in the event's own zone */
        IcsSpan span;
} Instance;

typedef struct Occurrence {
        icalcomponent *calendar, *component;
        char title[128]; /* the event "Standup" */
        When start;
        int64_t days, seconds; /* how long; days are of the clock, not of 24 hours */
        bool cancelled;
        bool is_override; /* of the instance that regularly began at `replaces` */
        bool this_and_future;
        When replaces;
} Occurrence;

/* 1 for one that takes no time at all, 0, or -EINVAL with a sentence. */
int occurrence_read(icalcomponent *calendar, icalcomponent *component, Occurrence *ret_occurrence,
                char sentence[ICS_SENTENCE_MAX]);
/* What it covers when it begins then. */
IcsSpan occurrence_span(const Occurrence *occurrence, const When *start);
/*
 * Appends to instances all of its times within the budget's span, without exceptions. ret_endless: it recurs
 * without an end.
 */
int occurrence_expand(const Occurrence *occurrence, Budget *budget, GArray *instances, bool *ret_endless,
                char sentence[ICS_SENTENCE_MAX]);
/* Takes out the one that regularly began then; a date takes out all that began on it. */
void instances_remove(GArray *instances, const When *when);
