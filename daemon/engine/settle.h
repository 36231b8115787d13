/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What time did to a user since somebody looked: sleep, a set clock, deadlines, edges of the day. It arms
 * nobody's timer, and says when the user's is due. */

#include "daemon/engine/user.h"

/* All of it; where nothing can have changed it costs next to nothing. 0 or a negative errno of the store. */
int user_settle(User *user);
/* Rings alone, which touch no store. */
void user_settle_rings(User *user);
/* Works out when the user's timer is due: User.next_usec and User.wake_usec. */
void user_settle_rearm(User *user);
