/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The log, read: what store.h promises of intervals, and the texts of those questions that must stay as quick
 * in a store of a million intervals. A test looks at their plans.
 */

extern const char intervals_log_sql[];
extern const char intervals_of_task_sql[];
extern const char intervals_completed_sql[];
extern const char intervals_newest_end_sql[];
extern const char intervals_epoch_at_sql[];
extern const char intervals_overlap_sql[];
extern const char intervals_overlap_any_sql[];
