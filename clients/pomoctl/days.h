/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Dates as people type and read them, in the zone of the environment (TZ). Pure but for that zone: what now
 * is and on which day a week begins are arguments.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "clients/pomoctl/times.h"
#include "common/date.h"

#define DAY_TEXT_MAX 32

Date day_of(time_t t); /* the local date of an instant */
time_t day_start(Date day);
const char *day_label(Date day, char buf[DAY_TEXT_MAX]); /* "Wed 2026-07-01" */

/* "17:00" on the local day of `beside`, else "Thu 2026-07-02 09:00"; with seconds where there are any. */
const char *moment_label(time_t t, time_t beside, char buf[DAY_TEXT_MAX]);

/* "2026-07-01", "today", "tomorrow", "yesterday", "monday" or "mon", which is the next. 0, or -EINVAL with a
 * sentence. */
int day_parse(const char *text, time_t now, Date *ret_day, char sentence[TIMES_SENTENCE_MAX]);

/* What date_range_parse() reads, where a weekday is the next one (ahead) or the last. week_start: 0 Sunday to
 * 6 Saturday. 0, or -EINVAL with a sentence. */
int days_parse(const char *text, time_t now, int week_start, bool ahead, Date *ret_first, Date *ret_last,
                char sentence[TIMES_SENTENCE_MAX]);

/* A copy of a time or stretch of time in which a day that is a word ("yesterday 09:00-10:15", "monday
 * 22:00..today 01:00") is written as a date; what is none is left as it is. A weekday is the next one or the
 * last. NULL: no memory. */
char *days_spelled_out(const char *text, time_t now, bool ahead);
bool day_is_word(const char *text);

/*
 * What `schedule explain` takes: "now", "18:10" of today, a day for its first instant, a day with a time, or
 * RFC 3339 with a zone, whose parts of a second are dropped. 0, or -EINVAL with a sentence.
 */
int instant_parse(const char *text, time_t now, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]);
