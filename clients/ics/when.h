/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A time of a calendar file with the zone that it is in. */

#include <libical/ical.h>

#include "clients/ics/ics.h"

typedef struct When {
        icaltimetype time;
        icaltimezone *zone; /* NULL: a date, or a time of whatever zone the reader is in */
} When;

/*
 * The value of a property, in the zone that the property names. calendar: where zones are looked for first.
 * -EINVAL with a sentence that names the event.
 */
int when_read(icalcomponent *calendar, icalproperty *property, icaltimetype value, const char *event,
                When *ret_when, char sentence[ICS_SENTENCE_MAX]);
/* What tells two of them apart: the instant, or without a zone the wall clock. */
int64_t when_key(const When *when);
/* The same time as the wall clock of this process shows it. */
Civil when_civil(const When *when);
/* As it is written, whatever the zone. */
Civil when_written(const When *when);
/* A time that was written without a zone, beside one that has it, is in that one's. */
void when_in_zone_of(When *when, const When *other);
