/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A TASK as it is typed, by every verb: "#7"; else the title of an open task; else 7, which is #7 where no
 * task has that title; else a title, which the daemon makes a task of.
 */

#include "clients/pomoctl/ctl.h"

typedef struct TaskArg {
        bool given;
        uint64_t id;         /* typed as an id, or found; 0: to be created */
        char *title;         /* typed as a title */
        const char *project; /* --project, argv's; NULL: none */
        bool created;        /* by the request, and said so */
} TaskArg;

void task_arg_done(TaskArg *task);

/*
 * Reads text (NULL: none was typed) and looks for its title. 0, or what to exit with after a sentence: it is
 * no text, it fits two tasks.
 */
int task_arg_find(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task);

/* The same where it is not to be created: a bare number that is nobody's title is an id, and what is none is
 * refused, as the daemon says it. */
int task_arg_find_known(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task);

/* Appends task-id or task and project to open options. */
int task_arg_append(const TaskArg *task, sd_bus_message *message);

/* After the request was granted: says which task was made, if one was; with --json that is left to the object
 * that the verb prints, as created_task. 0, or what to exit with. */
int task_arg_say_created(const Ctl *ctl, TaskArg *task);
