/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What `status --format` fills in. Pure. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clients/lib/timer.h"
#include "common/help.h"

/* The placeholders with what they stand for, for the help. */
extern const HelpItem format_placeholders[];

/* 0, or -EINVAL with the character of the first placeholder that there is not ('\0' for a percent sign at the
 * end). */
int format_check(const char *format, char *ret_unknown);

/* Whether a format that was checked has %W, for which the schedule is asked. */
bool format_wants_schedule(const char *format);

/* Prints a format, which format_check() must have found right, for a moment of CLOCK_BOOTTIME; until: the
 * text of %W. */
void format_print(FILE *file, const char *format, const TimerState *timer, uint64_t now_boot_usec,
                const char *until);

/* Where the schedule stands, as in "afternoons, pomodoro, until 17:00"; "" where no rule covers the day.
 * until "" where that is not known. The caller's. */
char *format_schedule(const TimerState *timer, const char *until);
