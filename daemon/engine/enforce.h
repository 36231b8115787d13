/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What should hold for a user and does not, because a plugin has no host, failed, or is disabled, or because
 * a claim lacks its grant: a sentence for people, which is kept, so that bars can read it all day. */

#include "daemon/engine/user.h"

/* "sites is not running"; NULL: it does what it should, as far as it says. For free(). */
char *user_enforce_failing(const User *user, const char *plugin);
/* Whether a plugin does what it should for this user, as far as it says. */
bool user_enforce_does(const User *user, const char *plugin);
/* Makes user->focus.not_enforced what it is by now; true: that is another sentence than before. */
bool user_enforce_look(User *user);
