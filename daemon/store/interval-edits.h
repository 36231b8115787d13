/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* An interval as a whole into its table. What becomes of it while it runs is the rows of the machine. */

#include "daemon/core/types.h"
#include "daemon/store/statement.h"

/* All that is stored of it but its parts; uuid is filled in where it is empty. */
int interval_insert(Store *store, Interval *interval);
