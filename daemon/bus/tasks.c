/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stddef.h>

#include "common/names.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/pages.h"
#include "daemon/bus/request.h"

/* ---- edits ---- */

typedef struct Add {
        Request request;
        const char *title;
} Add;

static const Param add_params[] = {
        { "title", ARG_TEXT, offsetof(Add, title), CAP_TITLE_BYTES },
        OPTION_IF_SEQ,
};

static const Param update_params[] = {
        { "task", ARG_ID, offsetof(Request, id) },
        OPTION_IF_SEQ,
};

#define EDIT(rows_, type)                                      \
        .params = { .rows = (rows_),                           \
                .n = ELEMENTSOF(rows_),                        \
                .size = sizeof(type),                          \
                .record = &task_record,                        \
                .record_offset = offsetof(Request, task.task), \
                .given_offset = offsetof(Request, task.given) }

static int add(Call *call) {
        Add *add = call->given;
        int r = task_edit_set_title(&add->request.task, add->title, &call->refusal);

        return r != 0 ? r : request_answer_id(call);
}

static int remove_task(Call *call) {
        Answer answer;
        int r = request_send(call, &answer);

        return r != 0 ? r : reply_append(&call->reply, "b", (int) answer.hidden);
}

/* ---- readings ---- */

typedef struct Find {
        const char *title, *project;
} Find;

static const Param find_params[] = {
        { "title", ARG_TEXT, offsetof(Find, title), CAP_TITLE_BYTES },
        { "project", OPTION_TEXT, offsetof(Find, project), CAP_PROJECT_BYTES },
};

static int find(Call *call) {
        const Find *find = call->given;
        int64_t id = 0;
        int r = user_read_task_id(call->user, find->title, find->project, &id, &call->refusal);

        return r != 0 ? r : reply_append(&call->reply, "t", (uint64_t) id);
}

typedef struct List {
        TaskQuery query;
        int64_t task;
} List;

static const Param list_params[] = {
        { "after", OPTION_NUMBER, offsetof(List, query.after) },
        { "limit", OPTION_PAGE, offsetof(List, query.limit) },
        { "include-done", OPTION_FLAG, offsetof(List, query.include_done) },
        { "task", OPTION_NUMBER, offsetof(List, task), UINT64_MAX },
        { "tag", OPTION_TEXT, offsetof(List, query.tag), CAP_TAGS_BYTES },
};

static int append_task(Reply *reply, const void *task) {
        return record_append(reply, &task_record, task);
}

static int append_one_task(Call *call, int64_t id, Page *page) {
        Task task;
        int r = user_read_task(call->user, id, &task, &call->refusal);

        if (r != 0)
                return r;
        r = page_append(page, append_task, &task);
        task_done(&task);
        return r;
}

static int append_tasks(Call *call, List *list, Page *page) {
        cleanup_(user_read_end) Reading reading = {};
        Task task;
        int r;

        list->query.limit++; /* so that it is known whether there is more */
        r = user_read_tasks(call->user, &list->query, &reading);
        while (r == 0 && (r = user_read_next_task(&reading, &task)) > 0) {
                r = page_append(page, append_task, &task);
                if (r == 0)
                        list->query.after = task.id;
                task_done(&task);
        }
        return r;
}

static int list(Call *call) {
        List *list = call->given;
        Page page;
        int r = page_begin(&page, call, list->query.limit, "a{sv}");

        if (r == 0)
                r = list->task != 0 ? append_one_task(call, list->task, &page)
                                    : append_tasks(call, list, &page);
        return page_end(&page, r, (Field[]){ field_number("after", "t", (uint64_t) list->query.after) }, 1);
}

static const Method methods[] = {
        { "Tasks.Add", WRITES, add, "t task", EDIT(add_params, Add), .request = REQUEST_TASK_ADD },
        { "Tasks.Update", WRITES, request_plain, NULL, EDIT(update_params, Request),
                        .request = REQUEST_TASK_UPDATE },
        { "Tasks.Remove", WRITES, remove_task, "b hidden", PARAMS(update_params, Request),
                        .request = REQUEST_TASK_REMOVE },
        { "Tasks.Find", READS, find, "t task", PARAMS(find_params, Find) },
        { "Tasks.List", READS, list, "aa{sv} tasks, a{sv} more", PARAMS(list_params, List) },
};

const Interface tasks_interface = INTERFACE_OF_METHODS(POMOD_INTERFACE_TASKS, methods);
