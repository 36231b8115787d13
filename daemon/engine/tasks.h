/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The tasks of a user: what requests of every kind need to know of them, and the requests that are about
 * them. What a task may be called is core's to say. */

#include "daemon/engine/request.h"
#include "daemon/engine/user.h"

/* A task that is there and not hidden; REFUSAL_NO_SUCH_TASK. */
int user_tasks_get(User *user, int64_t id, Task *ret_task, Refusal *ret_refusal);
int user_tasks_check(User *user, int64_t id, Refusal *ret_refusal);
/* The open task of a title; TASK_TO_MAKE where none has it. REFUSAL_AMBIGUOUS_TASK. project NULL: any. */
int user_tasks_resolve(
                User *user, const char *title, const char *project, int64_t *ret_id, Refusal *ret_refusal);
/* Whether there may be one more; REFUSAL_LIMITS_EXCEEDED. project NULL: none. */
int user_tasks_check_room(User *user, const char *project, Refusal *ret_refusal);

/* REQUEST_TASK_ADD, _UPDATE and _REMOVE. */
int user_tasks_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
