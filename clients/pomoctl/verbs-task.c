/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
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
typedef struct Edit {
        const char *option, *key;
        EditType type;
        size_t cap; /* of a text */
} Edit;

static const Edit edits[] = {
        { "title", "title", EDIT_TEXT, CAP_TITLE_BYTES },
        { "project", "project", EDIT_TEXT, CAP_PROJECT_BYTES },
        { "note", "note", EDIT_TEXT, CAP_NOTE_BYTES },
        { "tag", "tags", EDIT_WORDS, CAP_TAGS_BYTES },
        { "estimate", "estimate", EDIT_COUNT },
        { "plan", "plan-date", EDIT_DAY },
};
#define N_EDITS (sizeof(edits) / sizeof(edits[0]))

typedef struct EditValue {
        const char *text; /* NULL: not given; "": none */
        char day[DAY_TEXT_MAX];
        uint32_t count;
} EditValue;

static int count_parse(const Ctl *ctl, const char *text, uint32_t *ret_count) {
        uint64_t n;
        char *end;

        errno = 0;
        n = strtoull(text, &end, 10);
        if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || n > UINT32_MAX)
                return ctl_usage(ctl, "'%.64s' is no estimate; say how many pomodoros, as in 3, or none",
                                text);
        *ret_count = (uint32_t) n;
        return 0;
}

/* A day as it was typed, which a word is in the zone of the settings. */
static int day_read(Ctl *ctl, const char *text, char ret_day[DAY_TEXT_MAX]) {
        char sentence[TIMES_SENTENCE_MAX];
        Date day;
        int r;

        r = ctl_use_zone(ctl);
        if (r != 0)
                return r;
        if (day_parse(text, time(NULL), &day, sentence) < 0)
                return ctl_usage(ctl, "%s, or none", sentence);
        date_format(day, ret_day);
        return 0;
}

static int value_read(Ctl *ctl, const Edit *edit, const char *text, EditValue *value) {
        /* Takes away what was there; a title is never away. */
        const bool none = strcmp(text, "none") == 0 && strcmp(edit->option, "title") != 0;
        int r = 0;

        value->text = none ? "" : text;
        switch (edit->type) {
        case EDIT_TEXT:
        case EDIT_WORDS:
                return ctl_check_text(ctl, edit->option, value->text, edit->cap);
        case EDIT_COUNT:
                return none ? 0 : count_parse(ctl, text, &value->count);
        case EDIT_DAY:
                if (*value->text) {
                        r = day_read(ctl, value->text, value->day);
                        value->text = value->day;
                }
                return r;
        }
        return -EINVAL;
}

static int edits_read(Ctl *ctl, const Args *args, EditValue values[N_EDITS], unsigned *ret_n) {
        unsigned n = 0;

        for (size_t i = 0; i < N_EDITS; i++) {
                const char *text = args_value(args, edits[i].option);
                int r;

                values[i] = (EditValue){};
                if (!text)
                        continue;
                r = value_read(ctl, &edits[i], text, &values[i]);
                if (r != 0)
                        return r;
                n++;
        }
        *ret_n = n;
        return 0;
}

static int edits_append(const EditValue values[N_EDITS], sd_bus_message *m) {
        int r = client_options_open(m);

        for (size_t i = 0; r >= 0 && i < N_EDITS; i++) {
                if (!values[i].text)
                        continue;
                if (edits[i].type == EDIT_COUNT)
                        r = client_option_u32(m, edits[i].key, values[i].count);
                else if (edits[i].type == EDIT_WORDS)
                        r = client_option_words(m, edits[i].key, values[i].text);
                else
                        r = client_option_string(m, edits[i].key, values[i].text);
        }
        return r < 0 ? r : client_options_close(m);
}

/* ---- list ---- */

typedef struct Listing {
        const Ctl *ctl;
        Table *table;
} Listing;

