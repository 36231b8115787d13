/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/request.h"

#include "daemon/bus/errors.h"

int request_task(Request *request, const Option *id, const Option *title, const Option *project,
                int64_t *ret_task, Refusal *ret_refusal) {
        const char *text = option_text(title);

        if (text && id->number != 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "Both task-id (%llu) and task (“%s”) are given; give one of them.",
                                (unsigned long long) id->number, text);
        if (!text && option_text(project))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "The project “%s” is given without a task; give the task's title, too.",
                                project->text);
        request->task_title = text;
        request->task_project = option_text(project);
        *ret_task = (int64_t) id->number;
        return 0;
}

int request_send(const UserCall *call, Request *request, const Option *if_seq, Answer *ret_answer,
                sd_bus_error *error) {
        Answer answer = { 0 };
        Refusal refusal;
        int r;

        request->has_if_seq = if_seq->given;
        request->if_seq = if_seq->number;
        r = engine_request(call->bus->engine, call->uid, request, &answer, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        *ret_answer = answer;
        return 0;
}
