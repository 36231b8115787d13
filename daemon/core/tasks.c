/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/tasks.h"

#include <assert.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/text.h"

static bool is_blank(const char *text) {
        return text[strspn(text, " ")] == '\0';
}

int task_title_check(const char *title, Refusal *ret_refusal) {
        assert(!title || text_check(title, CAP_TITLE_BYTES) == 0);
        if (!title || is_blank(title))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "a task needs a title that is not empty");
        /* People type #12 for the task with that number; nobody could ever ask for one with that title. */
        if (title[0] == '#' && title[1] != '\0' && title[1 + strspn(title + 1, "0123456789")] == '\0')
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is the number of a task, not a title; give it a title that is not a number after #",
                                title);
        return 0;
}

int task_project_check(const char *project, Refusal *ret_refusal) {
        assert(!project || text_check(project, CAP_PROJECT_BYTES) == 0);
        if (project && project[0] != '\0' && is_blank(project))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "a project needs a name that is not blank");
        return 0;
}

int task_refuse_missing(int64_t id, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_TASK,
                        "there is no task #%" PRIu64 "; the list of tasks shows their numbers",
                        (uint64_t) id);
}

int task_choose(const char *title, unsigned count, int64_t id, int64_t *ret_id, Refusal *ret_refusal) {
        if (count > 1)
                return refuse(ret_refusal, REFUSAL_AMBIGUOUS_TASK,
                                "\"%s\" is the title of more than one open task; say which with its number, like #%" PRIi64,
                                title, id);
        *ret_id = count == 1 ? id : TASK_TO_MAKE;
        return 0;
}

int task_check_room(unsigned tasks, Refusal *ret_refusal) {
        return tasks < CAP_TASKS
                               ? 0
                               : refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                                 "there are %u tasks already, the most there can be; remove some first",
                                                 tasks);
}

int task_check_project_room(unsigned projects, Refusal *ret_refusal) {
        return projects < CAP_PROJECTS
                               ? 0
                               : refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                                 "there are %u projects already, the most there can be",
                                                 projects);
}

static uint64_t bit_of(const char *key) {
        return UINT64_C(1) << (record_find_field(&task_record, key) - task_record.fields);
}

int task_edit_set_title(TaskEdit *edit, const char *title, Refusal *ret_refusal) {
        if (edit->given & bit_of("Title"))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "both the title \"%s\" and an option title (\"%s\") are given; give the title once",
                                title, edit->task.title);
        edit->task.title = g_strdup(title);
        edit->given |= bit_of("Title");
        return 0;
}

static bool is_given(const TaskEdit *edit, const FieldInfo *field) {
        return edit->given >> (field - task_record.fields) & 1;
}

int task_edit_check(const TaskEdit *edit, bool is_new, Refusal *ret_refusal) {
        int r;

        assert(refuse_date(NULL, edit->task.plan_date) == 0);
        r = is_new || edit->given & bit_of("Title") ? task_title_check(edit->task.title, ret_refusal) : 0;

        return r == 0 ? task_project_check(edit->task.project, ret_refusal) : r;
}

void task_edit_apply(const TaskEdit *edit, Task *task) {
        for (size_t i = 0; i < task_record.n_fields; i++)
                if (is_given(edit, &task_record.fields[i]))
                        field_copy(&task_record.fields[i], &edit->task, task);
}
