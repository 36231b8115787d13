/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What people ask of focus, decided by core: stored, then true, then told. */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* REQUEST_FOCUS_ENGAGE, _RELEASE and _WITHDRAW. */
int user_focus_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
