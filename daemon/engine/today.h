/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The day that it is for a user, and what was completed on it. A day belongs to the date of the window that
 * holds; outside of windows, to the day that began at day-start.
 */

#include "daemon/engine/user.h"

/* Finds the day and counts it. A negative errno of the store, and then it is not known. */
int user_today_count(User *user);
/* The clocks say that it is still the day that was counted. */
bool user_today_is_current(const User *user);
/* Whether an interval that began then, in the window of a date or in none (""), is of today. */
bool user_today_has(const User *user, uint64_t started_real_usec, const char *window_date);

/* The local date of an instant. */
void user_today_date_at(User *user, uint64_t real_usec, char ret_date[11]);
/* The day, from day-start to day-start, that contains an instant outside of windows. */
void user_today_day_at(User *user, uint64_t real_usec, Span *ret_span, char ret_date[11]);
