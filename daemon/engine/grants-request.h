/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Grants that are given and taken back: see request.h. */

#include "daemon/engine/request.h"

/* REQUEST_GRANT, REQUEST_GRANTS_REVOKE. */
int user_grants_request(User *user, const Request *request, Refusal *ret_refusal);
