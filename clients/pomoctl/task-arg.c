/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/task-arg.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/records.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"

void task_arg_done(TaskArg *task) {
        free(task->title);
        *task = (TaskArg){};
}

static bool is_number(const char *text) {
        const char *digits = text + (*text == '#');

        return *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
}

int task_arg_read(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task) {
        TaskArg task = { .project = project };
        int r = 0;

        if (!text || !*text) {
                if (project)
                        return ctl_usage(ctl, "--project belongs to a TASK, and none was given");
        } else if (is_number(text))
                r = ctl_id(ctl, "a task", text, &task.id);
        else {
                r = ctl_check_text(ctl, "title", text, CAP_TITLE_BYTES)
                                    ?: ctl_check_text(ctl, "project", project, CAP_PROJECT_BYTES);
                if (r == 0)
                        task.title = memory_copy(text);
        }
        if (r == 0)
                *ret_task = task;
        return r;
}

/* The open task of the title: 0 and its id, or 0 and 0 where there is none, which program_failed() would
 * tell; else what to exit with. */
int task_arg_find(const Ctl *ctl, TaskArg *task) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;

        if (!task->title)
                return 0;
        if (client_call(ctl->program.client, POMOD_INTERFACE_TASKS, "Find",
                            CLIENT_OPTIONS(client_option_text("project", task->project)), &reply, "s",
                            task->title) < 0)
                return client_was_refused(ctl->program.client, "NoSuchTask") ? 0
                                                                             : program_failed(&ctl->program);
        return program_read(&ctl->program, reply, "t", &task->id);
}

int task_arg_find_known(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task) {
        cleanup_(task_arg_done) TaskArg task = {};
        int r;

        if (!text || !*text)
                return ctl_usage(ctl, "which task? its id is in: pomoctl task list");

        r = task_arg_read(ctl, text, project, &task) ?: task_arg_find(ctl, &task);
        if (r == 0 && task.id == 0)
                r = program_failed(&ctl->program);
        if (r != 0)
                return r;
        *ret_task = task;
        task = (TaskArg){};
        return 0;
}

int task_arg_answered(const Ctl *ctl, sd_bus_message *reply, TaskArg *task, uint64_t *ret_id) {
        cleanup_(record_putp) struct json_object *made = NULL;
        uint64_t created;
        int r = record_of_reply(&ctl->program, reply, &made);

        if (r != 0)
                return r;
        created = record_u64(made, "created-task");
        if (created != 0)
                task_arg_say_created(ctl, task, created);
        if (ret_id)
                *ret_id = record_u64(made, "id");
        return 0;
}

void task_arg_say_created(const Ctl *ctl, TaskArg *task, uint64_t id) {
        cleanup_free_ char *title = memory_safe_text(task->title);

        task->id = id;
        task->created = true;
        if (!ctl->program.json)
                printf("created task #%" PRIu64 " \"%s\"\n", id, title);
}
