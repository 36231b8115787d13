/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The newest good backup takes the place of a store that is damaged. Everything is loaded anew and told as
 * such. */

#include "daemon/engine/user.h"

/* After -EUCLEAN. Returns REFUSAL_STORE_FAILED, with what took its place or why nothing could. */
int user_recover(User *user, Refusal *ret_refusal);
/* The same for a user who is just being loaded: 0, or a negative errno of the store. */
int user_recover_unseen(User *user);

/* While the store is doubted: looks whether the last write happened, and then memory and all who listen
 * follow what is stored. -ESTALE. */
int user_recover_doubted(User *user);
