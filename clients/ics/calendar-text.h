/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Windows of the schedule as an iCalendar text: pure but for the zone of the process (TZ). */

#include "clients/ics/ics.h"

/* As Schedules.Agenda answers it. */
typedef struct IcsStretch {
        char *rule, *kind, *mode, *date;
        uint64_t from_usec, to_usec;
} IcsStretch;

void ics_stretch_free(IcsStretch *stretch);

typedef struct IcsWriter {
        const char *zone;  /* its name; NULL: times are written in UTC */
        const char *owner; /* whose windows they are: two people's do not get the same UID */
        time_t now;        /* that the text is made at */
        time_t from, to;   /* what lies outside is left out; from may cut nothing short */
        const char *only;  /* a kind; NULL: all */
} IcsWriter;

/* stretches: in order, of IcsStretch; those that two answers cut in two are joined. The caller's. */
char *ics_calendar_write(const IcsWriter *writer, const GPtrArray *stretches);

/* Whether both say the same, though they were made at other times. */
bool ics_calendar_same(const char *a, const char *b);
