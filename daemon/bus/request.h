/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the handlers of several interfaces do alike: a named task, if-seq, asking the engine, answering. */

#include "daemon/bus/internal.h"
#include "daemon/bus/options.h"
#include "daemon/engine/request.h"

/* The argument that ends every method, for the tables of the interfaces. */
#define OPTIONS "a{sv}", options

/* Entries for a handler's list of options. */
#define OPTION_IF_SEQ \
        { "if-seq", OPTION_NUMBER, UINT64_MAX }
#define OPTION_TASK_ID \
        { "task-id", OPTION_NUMBER }
#define OPTION_TASK \
        { "task", OPTION_TEXT, CAP_TITLE_BYTES }
#define OPTION_PROJECT \
        { "project", OPTION_TEXT, CAP_PROJECT_BYTES }

/* A text that may be none: NULL where it is empty or not given. */
static inline const char *option_text(const Option *option) {
        return option->text && *option->text ? option->text : NULL;
}

/* Sorts task-id, task and project into a request: by id into ret_task, or by title for the engine to look up.
 */
int request_task(Request *request, const Option *id, const Option *title, const Option *project,
                int64_t *ret_task, Refusal *ret_refusal);

/* Asks the engine on behalf of the object's user. Returns 0, or what the handler returns, with error filled
 * in. */
int request_send(const UserCall *call, Request *request, const Option *if_seq, Answer *ret_answer,
                sd_bus_error *error);

/* The same, with the answer sent: nothing, the id of what was made or changed, or a{sv} with that id and the
 * task that was made for a title. */
int request_reply(sd_bus_message *message, const UserCall *call, Request *request, const Option *if_seq,
                sd_bus_error *error);
int request_reply_made(sd_bus_message *message, const UserCall *call, Request *request, const Option *if_seq,
                sd_bus_error *error);
int request_reply_id(sd_bus_message *message, const UserCall *call, Request *request, const Option *if_seq,
                sd_bus_error *error);
/* The many requests that take no option but if-seq, read here, and are answered with nothing. */
int request_plain(sd_bus_message *message, const UserCall *call, Request *request, sd_bus_error *error);

/* The ids that people type are int64_t inside. What is greater is negative there, which is no record's, and
 * is said as the number that it was. */
static inline int64_t id_from_wire(uint64_t id) {
        return (int64_t) id;
}

/* Reads one where the message stands: 0 or a negative errno. */
int id_read(sd_bus_message *message, int64_t *ret_id);

/* The option limit of a listing: 0 is CAP_RECORDS_PER_REPLY, and more than that is refused. */
int limit_check(const Option *limit, unsigned *ret_limit, Refusal *ret_refusal);

/* An answer of aa{sv}, opened for fields_append() of one record after the other, and sent. */
int records_reply_new(sd_bus_message *call, sd_bus_message **ret_reply);
int records_reply_send(sd_bus_message *reply);
