/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a user decided about plugins: which get none of that user's claims, and standing settings. Which
 * plugins there are, and what they take, the bus has looked at by then.
 */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* From the store, when a user is loaded, restored or recovered. A negative errno of the store. */
int user_plugins_load(User *user);
void user_plugins_done(User *user);

/* REQUEST_PLUGIN_…: name and key must be those of a plugin, and text a value of it. */
int user_plugins_request(User *user, const Request *request, Refusal *ret_refusal);
