/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Where a day begins and ends: in a zone, by the settings day-start and week-start. Periods of the log in
 * words. Owns no clock and no zone: both are arguments, and never NULL.
 */

#include <glib.h>
#include <stdint.h>

#include "common/date.h"
#include "daemon/core/refusal.h"
#include "daemon/core/settings.h"

/* Half-open: from <= started < to, microseconds UTC. */
typedef struct Span {
        uint64_t from_real_usec;
        uint64_t to_real_usec;
} Span;

/* The offset of the zone at an instant, seconds east of UTC. */
int32_t zone_offset_at(GTimeZone *zone, uint64_t real_usec);

/* The instant of a local wall-clock time, both in seconds since 1970: a time in a gap takes the offset before
 * it, an ambiguous one its first occurrence (RFC 5545). */
int64_t zone_resolve_local(GTimeZone *zone, int64_t local_sec);

/* The day (from day-start to day-start) that contains an instant. */
void day_span_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec, Span *ret_span);

/*
 * A period of the log, as people type it: "all", or what date_range_parse() reads, where a weekday is the
 * last such day. The text is never NULL. REFUSAL_INVALID_ARGUMENT says what would be right: a near word for a
 * mistyped one. Single words for what is still to come are refused, too; dates are not.
 */
int period_parse(const char *text, const Settings *settings, GTimeZone *zone, uint64_t now_real_usec,
                Span *ret_span, Refusal *ret_refusal);
