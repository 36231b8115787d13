/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/days.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

/* ---- the fields that add and edit can set ---- */

typedef enum EditType {
        EDIT_TEXT,
        EDIT_COUNT,
        EDIT_DAY,
        EDIT_WORDS,
} EditType;

/* One row a field: its option here, the option of the bus that it becomes, and what it may be. */
typedef struct TaskEdit {
        const char *option, *key;
        EditType type;
        size_t cap; /* of a text */
} TaskEdit;

static const TaskEdit edits[] = {
        { "title", "title", EDIT_TEXT, CAP_TITLE_BYTES },
        { "project", "project", EDIT_TEXT, CAP_PROJECT_BYTES },
        { "note", "note", EDIT_TEXT, CAP_NOTE_BYTES },
        { "tag", "tags", EDIT_WORDS, CAP_TAGS_BYTES },
        { "estimate", "estimate", EDIT_COUNT },
        { "plan", "plan-date", EDIT_DAY },
};
#define N_EDITS (sizeof(edits) / sizeof(edits[0]))

/* What was typed, as options of a request. */
typedef struct EditValues {
        ClientOption options[N_EDITS + 1];
        char day[DAY_TEXT_MAX];
        unsigned n; /* that were given */
} EditValues;

/* A day as it was typed, which a word is in the zone of the settings. */
static int day_read(Ctl *ctl, const char *text, char ret_day[DAY_TEXT_MAX]) {
        char sentence[TIMES_SENTENCE_MAX];
        Date day;
        int r = program_use_zone(&ctl->program);

        if (r != 0)
                return r;
        if (day_parse(text, time(NULL), &day, sentence) < 0)
                return ctl_usage(ctl, "%s, or none", sentence);
        date_format(day, ret_day);
        return 0;
}

static int count_read(Ctl *ctl, const char *text, uint64_t *ret_count) {
        if (program_number(text, UINT32_MAX, ret_count) < 0)
                return ctl_usage(ctl, "'%.64s' is no estimate; say how many pomodoros, as in 3, or none",
                                text);
        return 0;
}

static int value_read(Ctl *ctl, const TaskEdit *edit, const char *text, EditValues *values) {
        /* Takes away what was there; a title is never away. */
        const bool none = strcmp(text, "none") == 0 && strcmp(edit->option, "title") != 0;
        ClientOption *option = &values->options[values->n++];
        uint64_t count = 0;
        int r = 0;

        if (none)
                text = "";
        switch (edit->type) {
        case EDIT_COUNT:
                r = none ? 0 : count_read(ctl, text, &count);
                *option = client_option_number(edit->key, 'u', count);
                return r;
        case EDIT_DAY:
                r = *text ? day_read(ctl, text, values->day) : 0;
                *option = client_option_text(edit->key, values->day);
                return r;
        case EDIT_WORDS:
                *option = client_option_words(edit->key, text);
                break;
        case EDIT_TEXT:
                *option = client_option_text(edit->key, text);
                break;
        }
        return ctl_check_text(ctl, edit->option, text, edit->cap);
}

static int edits_read(Ctl *ctl, const Args *args, EditValues *values) {
        int r = 0;

        for (size_t i = 0; r == 0 && i < N_EDITS; i++)
                if (args_has(args, edits[i].option))
                        r = value_read(ctl, &edits[i], args_value(args, edits[i].option), values);
        return r;
}

/* ---- list ---- */

/* "Letter [urgent home] to be sent as PDF": the column that is wrapped where the terminal is narrow. */
static char *title_make(struct json_object *record) {
        cleanup_free_ char *tags = record_join(record, "Tags");
        const char *note = record_text(record, "Note");

        return memory_format("%s%s%s%s%s%s", record_text(record, "Title"), tags ? " [" : "", tags ?: "",
                        tags ? "]" : "", *note ? " " : "", note);
}

