/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Requests that change rules and profiles. Each makes the set as it would be, checks it as a whole, stores it
 * and only then lives by it. */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* Stores a set that was checked, takes it, and tells. A negative errno of the store. */
int user_rules_commit(User *user, RuleSet *set);

/* REQUEST_RULE_, REQUEST_PROFILE_ and REQUEST_RULES_IMPORT. */
int user_rules_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
