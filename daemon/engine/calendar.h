/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the rules make of a user's day: zone and calendar are made when they are asked for, and kept. What
 * holds now is worked out once and stands up to its edge, which is a deadline of the one timer; nobody looks
 * in between. It reads the user's rules, settings and the clocks, and no store.
 */

#include "daemon/engine/user.h"

/* A zone costs much to make, so it is kept; one made from the system's does not follow it. */
GTimeZone *user_calendar_zone(User *user);
/* After the zone or a setting changed: calendar and day are made anew, too. */
void user_calendar_forget_zone(User *user);

/* Takes what the set owns. What held until now is not an edge of time: nothing begins because of it. */
void user_calendar_adopt_rules(User *user, RuleSet *rules);
Calendar *user_calendar(User *user); /* there always is one */
void user_calendar_forget(User *user);

const Schedule *user_calendar_schedule(User *user); /* what holds now */
bool user_calendar_is_current(const User *user);
/* The next edge, on BOOTTIME; MACHINE_NEVER. */
uint64_t user_calendar_next(const User *user);

/* What surrounds the user's machine at this moment. */
void user_calendar_env(User *user, MachineEnv *ret_env);
