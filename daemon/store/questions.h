/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The questions to the log that must stay as quick in a store of a million intervals: a test looks at their
 * plans. */

extern const char log_sql[];
extern const char log_of_task_sql[];
extern const char count_completed_sql[];
extern const char newest_end_sql[];
extern const char epoch_at_sql[];
extern const char find_overlap_sql[];
extern const char find_overlap_any_sql[];
