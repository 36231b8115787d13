/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Requests that set a setting, or take it back to its default. What a setting may be is core's to say. */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* REQUEST_SETTING_SET and _RESET. */
int user_settings_request(User *user, const Request *request, Refusal *ret_refusal);
