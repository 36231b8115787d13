/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static int refuse_no_task(int64_t id, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_TASK,
                        "there is no task #%" PRIu64 "; the list of tasks shows their numbers",
                        (uint64_t) id);
}

/* A task that is there and not hidden. */
static int get_task(User *user, int64_t id, Task *ret_task, Refusal *ret_refusal) {
        Task task = {};
        int r;

        r = store_get_task(user->store, id, &task);
        if (r == -ENOENT)
                return refuse_no_task(id, ret_refusal);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        if (task.removed) {
                task_done(&task);
                return refuse_no_task(id, ret_refusal);
        }
        *ret_task = task;
        return 0;
}

int user_check_task(User *user, int64_t id, Refusal *ret_refusal) {
        cleanup_(task_done) Task task = {};

        return get_task(user, id, &task, ret_refusal);
}

int user_resolve_task(
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
                r = store_find_task(user->store, title, project, &id, &count);
                if (r < 0 && r != -ENOENT)
                        return user_refuse_store(user, r, ret_refusal);
        }
        if (count > 1)
                return refuse(ret_refusal, REFUSAL_AMBIGUOUS_TASK,
                                "\"%s\" is the title of more than one open task; say which with its number, "
                                "like #%" PRIi64,
                                title, id);
        *ret_id = count == 1 ? id : STORE_NEW_TASK;
        return 0;
}

typedef struct ProjectSearch {
        const char *project;
        int64_t last;
        unsigned n;
        bool found;
} ProjectSearch;

static int look_for_project(const Task *task, void *userdata) {
        ProjectSearch *search = userdata;

        search->last = task->id;
        search->n++;
        search->found = search->found || (task->project && strcmp(task->project, search->project) == 0);
        return 0;
}

/* Only asked at the cap, so that it need not be quick. */
static int has_project(User *user, const char *project, bool *ret_has) {
        ProjectSearch search = { .project = project };
        int r;

        do {
                TaskQuery query = { .after = search.last, .include_done = true };

                search.n = 0;
                r = store_each_task(user->store, &query, look_for_project, &search);
                if (r < 0)
                        return r;
        } while (search.n > 0 && !search.found);
        *ret_has = search.found;
        return 0;
}

static int check_room_for_project(User *user, const char *project, unsigned projects, Refusal *ret_refusal) {
        bool has;
        int r;

        if (!project || project[0] == '\0' || projects < CAP_PROJECTS)
                return 0;
        r = has_project(user, project, &has);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        if (!has)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there are %u projects already, the most there can be", projects);
        return 0;
}

int user_check_room_for_task(User *user, const char *project, Refusal *ret_refusal) {
        unsigned tasks, projects;
        int r;

        r = store_count_tasks(user->store, &tasks, &projects);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        if (tasks >= CAP_TASKS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "there are %u tasks already, the most there can be; remove some first",
                                tasks);
        return check_room_for_project(user, project, projects, ret_refusal);
}

static int add_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(task_done) Task task = {};
        const uint64_t seq = user->seq + 1;
        int r;

        r = task_edit_check(&request->task, true, ret_refusal);
        if (r == 0)
                r = user_check_room_for_task(user, request->task.task.project, ret_refusal);
        if (r != 0)
                return r;
        task_edit_apply(&request->task, &task);
        r = store_add_task(user->store, &task, seq);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        answer->id = answer->created_task = task.id;
        user_announce_stored(user, CHANGED_TASKS, HAPPENED_TASKS_CHANGED, task.id, seq);
        return 0;
}

static int update_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        cleanup_(task_done) Task task = {};
        cleanup_free_ char *project = NULL;
        const uint64_t seq = user->seq + 1;
        unsigned tasks, projects;
        int r;

        r = get_task(user, request->id, &task, ret_refusal);
        if (r == 0)
                r = task_edit_check(&request->task, false, ret_refusal);
        if (r != 0)
                return r;
        project = g_strdup(task.project);
        task_edit_apply(&request->task, &task);
        if (task.project && g_strcmp0(project, task.project) != 0) {
                r = store_count_tasks(user->store, &tasks, &projects);
                if (r < 0)
                        return user_refuse_store(user, r, ret_refusal);
                r = check_room_for_project(user, task.project, projects, ret_refusal);
                if (r != 0)
                        return r;
        }
        r = store_put_task(user->store, &task, seq);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        answer->id = task.id;
        if (user->machine.running.task == task.id)
                (void) user_refresh_title(user);
        user_announce_stored(user, CHANGED_TASKS, HAPPENED_TASKS_CHANGED, task.id, seq);
        return 0;
}

static int remove_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        const uint64_t seq = user->seq + 1;
        bool hidden;
        int r;

        r = user_check_task(user, request->id, ret_refusal);
        if (r != 0)
                return r;
        r = store_remove_task(user->store, request->id, seq, &hidden);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        answer->id = request->id;
        answer->hidden = hidden;
        user_announce_stored(user, CHANGED_TASKS, HAPPENED_TASKS_CHANGED, request->id, seq);
        return 0;
}

int user_request_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        switch (request->type) {
        case REQUEST_TASK_ADD:
                return add_task(user, request, answer, ret_refusal);
        case REQUEST_TASK_UPDATE:
                return update_task(user, request, answer, ret_refusal);
        default:
                return remove_task(user, request, answer, ret_refusal);
        }
}
