/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* How the timer is told to people, by status and after every verb that changed it. */

#include <json-c/json.h>

#include "clients/pomoctl/ctl.h"

/* "pomodoro · 18:32 left · until 14:25 · Write report #7" */
void status_print_line(const Ctl *ctl, const TimerState *timer);

/* A line about what should hold and does not; none where all does. What does not work is what matters most:
 * it is said last, where it is seen. */
void status_print_not_enforced(const Ctl *ctl, const TimerState *timer);

/* The end of a verb that changed the timer: reads it and prints the line, or with --json the object. */
int status_after(const Ctl *ctl);
/* The same with one more field of that object, for what is told in a sentence of its own; it takes the value.
 */
int status_after_with(const Ctl *ctl, const char *key, struct json_object *value);