static void task_row(Table *table, struct json_object *record) {
        cleanup_free_ char *title = title_make(record);
        uint64_t estimate = record_u64(record, "Estimate"), used = record_u64(record, "Used");
        char id[24], pomodoros[48], worked[DURATION_TEXT_MAX];

        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(record, "Id"));
        if (estimate > 0)
                snprintf(pomodoros, sizeof(pomodoros), "%" PRIu64 "/%" PRIu64, used, estimate);
        else
                snprintf(pomodoros, sizeof(pomodoros), "%" PRIu64, used);
        table_add(table, (const char *const[]){ id, record_bool(record, "Done") ? "done" : "", pomodoros,
                                         duration_format(record_u64(record, "WorkedUSec"), worked),
                                         record_text(record, "PlanDate"), record_text(record, "Project"),
                                         title });
}

static const char *const task_headings[] = { ">ID", "DONE", ">POMODOROS", ">WORKED", "PLANNED", "PROJECT",
        "TITLE", NULL };

static const RecordList task_list = {
        .headings = task_headings,
        .row = task_row,
        .none = "no tasks; make one with: pomoctl task add Write report",
};
static const RecordList tagged_list = {
        .headings = task_headings,
        .row = task_row,
        .none = "no task has that tag; pomoctl task list shows them all",
};

static int verb_task_list(Ctl *ctl, const Args *args) {
        const char *tag = args_value(args, "tag");
        cleanup_(records_done) Records records = records_ask(&ctl->program, POMOD_INTERFACE_TASKS, "List",
                        CLIENT_OPTIONS(client_option_flag("include-done", args_has(args, "all")),
                                        client_option_text("tag", tag)),
                        "");

        return list_show(ctl, &records, tag ? &tagged_list : &task_list);
}

/* What became of a task: a line for people, the object for scripts. */
static int say(const Ctl *ctl, uint64_t id, const char *what) {
        cleanup_(records_done) Records records = records_ask(&ctl->program, POMOD_INTERFACE_TASKS, "List",
                        CLIENT_OPTIONS(client_option_number("task", 't', id),
                                        client_option_flag("include-done", true)),
                        "");
        struct json_object *record = records_next(&records);

        if (record && ctl->program.json)
                list_print_json(&task_list, record);
        else if (record) {
                cleanup_free_ char *title = memory_safe_text(record_text(record, "Title"));

                printf("%s task #%" PRIu64 " \"%s\"\n", what, id, title);
        }
        return records.status;
}

/* ---- add, edit, done, remove ---- */

static int verb_task_add(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *title = args_join(args, 0, ARGS_ALL);
        EditValues values = {};
        uint64_t id;
        int r;

        if (!title)
                return ctl_usage(ctl, "which? pomoctl task add Write report");
        r = ctl_check_text(ctl, "title", title, CAP_TITLE_BYTES);
        r = r ?: edits_read(ctl, args, &values);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_TASKS, "Add", values.options,
                                               &reply, "s", title);
        r = r ?: program_read(&ctl->program, reply, "t", &id);
        return r != 0 ? r : say(ctl, id, "created");
}

static int task_meant(const Ctl *ctl, const Args *args, uint64_t *ret_id) {
        cleanup_free_ char *text = args_join(args, 0, ARGS_ALL);
        cleanup_(task_arg_done) TaskArg task = {};
        int r = task_arg_find_known(ctl, text, NULL, &task);

        if (r == 0)
                *ret_id = task.id;
        return r;
}

static int nothing_to_change(const Ctl *ctl) {
        char options[256];
        size_t n = 0;

        for (size_t i = 0; i < N_EDITS; i++)
                n += (size_t) snprintf(options + n, sizeof(options) - n, "%s--%s",
                                i == 0            ? ""
                                : i + 1 < N_EDITS ? ", "
                                                  : " or ",
                                edits[i].option);
        return ctl_usage(ctl, "nothing to change: give %s", options);
}

/* Changes what the options say of the task that was typed. */
static int task_update(const Ctl *ctl, const Args *args, const ClientOption *options, const char *what) {
        uint64_t id;
        int r = task_meant(ctl, args, &id)
                                ?: program_call(&ctl->program, POMOD_INTERFACE_TASKS, "Update", options, NULL,
                                                   "t", id);

        return r != 0 ? r : say(ctl, id, what);
}

