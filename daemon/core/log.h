/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Dates and edits of the log: which day an interval belongs to, and whether what a person wants to write into
 * the log makes sense by itself. Whether it overlaps something is the store's to say.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/now.h"
#include "daemon/core/refusal.h"
#include "daemon/core/settings.h"
#include "daemon/core/types.h"

/* Half-open: from <= started < to, microseconds UTC. */
typedef struct Span {
        uint64_t from_real_usec;
        uint64_t to_real_usec;
} Span;

/* The offset of the zone at an instant, seconds east of UTC. */
int32_t zone_offset_at(GTimeZone *zone, uint64_t real_usec);

/* The instant of a local time, both in seconds since 1970, as zone_resolve() does it. */
int64_t zone_resolve_local(GTimeZone *zone, int64_t local_sec);

/* The instant of a local wall-clock time: a time in a gap takes the offset before it, an ambiguous one its
 * first occurrence (RFC 5545). Years 1970 to 9999; -ERANGE outside, -EINVAL for a date that is none. */
int zone_resolve(GTimeZone *zone, int year, int month, int day, uint32_t second_of_day,
                uint64_t *ret_real_usec);

/* The day (from day-start to day-start) that contains an instant, and the week (from week-start). */
void day_span_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec, Span *ret_span);
void week_span_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec, Span *ret_span);

/*
 * A period in words: "today", "yesterday", "week" (this one), "all", "2026-07-01", "2026-07-01..2026-07-31"
 * (both days included). REFUSAL_INVALID_ARGUMENT with what would be right.
 */
int period_parse(const char *text, const Settings *settings, GTimeZone *zone, uint64_t now_real_usec,
                Span *ret_span, Refusal *ret_refusal);

/* A new record, or fields to change in one that exists. */
typedef struct LogEdit {
        bool has_kind, has_started, has_ended, has_task, has_note;
        IntervalKind kind; /* pomodoro (completed) or freeform; adding without kind: freeform */
        uint64_t started_real_usec, ended_real_usec;
        int64_t task;     /* 0: none */
        const char *note; /* "": none */
} LogEdit;

/* A whole record from an edit: kind, times, offset, outcome completed, edited. Caller owns its strings. */
int log_edit_make(const LogEdit *edit, GTimeZone *zone, const Now *now, Interval *ret_interval,
                Refusal *ret_refusal);

/*
 * What an existing record becomes. Times of a running one cannot be edited; pauses must still fit inside
 * (they are clipped to it). Kind cannot become or stop being a break.
 */
int log_edit_apply(const Interval *interval, const LogEdit *edit, GTimeZone *zone, const Now *now,
                Interval *ret_interval, Refusal *ret_refusal);
