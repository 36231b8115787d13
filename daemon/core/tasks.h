/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a task may be called, what an edit makes of one, and what is refused for what a store has. Pure: the
 * engine looks into the store. Texts and dates must be those that the bus has checked.
 */

#include <stdint.h>

#include "daemon/core/refusal.h"
#include "daemon/core/types.h"

/* The fields that are given, by their places in task_record, with their values. */
typedef struct TaskEdit {
        uint64_t given; /* bit i: field i */
        Task task;
} TaskEdit;

/* Refuses a title that is blank or the number of a task. */
int task_title_check(const char *title, Refusal *ret_refusal);
/* NULL and "": none, which is fine. */
int task_project_check(const char *project, Refusal *ret_refusal);

/* The task of a title that none has yet: a write that makes it gives it its number. */
#define TASK_TO_MAKE INT64_MAX

/* REFUSAL_NO_SUCH_TASK. */
int task_refuse_missing(int64_t id, Refusal *ret_refusal);
/* Which of the open tasks of a title is meant, of which there are so many and id is one: TASK_TO_MAKE where
 * there is none. REFUSAL_AMBIGUOUS_TASK. */
int task_choose(const char *title, unsigned count, int64_t id, int64_t *ret_id, Refusal *ret_refusal);
/* Whether there may be one more; REFUSAL_LIMITS_EXCEEDED. */
int task_check_room(unsigned tasks, Refusal *ret_refusal);
int task_check_project_room(unsigned projects, Refusal *ret_refusal);

/* The title of a new task, which is no option of its own; refused where it is given as one, too. */
int task_edit_set_title(TaskEdit *edit, const char *title, Refusal *ret_refusal);

/* Refuses a value that no task can have. A new task needs a title. */
int task_edit_check(const TaskEdit *edit, bool is_new, Refusal *ret_refusal);
/* Puts the values that are given into the task, which owns its texts. */
void task_edit_apply(const TaskEdit *edit, Task *task);
