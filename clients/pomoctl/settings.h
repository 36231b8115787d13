/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Settings of the daemon that change what verbs understand or show. */

#include "clients/pomoctl/ctl.h"

/* The day on which a week begins, 0 Sunday to 6 Saturday. 0, or what to exit with. */
int setting_week_start(const Ctl *ctl, int *ret_weekday);