static int verb_task_edit(Ctl *ctl, const Args *args) {
        EditValues values = {};
        int r = edits_read(ctl, args, &values);

        if (r == 0 && values.n == 0)
                r = nothing_to_change(ctl);
        return r != 0 ? r : task_update(ctl, args, values.options, "changed");
}

static int verb_task_done(Ctl *ctl, const Args *args) {
        const bool undo = args_has(args, "undo");
        ClientOption done = client_option_flag("done", !undo);

        done.given = true;
        return task_update(ctl, args, CLIENT_OPTIONS(done), undo ? "reopened" : "finished");
}

static int verb_task_remove(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        uint64_t id;
        int r, hidden;

        r = task_meant(ctl, args, &id);
        r = r ?: program_call(&ctl->program, POMOD_INTERFACE_TASKS, "Remove", NULL, &reply, "t", id);
        r = r ?: program_read(&ctl->program, reply, "b", &hidden);
        if (r != 0)
                return r;

        if (ctl->program.json)
                json_say("tb", "id", id, "hidden", hidden);
        else
                printf("removed task #%" PRIu64 "%s\n", id,
                                hidden ? "; the log keeps what was done on it" : "");
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
#define EDIT_OPTIONS                                                                  \
        { "project", "NAME", "the project it belongs to; none: no project" },         \
        { "note", "TEXT", "what else is to be known of it; none: no note" },          \
        { "tag", "WORDS", "its tags, like urgent,home; none: no tags" },              \
        { "estimate", "N", "how many pomodoros it may take; none: no estimate" },     \
        { "plan", "DATE", "the day it is planned for: 2026-07-01, tomorrow, monday; none: no day" },

#define LIST_OPTIONS                                                                  \
        { "all", NULL, "also those that are done" },                                  \
        { "tag", "WORD", "only those with that tag" },

const Verb verbs_of_task[] = {
        { .name = "task", .usage = "[list [--all] [--tag WORD]]", .run = verb_task_list,
          .brief = "list the tasks; also: add, edit, done, remove",
          .sentence = "list the open tasks",
          .options = OPTIONS(LIST_OPTIONS),
          .examples = ITEMS({ "pomoctl task", "what there is to do" }, ) },
        { .name = "task list", .usage = "[--all] [--tag WORD]", .run = verb_task_list,
          .sentence = "list the open tasks with their estimates and what they took",
          .options = OPTIONS(LIST_OPTIONS),
          .examples = ITEMS({ "pomoctl task list --all --json", "everything, for a script" }, ) },
        { .name = "task add", .usage = "TITLE [OPTION…]", .words = WORDS_ANY, .run = verb_task_add,
          .sentence = "make a task",
          .options = OPTIONS(EDIT_OPTIONS),
          .examples = ITEMS({ "pomoctl task add Write report --estimate 3",
                                            "three pomodoros, I guess" }, ) },
        { .name = "task edit", .usage = "TASK [OPTION…]", .words = WORDS_ANY, .run = verb_task_edit,
          .sentence = "change a task",
          .details = DETAILS("TASK is its id, 7 or #7, or the title of an open one."),
          .options = OPTIONS({ "title", "TITLE", "its new title" }, EDIT_OPTIONS),
          .examples = ITEMS({ "pomoctl task edit 7 --title \"Write the report\"",
                                            "a better title" }, ) },
        { .name = "task done", .usage = "TASK [--undo]", .words = WORDS_ANY, .run = verb_task_done,
          .sentence = "mark a task as done",
          .options = OPTIONS({ "undo", NULL, "it is not done after all" }, ),
          .examples = ITEMS({ "pomoctl task done 7", "off the list" }, ) },
        { .name = "task remove", .usage = "TASK", .words = WORDS_ANY, .run = verb_task_remove,
          .sentence = "remove a task; what was done on it stays in the log",
          .examples = ITEMS({ "pomoctl task remove 7", "never mind" }, ) },
        {},
};
/* clang-format on */
