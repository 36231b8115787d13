/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Office days: the requests that add, move and drop them, and what became of them. Core decides both. */

#include "daemon/core/office-days.h"
#include "daemon/engine/request.h"

/* Those of a range of dates, both included. func stops it with any value but 0, which is returned; else 0 or
 * a negative errno. */
int user_office_days_each(User *user, Date from, Date to, OfficeDayFunc func, void *userdata);

/* REQUEST_OFFICE_DAY_ADD, _MOVE and _DROP. */
int user_office_days_request(User *user, const Request *request, Refusal *ret_refusal);
