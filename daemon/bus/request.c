/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/request.h"

#include <assert.h>
#include <inttypes.h>

#include "daemon/bus/records.h"

const Param request_params[1] = { OPTION_IF_SEQ };

int request_check_task(const Request *request, int64_t id, Refusal *ret_refusal) {
        if (request->task_title && id != 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "both task-id (%" PRIi64 ") and task (\"%s\") are given; give one of them",
                                id, request->task_title);
        if (!request->task_title && request->task_project)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the project \"%s\" is given without a task; give the task's title, too",
                                request->task_project);
        return 0;
}

int request_send(Call *call, Answer *ret_answer) {
        Request *request = call->given;
        Answer answer = {};
        int r;

        assert(call->method->effect == WRITES && call->user);
        request->type = call->method->request;
        request->event.type = call->method->event;
        r = user_request(call->user, request, &answer, &call->refusal);
        if (r == 0)
                *ret_answer = answer;
        return r;
}

int request_plain(Call *call) {
        Answer answer;

        return request_send(call, &answer);
}

int request_answer_id(Call *call) {
        Answer answer;
        int r = request_send(call, &answer);

        return r != 0 ? r : reply_append(&call->reply, "t", (uint64_t) answer.id);
}

size_t request_fields_made(const Answer *answer, Field fields[2]) {
        size_t n = 0;

        fields[n++] = field_number("id", "t", (uint64_t) answer->id);
        if (answer->created_task != 0)
                fields[n++] = field_number("created-task", "t", (uint64_t) answer->created_task);
        return n;
}

int request_answer_made(Call *call) {
        Field fields[2];
        Answer answer;
        int r = request_send(call, &answer);

        return r != 0 ? r : fields_append(&call->reply, fields, request_fields_made(&answer, fields));
}
