/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Claims that nobody acts on. Where a plugin of a claim in force has had no host for ATTENDANCE_USEC, counted
 * from when pomod began to look at the earliest, the claim gets a failure that says since when; once for each
 * time that a host is away. Of plugins that the user has disabled nothing is noted: nobody is to act on them.
 */

#include "daemon/engine/user.h"

#define ATTENDANCE_USEC USEC_PER_MIN

/* After whatever settling did to the claims; costs nothing where nothing can have changed. */
void user_attendance_settle(User *user);
/* When it wants to be settled next, on BOOTTIME; MACHINE_NEVER. */
uint64_t user_attendance_next(const User *user);
