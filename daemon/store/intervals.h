/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The log: what store.h and write.h promise of intervals, but for what the machine makes of them (rows.c). */

#include "daemon/core/types.h"
#include "daemon/store/statement.h"

/* All that is stored of it but its parts; uuid is filled in where it is empty. The id must be above 0. */
int interval_insert(Store *store, Interval *interval);
