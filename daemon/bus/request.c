/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/request.h"

#include <inttypes.h>

#include "daemon/bus/errors.h"
#include "daemon/bus/records.h"

int request_task(Request *request, const Option *id, const Option *title, const Option *project,
                int64_t *ret_task, Refusal *ret_refusal) {
        const char *text = option_text(title);

        if (text && id->number != 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "both task-id (%" PRIu64 ") and task (\"%s\") are given; give one of them",
                                id->number, text);
        if (!text && option_text(project))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the project \"%s\" is given without a task; give the task's title, too",
                                project->text);
        request->task_title = text;
        request->task_project = option_text(project);
        *ret_task = (int64_t) id->number;
        return 0;
}

int request_send(const UserCall *call, Request *request, const Option *if_seq, Answer *ret_answer,
                sd_bus_error *error) {
        Answer answer = {};
        Refusal refusal;
        int r;

        request->has_if_seq = if_seq->given;
        request->if_seq = if_seq->number;
        r = user_request(call->user, request, &answer, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        *ret_answer = answer;
        return 0;
}

int request_reply(sd_bus_message *message, const UserCall *call, Request *request, const Option *if_seq,
                sd_bus_error *error) {
        Answer answer;
        int r;

        r = request_send(call, request, if_seq, &answer, error);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(message, NULL);
}

int request_reply_id(sd_bus_message *message, const UserCall *call, Request *request, const Option *if_seq,
                sd_bus_error *error) {
        Answer answer;
        int r;

        r = request_send(call, request, if_seq, &answer, error);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(message, "t", (uint64_t) answer.id);
}

int request_reply_made(sd_bus_message *message, const UserCall *call, Request *request, const Option *if_seq,
                sd_bus_error *error) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        Field fields[2];
        size_t n = 0;
        Answer answer;
        int r;

        r = request_send(call, request, if_seq, &answer, error);
        if (r < 0)
                return r;
        fields[n++] = field_number("id", "t", (uint64_t) answer.id);
        if (answer.created_task != 0)
                fields[n++] = field_number("created-task", "t", (uint64_t) answer.created_task);
        r = sd_bus_message_new_method_return(message, &reply);
        if (r >= 0)
                r = fields_append(reply, fields, n);
        return r < 0 ? r : sd_bus_message_send(reply);
}

int request_plain(sd_bus_message *message, const UserCall *call, Request *request, sd_bus_error *error) {
        Option if_seq = OPTION_IF_SEQ;
        Refusal refusal;
        int r;

        r = options_read(message, &if_seq, 1, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_reply(message, call, request, &if_seq, error);
}

int id_read(sd_bus_message *message, int64_t *ret_id) {
        uint64_t id;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_UINT64, &id);
        if (r < 0)
                return r;
        *ret_id = id_from_wire(id);
        return 0;
}

int limit_check(const Option *limit, unsigned *ret_limit, Refusal *ret_refusal) {
        if (limit->number > CAP_RECORDS_PER_REPLY)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the limit of %" PRIu64
                                " records is more than one answer can hold, which is %u; ask for the rest with the last record that you were given",
                                limit->number, CAP_RECORDS_PER_REPLY);
        *ret_limit = limit->number != 0 ? (unsigned) limit->number : CAP_RECORDS_PER_REPLY;
        return 0;
}

int records_reply_new(sd_bus_message *call, sd_bus_message **ret_reply) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        int r;

        r = sd_bus_message_new_method_return(call, &reply);
        if (r < 0)
                return r;
        r = sd_bus_message_open_container(reply, SD_BUS_TYPE_ARRAY, "a{sv}");
        if (r < 0)
                return r;
        *ret_reply = steal(reply);
        return 0;
}

int records_reply_send(sd_bus_message *reply) {
        int r = sd_bus_message_close_container(reply);

        return r < 0 ? r : sd_bus_message_send(reply);
}