/* "Letter [urgent home] to be sent as PDF": the column that is wrapped where the terminal is narrow. */
static char *title_make(struct json_object *record) {
        struct json_object *tags = NULL;
        char *text = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);

        if (!f)
                return NULL;
        fputs(record_text(record, "Title"), f);
        json_object_object_get_ex(record, "Tags", &tags);
        for (size_t i = 0, n = tags ? json_object_array_length(tags) : 0; i < n; i++)
                fprintf(f, "%s%s%s", i == 0 ? " [" : " ",
                                json_object_get_string(json_object_array_get_idx(tags, i)),
                                i + 1 == n ? "]" : "");
        if (*record_text(record, "Note"))
                fprintf(f, " %s", record_text(record, "Note"));
        if (fclose(f) != 0) {
                free(text);
                return NULL;
        }
        return text;
}

static int list_row(struct json_object *record, Table *table) {
        cleanup_free_ char *title = title_make(record);
        uint64_t estimate = record_u64(record, "Estimate"), used = record_u64(record, "Used");
        char id[24], pomodoros[48], worked[DURATION_TEXT_MAX];

        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(record, "Id"));
        if (estimate > 0)
                snprintf(pomodoros, sizeof(pomodoros), "%" PRIu64 "/%" PRIu64, used, estimate);
        else
                snprintf(pomodoros, sizeof(pomodoros), "%" PRIu64, used);
        duration_format(record_u64(record, "WorkedUSec"), worked);

        if (!title)
                return -ENOMEM;
        return table_add(table, (const char *const[]){ id, record_bool(record, "Done") ? "done" : "",
                                                pomodoros, worked, record_text(record, "PlanDate"),
                                                record_text(record, "Project"), title });
}

static int list_one(struct json_object *record, void *userdata) {
        Listing *listing = userdata;

        if (!listing->ctl->json)
                return list_row(record, listing->table);
        json_print_and_put(stdout, json_of_record(record, JSON_MICROSECONDS));
        return 0;
}

static int verb_task_list(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = NULL;
        Listing listing = { .ctl = ctl };
        int r;

        table = table_new((const char *const[]){
                        ">ID", "DONE", ">POMODOROS", ">WORKED", "PLANNED", "PROJECT", "TITLE", NULL });
        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list the tasks");
        listing.table = table;

        r = record_each_task(ctl, args_has(args, "all"), args_value(args, "tag"), list_one, &listing);
        if (r != 0 || ctl->json)
                return r;
        ctl_table(ctl, table,
                        args_has(args, "tag") ? "no task has that tag; pomoctl task list shows them all"
                                              : "no tasks; make one with: pomoctl task add Write report");
        return 0;
}

/* What became of a task: a line for people, the object for scripts. */
static int say(const Ctl *ctl, uint64_t id, const char *what) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        struct json_object *record = NULL;
        int r;

        r = client_call(ctl->client, POMOD_INTERFACE_TASKS, "List", &reply, "a{sv}", 2, "task", "t", id,
                        "include-done", "b", 1);
        if (r < 0)
                return ctl_failed(ctl);
        r = record_each(reply, record_keep, &record);
        if (r < 0) {
                json_object_put(record);
                return ctl_unreadable(ctl, r);
        }

        if (ctl->json && record) {
                json_print_and_put(stdout, json_of_record(record, JSON_MICROSECONDS));
        } else if (record) {
                cleanup_free_ char *title = ctl_text(record_text(record, "Title"));

                printf("%s task #%" PRIu64 " \"%s\"\n", what, id, title);
        }

        json_object_put(record);
        return 0;
}

/* ---- add, edit, done, remove ---- */

static int verb_task_add(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        cleanup_free_ char *title = NULL;
        EditValue values[N_EDITS];
        unsigned n;
        uint64_t id;
        int r;

        if (args->n_words == 0)
                return ctl_usage(ctl, "which? pomoctl task add Write report");
        if (args_join(args, 0, &title) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);

        r = ctl_check_text(ctl, "title", title, CAP_TITLE_BYTES);
        if (r == 0)
                r = edits_read(ctl, args, values, &n);
        if (r != 0)
                return r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_TASKS, "Add", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", title)) < 0 || (r = edits_append(values, m)) < 0)
                return ctl_cannot_ask(ctl, r);
        r = ctl_send_for_id(ctl, m, &id);
        return r != 0 ? r : say(ctl, id, "created");
}

