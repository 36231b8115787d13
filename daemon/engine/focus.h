/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What time and the timer do to the claims. Time's doing is a fact, whether it can be stored or not: it
 * holds, is told, and is stored when the store can be written again.
 */

#include "daemon/engine/user.h"

/* After each settling, edge and change of the rules. 0 or a negative errno of the store. */
int user_focus_settle(User *user);
/* When it wants to be settled next, on BOOTTIME; MACHINE_NEVER. */
uint64_t user_focus_next(User *user);

/* Whether there is such a profile; NULL: none is asked for. REFUSAL_NO_SUCH_PROFILE. */
int user_focus_check(User *user, const char *profile, Refusal *ret_refusal);
/*
 * What becomes of the claims where a machine becomes the user's, to be stored with it. profile: what the
 * interval that begins in it is started with; NULL none. A negative errno of the store. The caller ends the
 * change, which has no claims where none is touched.
 */
int user_focus_decide(User *user, const Machine *machine, const char *profile, FocusChange *ret_change);
