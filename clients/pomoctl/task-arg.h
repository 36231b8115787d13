/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A TASK as it is typed, by every verb: 7 or #7 is an id, everything else the title of an open task. Requests
 * that take a title make a task where none has it, and answer which.
 */

#include "clients/pomoctl/ctl.h"

typedef struct TaskArg {
        uint64_t id;         /* typed as an id, found, or made by the request; else 0 */
        char *title;         /* typed as a title; NULL: not */
        const char *project; /* --project, argv's; NULL: none */
        bool created;        /* by the request */
} TaskArg;

void task_arg_done(TaskArg *task);

/* Reads text (NULL: none was typed), and asks nobody. 0, or what to exit with after a sentence. */
int task_arg_read(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task);

/* Fills in the id of a task that was read as a title, if there is one. 0, or what to exit with: it fits two.
 */
int task_arg_find(const Ctl *ctl, TaskArg *task);

/* Reads one that has to be there, and finds it. */
int task_arg_find_known(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task);

/* The options of a request that say it; those that are not needed are left out. */
#define TASK_ARG_OPTIONS(task)                                                             \
        client_option_u64("task-id", (task)->id),                                          \
                        client_option_text("task", (task)->id > 0 ? NULL : (task)->title), \
                        client_option_text("project",                                      \
                                        (task)->id > 0 || !(task)->title ? NULL : (task)->project)

/*
 * Reads the answer of a request that says an id and perhaps the task that was made for a title, and says
 * which that is; with --json it is left to the object that the verb prints, as created_task. ret_id may be
 * NULL. 0, or what to exit with.
 */
int task_arg_answered(const Ctl *ctl, sd_bus_message *reply, TaskArg *task, uint64_t *ret_id);

/* Says that a request made the task. */
void task_arg_say_created(const Ctl *ctl, TaskArg *task, uint64_t id);
