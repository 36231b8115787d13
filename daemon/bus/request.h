/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the handlers of several interfaces do alike: the options of requests, asking the engine, answering.
 * The struct of params of a method that asks for something begins with a Request, whose members its rows
 * fill; its type, and that of its event, stand in the method's row.
 */

#include "daemon/bus/method.h"
#include "daemon/bus/records.h"

/* Rows of params. */
#define OPTION_IF_SEQ \
        { "if-seq", OPTION_NUMBER, offsetof(Request, if_seq), UINT64_MAX, offsetof(Request, has_if_seq) }
/* A task by its id in a member, or by the title that the engine looks up; given says where that is noted. */
#define OPTIONS_OF_TASK(id, given)                                                                        \
        { "task-id", OPTION_NUMBER, offsetof(Request, id), 0, given },                                    \
                        { "task", OPTION_TEXT, offsetof(Request, task_title), CAP_TITLE_BYTES, given }, { \
                "project", OPTION_TEXT, offsetof(Request, task_project), CAP_PROJECT_BYTES                \
        }

/* For the many that take nothing but if-seq. */
extern const Param request_params[1];

/* Refuses a task by id and title, and a project without a title. */
int request_check_task(const Request *request, int64_t id, Refusal *ret_refusal);

/* Asks the engine for what call->given says, which must be of a method that WRITES. */
int request_send(Call *call, Answer *ret_answer);

/* Handlers, and ends of handlers: the same, answered with nothing, with t, the id of what was made or
 * changed, or with a{sv} of that id and the task that was made for a title. */
int request_plain(Call *call);
int request_answer_id(Call *call);
int request_answer_made(Call *call);
/* The fields of the latter; returns how many. */
size_t request_fields_made(const Answer *answer, Field fields[2]);
