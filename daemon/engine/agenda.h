/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the rules make of times other than now, and what of them can never come true; the requests that add,
 * move and drop office days, and what became of them. Core decides all of it. */

#include "daemon/core/office-days.h"
#include "daemon/engine/request.h"

int user_agenda_each_warning(User *user, WarningFunc func, void *userdata);
/* at_real_usec 0: now. The schedule points into the rules: valid until engine_leave(). ret_why: free with
 * g_free(); NULL: not wanted. */
int user_agenda_explain(User *user, uint64_t at_real_usec, Schedule *ret_schedule, char **ret_why,
                Refusal *ret_refusal);
/* As calendar_agenda_from(), of what lies behind at_real_usec. */
int user_agenda_each(User *user, const Span *span, uint64_t *at_real_usec, StretchFunc func, void *userdata,
                Refusal *ret_refusal);
/* from_real_usec 0: of the whole date. */
int user_agenda_capacity(User *user, Date date, uint64_t from_real_usec, uint32_t *ret_pomodoros,
                Refusal *ret_refusal);

/* Office days from a place on up to a date, which is included; gives way. As office_days_each(), or a
 * negative errno. */
int user_office_days_each(User *user, OfficeDayPlace *place, Date to, OfficeDayFunc func, void *userdata);

/* REQUEST_OFFICE_DAY_ADD, _MOVE and _DROP. */
int user_office_days_request(User *user, const Request *request, Refusal *ret_refusal);
