/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Settings of the daemon that change what verbs understand or show. Each: 0, or what to exit with. */

#include <stdint.h>

#include "clients/lib/program.h"

/* The day on which a week begins, 0 Sunday to 6 Saturday. */
int setting_week_start(const Program *program, int *ret_weekday);
/* When a day begins, in seconds after midnight. */
int setting_day_start(const Program *program, uint32_t *ret_sec);
