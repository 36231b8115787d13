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

void task_edit_done(TaskEdit *edit);

/* Refuses a title that is blank or the number of a task. */
int task_title_check(const char *title, Refusal *ret_refusal);
/* NULL and "": none, which is fine. */
int task_project_check(const char *project, Refusal *ret_refusal);

/* The title of a new task, which is no option of its own; refused where it is given as one, too. */
int task_edit_set_title(TaskEdit *edit, const char *title, Refusal *ret_refusal);

/* Refuses a value that no task can have. A new task needs a title. */
int task_edit_check(const TaskEdit *edit, bool is_new, Refusal *ret_refusal);
/* Puts the values that are given into the task, which owns its texts. */
void task_edit_apply(const TaskEdit *edit, Task *task);
