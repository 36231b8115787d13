/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Times as people type them, in the zone of the environment (TZ). Pure but for that zone: what now is, and
 * which day is meant where none is typed, are arguments. Seconds since 1970 in UTC.
 */

#include <stdint.h>
#include <time.h>

#include "common/date.h"

#define TIMES_SENTENCE_MAX 512u

/*
 * The instant of a local wall clock time, given as a date and the seconds after 00:00. One that the clock
 * skips takes the offset before the gap, one that it shows twice is the first.
 */
time_t time_from_local(Date date, unsigned second_of_day);

/*
 * "18:10", "18:10:30", "2026-07-01 18:10", "2026-07-01T18:10:00", or with a zone "2026-07-01T18:10:00Z" and
 * "+02:00". A time alone is on the local day of `day`. 0, or -EINVAL with a sentence.
 */
int time_parse(const char *text, time_t day, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]);

/* The same, but a time alone is the last such time that is not after now. */
int time_parse_past(const char *text, time_t now, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]);

/*
 * "09:00-10:15", "2026-07-01 09:00-10:15", "2026-07-01 23:00..2026-07-02 01:00". An end before the start is
 * on the next day if that makes at most 12 hours. Times alone are today's; before the day has begun
 * (day_start_sec after midnight), one that has not come is yesterday's, as is one over midnight whose end has
 * not.
 */
int time_range_parse(const char *text, time_t now, uint32_t day_start_sec, time_t *ret_start, time_t *ret_end,
                char sentence[TIMES_SENTENCE_MAX]);
