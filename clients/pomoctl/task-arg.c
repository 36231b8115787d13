/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/task-arg.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/json.h"
#include "clients/pomoctl/record.h"
#include "common/caps.h"
#include "common/names.h"

void task_arg_done(TaskArg *task) {
        free(task->title);
        *task = (TaskArg){};
}

static bool is_number(const char *text) {
        const char *digits = text + (*text == '#');

        return *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
}

/* The open task of a title: 0 and its id, or 0 and 0 where there is none, which ctl_failed() would tell; else
 * what to exit with. */
static int title_find(const Ctl *ctl, const char *title, const char *project, uint64_t *ret_id) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL, *reply = NULL;
        uint64_t id;
        int r;

        r = client_message_new(ctl->client, POMOD_INTERFACE_TASKS, "Find", &message);
        if (r < 0)
                return ctl_failed(ctl);

        if ((r = sd_bus_message_append(message, "s", title)) < 0 || (r = client_options_open(message)) < 0 ||
                        (r = client_option_string(message, "project", project)) < 0 ||
                        (r = client_options_close(message)) < 0)
                return ctl_errno(ctl, r, "cannot ask for the task");

        r = client_send(ctl->client, message, &reply);
        if (r < 0) {
                if (strcmp(client_error_name(ctl->client), POMOD_ERROR_PREFIX "NoSuchTask") != 0)
                        return ctl_failed(ctl);
                *ret_id = 0;
                return 0;
        }

        r = sd_bus_message_read(reply, "t", &id);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        *ret_id = id;
        return 0;
}

int task_arg_read(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task) {
        TaskArg task = { .project = project };
        int r;

        if (!text || !*text) {
                if (project)
                        return ctl_usage(ctl, "--project belongs to a TASK, and none was given");
                *ret_task = task;
                return 0;
        }

        task.given = true;
        if (is_number(text)) {
                r = ctl_id(ctl, "a task", text, &task.id);
                if (r != 0)
                        return r;
                *ret_task = task;
                return 0;
        }

        r = ctl_check_text(ctl, "title", text, CAP_TITLE_BYTES);
        if (r == 0 && project)
                r = ctl_check_text(ctl, "project", project, CAP_PROJECT_BYTES);
        if (r != 0)
                return r;
        task.title = strdup(text);
        if (!task.title)
                return ctl_errno(ctl, -ENOMEM, "cannot keep the title");
        *ret_task = task;
        return 0;
}

int task_arg_find(const Ctl *ctl, TaskArg *task) {
        return task->title ? title_find(ctl, task->title, task->project, &task->id) : 0;
}

int task_arg_find_known(const Ctl *ctl, const char *text, const char *project, TaskArg *ret_task) {
        cleanup_(task_arg_done) TaskArg task = {};
        int r;

        if (!text || !*text)
                return ctl_usage(ctl, "which task? its id is in: pomoctl task list");

        r = task_arg_read(ctl, text, project, &task);
        if (r == 0)
                r = task_arg_find(ctl, &task);
        if (r == 0 && task.id == 0)
                r = ctl_failed(ctl);
        if (r != 0)
                return r;
        *ret_task = task;
        task = (TaskArg){};
        return 0;
}

int task_arg_append(const TaskArg *task, sd_bus_message *message) {
        int r;

        if (!task->given)
                return 0;
        if (task->id > 0)
                return client_option_u64(message, "task-id", task->id);

        r = client_option_string(message, "task", task->title);
        return r < 0 ? r : client_option_string(message, "project", task->project);
}

int task_arg_send(const Ctl *ctl, sd_bus_message *message, TaskArg *task, uint64_t *ret_id) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(record_putp) struct json_object *made = NULL;
        uint64_t created;
        int r;

        if (client_send(ctl->client, message, &reply) < 0)
                return ctl_failed(ctl);
        r = record_of_reply(ctl, reply, &made);
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
        cleanup_free_ char *title = NULL;

        task->id = id;
        task->created = true;
        if (ctl->json)
                return;
        title = ctl_text(task->title);
        printf("created task #%" PRIu64 " \"%s\"\n", id, title);
}
