/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The events of a calendar, each with all the times it takes place at: recurrences followed, exceptions taken
 * out, single instances moved. Times are those of the zone of the process (TZ).
 */

#include "clients/ics/ics.h"

typedef struct IcsSpan {
        Civil from, to; /* half-open; whole dates where both are multiples of ICS_DAY */
} IcsSpan;

typedef struct IcsEvent {
        char *uid;
        char *summary; /* "" where it has none */
        GArray *spans; /* of IcsSpan, sorted, each once, at least one */
} IcsEvent;

void ics_event_free(IcsEvent *event);

typedef struct IcsEvents {
        GPtrArray *events; /* of IcsEvent, in the order of the file */
        char *name;        /* that the calendar gives itself; NULL: none */
        unsigned endless;  /* events that recur without an end: they are followed up to `to` */
        unsigned outside;  /* events that take place at no time within the span */
        unsigned empty;    /* events that take no time */
        Civil from, to;    /* the span that was looked at */
} IcsEvents;

void ics_events_done(IcsEvents *events);

/*
 * text: of source_unfold(). Looked at are the month of now and ICS_AHEAD_DAYS from now on; what takes place
 * at no time within is left out. -EINVAL with a sentence: all of a file or nothing.
 */
int ics_events_read(const char *text, time_t now, IcsEvents *ret_events, char sentence[ICS_SENTENCE_MAX]);
