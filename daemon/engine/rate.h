/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * How fast one user's store is changed by what is asked for: CAP_CHANGES_PER_MIN by BOOTTIME, of which
 * CAP_CHANGES_AT_ONCE can be made in a burst. Whoever asks, it is the user's. What is refused, changes
 * nothing or is only read counts for nothing, and neither does what time does.
 */

#include "daemon/engine/user.h"

/* REFUSAL_LIMITS_EXCEEDED, with when the next can be made. */
int user_rate_check(const User *user, Refusal *ret_refusal);
void user_rate_count(User *user); /* a change that was made */
/* So much of it is used that it is not to be forgotten. */
bool user_rate_is_used(const User *user);
