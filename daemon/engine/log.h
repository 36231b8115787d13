/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Edits of the log by hand: what they make of a record is core's, what is in the way is the store's to find.
 * Each is one step of undo. */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* Refuses where something else than the interval except lies in [started, ended) by any clock, what runs
 * included, and says what: REFUSAL_OVERLAP. */
int user_log_check_free(User *user, int64_t except, uint64_t started, uint64_t ended, Refusal *ret_refusal);

/* REQUEST_LOG_. */
int user_log_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
