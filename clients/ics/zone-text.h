/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A VTIMEZONE of the zone of the process (TZ). Made of what the system's own zone does, change by change and
 * only from one instant to another: what libical has for a zone goes back to 1893, is worked out of the same
 * files by another reading of them, and is 200 lines for Berlin.
 */

#include <libical/ical.h>
#include <time.h>

/* From before `from` to a year after `to`. The caller's, or its parent's. */
icalcomponent *zone_component(const char *name, time_t from, time_t to);
