/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/tasks.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "daemon/engine/publish.h"
#include "daemon/engine/running.h"

int user_tasks_get(User *user, int64_t id, Task *ret_task, Refusal *ret_refusal) {
        Task task = {};
        int r;

        r = user->store ? store_task_get(user->store, id, &task) : -ENOENT;
        if (r == -ENOENT)
                return task_refuse_missing(id, ret_refusal);
        if (r < 0)
                return r;
        if (task.removed) {
                task_done(&task);
                return task_refuse_missing(id, ret_refusal);
        }
        *ret_task = task;
        return 0;
}

int user_tasks_check(User *user, int64_t id, Refusal *ret_refusal) {
        cleanup_(task_done) Task task = {};

        return user_tasks_get(user, id, &task, ret_refusal);
}

int user_tasks_resolve(
                User *user, const char *title, const char *project, int64_t *ret_id, Refusal *ret_refusal) {
        unsigned count = 0;
        int64_t id = 0;
        int r;

        r = task_title_check(title, ret_refusal);
        if (r == 0)
                r = task_project_check(project, ret_refusal);
        if (r != 0)
                return r;
        if (user->store) {
                r = store_task_find(user->store, title, project, &id, &count);
                if (r < 0 && r != -ENOENT)
                        return r;
        }
        return task_choose(title, count, id, ret_id, ret_refusal);
}

/* Only asked at the cap, so that it need not be quick. */
static int has_project(User *user, const char *project, bool *ret_has) {
        TaskQuery query = { .include_done = true };
        bool any = true, has = false;
        int r = 0;

        while (r == 0 && any && !has) {
                cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
                Task task;

                any = false;
                r = store_tasks_read(user->store, &query, &cursor);
                while (r >= 0 && (r = store_tasks_next(cursor, &task)) > 0) {
                        any = true;
                        query.after = task.id;
                        has = has || g_strcmp0(task.project, project) == 0;
                        task_done(&task);
                }
        }
        if (r == 0)
                *ret_has = has;
        return r;
}

static int check_room_for_project(User *user, const char *project, unsigned projects, Refusal *ret_refusal) {
        bool has;
        int r;

        if (!project || project[0] == '\0' || task_check_project_room(projects, NULL) == 0)
                return 0;
        r = has_project(user, project, &has);
        return r < 0 || has ? r : task_check_project_room(projects, ret_refusal);
}

int user_tasks_check_room(User *user, const char *project, Refusal *ret_refusal) {
        unsigned tasks, projects;
        int r;

        assert(user->store);
        r = store_task_count(user->store, &tasks, &projects);
        if (r == 0)
                r = task_check_room(tasks, ret_refusal);
        return r != 0 ? r : check_room_for_project(user, project, projects, ret_refusal);
}

/* Ends the write of one task, and tells. */
static int publish(User *user, StoreWrite *write, int r, int64_t id) {
        News news = {};

        publish_add_now(user, &news, CHANGED_TASKS, HAPPENED_TASKS_CHANGED, id);
        r = user_publish_stored(user, write, r, &news);
        if (r < 0)
                return r;
        if (user->machine.running.task == id && id != 0)
                user_running_set_task(user, id); /* its title may have changed */
        user_publish(user, &news);
        return 0;
}

static int add_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(task_done) Task task = {};
        StoreWrite write;
        int r;

        r = task_edit_check(&request->task, true, ret_refusal);
        if (r == 0)
                r = user_tasks_check_room(user, request->task.task.project, ret_refusal);
        if (r == 0)
                r = store_write_begin(user->store, &write);
        if (r != 0)
                return r;
        task_edit_apply(&request->task, &task);
        r = write_task_new(&write, &task);
        r = publish(user, &write, r, task.id);
        if (r < 0)
                return r;
        answer->id = answer->created_task = task.id;
        return 0;
}

static int check_other_project(User *user, const char *was, const char *is, Refusal *ret_refusal) {
        unsigned tasks, projects;
        int r;

        if (!is || g_strcmp0(was, is) == 0)
                return 0;
        r = store_task_count(user->store, &tasks, &projects);
        return r < 0 ? r : check_room_for_project(user, is, projects, ret_refusal);
}

static int update_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(task_done) Task task = {};
        cleanup_free_ char *project = NULL;
        StoreWrite write;
        int r;

        r = user_tasks_get(user, request->id, &task, ret_refusal);
        if (r == 0)
                r = task_edit_check(&request->task, false, ret_refusal);
        if (r != 0)
                return r;
        project = g_strdup(task.project);
        task_edit_apply(&request->task, &task);
        r = check_other_project(user, project, task.project, ret_refusal);
        if (r == 0)
                r = store_write_begin(user->store, &write);
        if (r != 0)
                return r;
        r = publish(user, &write, write_task(&write, &task), task.id);
        if (r < 0)
                return r;
        answer->id = task.id;
        return 0;
}

static int remove_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        StoreWrite write;
        bool hidden = false;
        int r;

        r = user_tasks_check(user, request->id, ret_refusal);
        if (r == 0)
                r = store_write_begin(user->store, &write);
        if (r != 0)
                return r;
        r = write_task_removed(&write, request->id, &hidden);
        r = publish(user, &write, r, request->id);
        if (r < 0)
                return r;
        answer->id = request->id;
        answer->hidden = hidden;
        return 0;
}

int user_tasks_request(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        switch (request->type) {
        case REQUEST_TASK_ADD:
                return add_task(user, request, answer, ret_refusal);
        case REQUEST_TASK_UPDATE:
                return update_task(user, request, answer, ret_refusal);
        default:
                return remove_task(user, request, answer, ret_refusal);
        }
}
