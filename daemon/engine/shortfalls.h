/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What hosts say now of single claims in force: that one fails, or holds in part. It is kept in memory alone,
 * until the host of the plugin reports again, and counts for as long as that host is there. What goes on
 * record is in claims.h.
 */

#include "daemon/engine/read.h"
#include "daemon/engine/reports.h"
#include "daemon/engine/user.h"

/* Puts what a report says of this user's claims in the place of what its plugin said before. */
void user_shortfalls_put(User *user, const PluginReport *report);
/* See read.h. */
void user_shortfalls_show(const User *user, const Claim *claim, ClaimShortfall *ret_shortfall);
