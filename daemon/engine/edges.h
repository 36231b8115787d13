/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Edges of the day by its rules, as they are passed: told, and lived. AutoStart begins a window's mode,
 * AutoSwitch ends a freeform morning. */

#include "daemon/engine/user.h"

/* started: it is the first look since the program began. 0 or a negative errno of the store. */
int user_edges_settle(User *user, bool started);
