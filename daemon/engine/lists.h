/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The lists of names of a user. Their texts are in the store alone. */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* From the store, when a user is loaded, restored or recovered. A negative errno of the store. */
int user_lists_load(User *user);
void user_lists_done(User *user);

/* REQUEST_LIST_SET and _REMOVE. */
int user_lists_request(User *user, const Request *request, Refusal *ret_refusal);
