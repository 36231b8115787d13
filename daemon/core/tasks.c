/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/tasks.h"

#include <glib.h>
#include <string.h>

#include "daemon/core/field-values.h"

void task_edit_done(TaskEdit *edit) {
        task_done(&edit->task);
        edit->given = 0;
}

static bool is_blank(const char *text) {
        return text[strspn(text, " ")] == '\0';
}

int task_title_check(const char *title, Refusal *ret_refusal) {
        int r = refuse_text(ret_refusal, "the title", title, CAP_TITLE_BYTES);

        if (r != 0)
                return r;
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
        int r = refuse_text(ret_refusal, "the project", project, CAP_PROJECT_BYTES);

        if (r != 0 || !project || project[0] == '\0')
                return r;
        if (is_blank(project))
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

static int field_check(const FieldInfo *field, const TaskEdit *edit, Refusal *ret_refusal) {
        char buf[FIELD_TEXT_MAX], what[64];

        if (strcmp(field->member, "title") == 0)
                return task_title_check(edit->task.title, ret_refusal);
        if (strcmp(field->member, "project") == 0)
                return task_project_check(edit->task.project, ret_refusal);
        switch (field->type) {
        case FIELD_TYPE_TEXT:
                g_snprintf(what, sizeof(what), "the %s", field->member);
                return refuse_text(ret_refusal, what, field_get_text(field, &edit->task, buf), field->cap);
        case FIELD_TYPE_DAY:
                return refuse_date(ret_refusal, field_get_text(field, &edit->task, buf));
        default:
                return 0;
        }
}

int task_edit_check(const TaskEdit *edit, bool is_new, Refusal *ret_refusal) {
        int r = is_new ? task_title_check(edit->task.title, ret_refusal) : 0;

        for (size_t i = 0; r == 0 && i < task_record.n_fields; i++)
                if (is_given(edit, &task_record.fields[i]))
                        r = field_check(&task_record.fields[i], edit, ret_refusal);
        return r;
}

void task_edit_apply(const TaskEdit *edit, Task *task) {
        for (size_t i = 0; i < task_record.n_fields; i++)
                if (is_given(edit, &task_record.fields[i]))
                        field_copy(&task_record.fields[i], &edit->task, task);
}
