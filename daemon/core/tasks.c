/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/tasks.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

#include "common/text.h"
#include "daemon/core/field-values.h"

void task_edit_done(TaskEdit *edit) {
        task_done(&edit->task);
        edit->given = 0;
}

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
