/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/errors.h"
#include "daemon/bus/method.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/options.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"

static int edit_read(sd_bus_message *message, TaskEdit *edit, Option *if_seq, Refusal *ret_refusal) {
        return options_read_fields(message, &task_record, if_seq, 1, &edit->task, &edit->given, ret_refusal);
}

static void request_done(Request *request) {
        task_edit_done(&request->task);
}

static int method_add(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(request_done) Request request = { .type = REQUEST_TASK_ADD };
        Option if_seq = OPTION_IF_SEQ;
        const char *title;
        Refusal refusal;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &title);
        if (r < 0)
                return r;
        r = text_validate(title, CAP_TITLE_BYTES, "title", &refusal);
        if (r == 0)
                r = edit_read(message, &request.task, &if_seq, &refusal);
        if (r == 0)
                r = task_edit_set_title(&request.task, title, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_reply_id(message, userdata, &request, &if_seq, error);
}

static int method_update(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        cleanup_(request_done) Request request = { .type = REQUEST_TASK_UPDATE };
        Option if_seq = OPTION_IF_SEQ;
        Refusal refusal;
        int r;

        r = id_read(message, &request.id);
        if (r < 0)
                return r;
        r = edit_read(message, &request.task, &if_seq, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return request_reply(message, userdata, &request, &if_seq, error);
}

static int method_remove(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Option if_seq = OPTION_IF_SEQ;
        Request request = { .type = REQUEST_TASK_REMOVE };
        Refusal refusal;
        Answer answer;
        int r;

        r = id_read(message, &request.id);
        if (r < 0)
                return r;
        r = options_read(message, &if_seq, 1, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        r = request_send(userdata, &request, &if_seq, &answer, error);
        if (r < 0)
                return r;
        return sd_bus_reply_method_return(message, "b", (int) answer.hidden);
}

static int method_find(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const UserCall *call = userdata;
        Option options[] = { OPTION_PROJECT };
        const char *title;
        Refusal refusal;
        int64_t id;
        int r;

        r = sd_bus_message_read_basic(message, SD_BUS_TYPE_STRING, &title);
        if (r < 0)
                return r;
        r = text_validate(title, CAP_TITLE_BYTES, "title", &refusal);
        if (r == 0)
                r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = user_read_task_id(call->user, title, option_text(&options[0]), &id, &refusal);
        if (r != 0)
                return error_set(error, r, &refusal);
        return sd_bus_reply_method_return(message, "t", (uint64_t) id);
}

static int append_task(const Task *task, void *userdata) {
        return record_append(userdata, &task_record, task);
}

static int append_one_task(const UserCall *call, uint64_t id, sd_bus_message *reply, Refusal *ret_refusal) {
        cleanup_(task_done) Task task = {};
        int r;

        r = user_read_task(call->user, id_from_wire(id), &task, ret_refusal);
        return r != 0 ? r : append_task(&task, reply);
}

static int method_list(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        enum {
                AFTER,
                LIMIT,
                INCLUDE_DONE,
                ONE,
                TAG,
        };
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const UserCall *call = userdata;
        Option options[] = {
                [AFTER] = { "after", OPTION_NUMBER },
                [LIMIT] = { "limit", OPTION_NUMBER, UINT32_MAX },
                [INCLUDE_DONE] = { "include-done", OPTION_FLAG },
                [ONE] = { "task", OPTION_NUMBER, UINT64_MAX },
                [TAG] = { "tag", OPTION_TEXT, CAP_TAGS_BYTES },
        };
        TaskQuery query = {};
        Refusal refusal;
        int r;

        r = options_read(message, options, ELEMENTSOF(options), &refusal);
        if (r == 0)
                r = limit_check(&options[LIMIT], &query.limit, &refusal);
        if (r == 0)
                r = records_reply_new(message, &reply);
        if (r == 0 && options[ONE].number != 0)
                r = append_one_task(call, options[ONE].number, reply, &refusal);
        else if (r == 0) {
                query.after = (int64_t) options[AFTER].number;
                query.include_done = options[INCLUDE_DONE].flag;
                query.tag = option_text(&options[TAG]);
                r = user_read_tasks(call->user, &query, append_task, reply);
        }
        if (r != 0)
                return error_set(error, r, &refusal);
        return records_reply_send(reply);
}

static const Method tasks_methods[] = {
        { "Tasks.Add", method_add },
        { "Tasks.Update", method_update },
        { "Tasks.Remove", method_remove },
        { "Tasks.Find", method_find },
        { "Tasks.List", method_list },
};
DEFINE_METHOD_CALL(tasks, tasks_methods);

const sd_bus_vtable tasks_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_ARGS("Add", SD_BUS_ARGS("s", title, OPTIONS), SD_BUS_RESULT("t", task), tasks_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Update", SD_BUS_ARGS("t", task, OPTIONS), SD_BUS_NO_RESULT, tasks_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Remove", SD_BUS_ARGS("t", task, OPTIONS), SD_BUS_RESULT("b", hidden),
                        tasks_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("Find", SD_BUS_ARGS("s", title, OPTIONS), SD_BUS_RESULT("t", task),
                        tasks_call, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_ARGS("List", SD_BUS_ARGS(OPTIONS), SD_BUS_RESULT("aa{sv}", tasks), tasks_call,
                        SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};