static int task_meant(const Ctl *ctl, const Args *args, uint64_t *ret_id) {
        cleanup_(task_arg_done) TaskArg task = {};
        cleanup_free_ char *text = NULL;
        int r = args_join(args, 0, &text);

        r = r < 0 ? ctl_cannot_ask(ctl, r) : task_arg_find_known(ctl, text, NULL, &task);
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

static int verb_task_edit(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        EditValue values[N_EDITS];
        uint64_t id = 0;
        unsigned n;
        int r;

        r = edits_read(ctl, args, values, &n);
        if (r == 0 && n == 0)
                r = nothing_to_change(ctl);
        if (r == 0)
                r = task_meant(ctl, args, &id);
        if (r != 0)
                return r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_TASKS, "Update", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "t", id)) < 0 || (r = edits_append(values, m)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, NULL) < 0)
                return ctl_failed(ctl);
        return say(ctl, id, "changed");
}

static int verb_task_done(Ctl *ctl, const Args *args) {
        bool undo = args_has(args, "undo");
        uint64_t id;
        int r;

        r = task_meant(ctl, args, &id);
        if (r != 0)
                return r;

        r = client_call(ctl->client, POMOD_INTERFACE_TASKS, "Update", NULL, "ta{sv}", id, 1, "done", "b",
                        !undo);
        return r < 0 ? ctl_failed(ctl) : say(ctl, id, undo ? "reopened" : "finished");
}

static int verb_task_remove(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        uint64_t id;
        int r, hidden;

        r = task_meant(ctl, args, &id);
        if (r != 0)
                return r;

        if (client_call(ctl->client, POMOD_INTERFACE_TASKS, "Remove", &reply, "ta{sv}", id, 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "b", &hidden);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        if (ctl->json)
                printf("{\"id\":%" PRIu64 ",\"hidden\":%s}\n", id, hidden ? "true" : "false");
        else if (hidden)
                printf("removed task #%" PRIu64 "; the log keeps what was done on it\n", id);
        else
                printf("removed task #%" PRIu64 "\n", id);
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
        {
                .name = "task",
                .brief = "list the tasks; also: add, edit, done, remove",
                .usage = "[list [--all] [--tag WORD]]",
                .sentence = "list the open tasks",
                .options = OPTIONS(LIST_OPTIONS),
                .examples = ITEMS({ "pomoctl task", "what there is to do" }, ),
                .run = verb_task_list,
        },
        {
                .name = "task list",
                .usage = "[--all] [--tag WORD]",
                .sentence = "list the open tasks with their estimates and what they took",
                .options = OPTIONS(LIST_OPTIONS),
                .examples = ITEMS({ "pomoctl task list --all --json", "everything, for a script" }, ),
                .run = verb_task_list,
        },
        {
                .name = "task add",
                .usage = "TITLE [OPTION…]",
                .words = WORDS_ANY,
                .sentence = "make a task",
                .options = OPTIONS(EDIT_OPTIONS),
                .examples = ITEMS({ "pomoctl task add Write report --estimate 3",
                                                  "three pomodoros, I guess" }, ),
                .run = verb_task_add,
        },
        {
                .name = "task edit",
                .usage = "TASK [OPTION…]",
                .words = WORDS_ANY,
                .sentence = "change a task",
                .details = DETAILS("TASK is its id, 7 or #7, or the title of an open one."),
                .options = OPTIONS({ "title", "TITLE", "its new title" }, EDIT_OPTIONS),
                .examples = ITEMS({ "pomoctl task edit 7 --title \"Write the report\"",
                                                  "a better title" }, ),
                .run = verb_task_edit,
        },
        {
                .name = "task done",
                .usage = "TASK [--undo]",
                .words = WORDS_ANY,
                .sentence = "mark a task as done",
                .options = OPTIONS({ "undo", NULL, "it is not done after all" }, ),
                .examples = ITEMS({ "pomoctl task done 7", "off the list" }, ),
                .run = verb_task_done,
        },
        {
                .name = "task remove",
                .usage = "TASK",
                .words = WORDS_ANY,
                .sentence = "remove a task; what was done on it stays in the log",
                .examples = ITEMS({ "pomoctl task remove 7", "never mind" }, ),
                .run = verb_task_remove,
        },
        {},
};
/* clang-format on */
