/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * How large a user's store may become by what is asked for. What makes it smaller, or ends what goes on, is
 * done however large it is; and what time does by itself is stored in any case, as it is little.
 */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* With the store open. REFUSAL_LIMITS_EXCEEDED, or a negative errno of the store. */
int user_room_check(User *user, const Request *request, Refusal *ret_refusal);
