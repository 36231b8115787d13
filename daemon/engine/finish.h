/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The last that is done for a user who is about to be unloaded. */

#include "daemon/engine/user.h"

/* Time is settled, and all that waits is stored, as far as the store takes it: what failed is in the journal.
 * 0 or a negative errno of the store. */
int user_finish(User *user);
