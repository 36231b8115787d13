/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/days.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/shapes.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/task-arg.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/duration.h"
#include "common/names.h"

/* "none" and 0 take an estimate away. */
static int estimate_parse(const Ctl *ctl, const char *text, uint32_t *ret_estimate) {
        unsigned long long n;
        char *end;

        if (strcmp(text, "none") == 0) {
                *ret_estimate = 0;
                return 0;
        }

        errno = 0;
        n = strtoull(text, &end, 10);
        if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || n > UINT32_MAX)
                return ctl_usage(ctl, "'%.64s' is no estimate; say how many pomodoros, as in 3, or none",
                                text);

        *ret_estimate = (uint32_t) n;
        return 0;
}

/* The options that add and edit share, checked: NULL where they were not given, "" to take the old one away.
 */
typedef struct TaskFields {
        const char *project, *plan; /* plan: as a date, "" for none */
        char plan_date[DAY_TEXT_MAX];
        bool has_estimate;
        uint32_t estimate;
} TaskFields;

static const char *none_is_empty(const char *text) {
        return text && strcmp(text, "none") == 0 ? "" : text;
}

/* A day as it was typed, which a word is in the zone of the settings. */
static int plan_read(Ctl *ctl, const char *text, char date[DAY_TEXT_MAX]) {
        char sentence[TIMES_SENTENCE_MAX];
        Day day;
        int r;

        r = ctl_use_zone(ctl);
        if (r != 0)
                return r;
        if (day_parse(text, time(NULL), DAY_AHEAD, &day, sentence) < 0)
                return ctl_usage(ctl, "%s, or none", sentence);
        day_format(day, date);
        return 0;
}

static int fields_read(Ctl *ctl, const Args *args, TaskFields *ret) {
        const char *estimate = args_value(args, "estimate");
        TaskFields f = {
                .project = none_is_empty(args_value(args, "project")),
                .plan = none_is_empty(args_value(args, "plan")),
                .has_estimate = estimate != NULL,
        };
        int r = 0;

        if (estimate)
                r = estimate_parse(ctl, estimate, &f.estimate);
        if (r == 0 && f.project)
                r = ctl_check_text(ctl, "project", f.project, CAP_PROJECT_BYTES);
        if (r == 0 && f.plan && *f.plan)
                r = plan_read(ctl, f.plan, f.plan_date);
        if (r == 0)
                *ret = f;
        return r;
}

static int fields_append(const TaskFields *f, sd_bus_message *m) {
        int r;

        r = client_option_string(m, "project", f->project);
        if (r >= 0)
                r = client_option_string(m, "plan-date", f->plan && *f->plan ? f->plan_date : f->plan);
        if (r >= 0 && f->has_estimate)
                r = client_option_u32(m, "estimate", f->estimate);
        return r;
}

/* ---- list ---- */

typedef struct Listing {
        const Ctl *ctl;
        Table *table;
} Listing;

static int list_row(struct json_object *record, Table *table) {
        uint64_t estimate = record_u64(record, "Estimate"), used = record_u64(record, "Used");
        char id[24], pomodoros[48], worked[DURATION_TEXT_MAX];

        snprintf(id, sizeof(id), "#%" PRIu64, record_u64(record, "Id"));
        if (estimate > 0)
                snprintf(pomodoros, sizeof(pomodoros), "%" PRIu64 "/%" PRIu64, used, estimate);
        else
                snprintf(pomodoros, sizeof(pomodoros), "%" PRIu64, used);
        duration_format(record_u64(record, "WorkedUSec"), worked);

        return table_add(table,
                        (const char *const[]){ id, record_bool(record, "Done") ? "done" : "", pomodoros,
                                        worked, record_text(record, "PlanDate"),
                                        record_text(record, "Project"), record_text(record, "Title") });
}

static int list_one(struct json_object *record, void *userdata) {
        Listing *listing = userdata;
        struct json_object *shape;

        if (!listing->ctl->json)
                return list_row(record, listing->table);

        shape = shape_task(record);
        if (!shape)
                return -ENOMEM;
        shape_print(stdout, shape);
        json_object_put(shape);
        return 0;
}

int verb_task_list(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = NULL;
        Listing listing = { .ctl = ctl };
        int r;

        r = ctl_at_most(ctl, args, 0);
        if (r != 0)
                return r;

        table = table_new((const char *const[]){
                        ">ID", "DONE", ">POMODOROS", ">WORKED", "PLANNED", "PROJECT", "TITLE", NULL });
        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list the tasks");
        listing.table = table;

        r = record_each_task(ctl, args_has(args, "all"), list_one, &listing);
        if (r != 0 || ctl->json)
                return r;
        ctl_table(ctl, table, "no tasks; make one with: pomoctl task add Write report");
        return 0;
}

/* What became of a task: a line for people, the object for scripts. */
static int say(const Ctl *ctl, uint64_t id, const char *what) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        struct json_object *record = NULL, *shape;
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
                shape = shape_task(record);
                if (shape)
                        shape_print(stdout, shape);
                json_object_put(shape);
        } else if (record) {
                cleanup_free_ char *title = ctl_text(record_text(record, "Title"));

                printf("%s task #%" PRIu64 " \"%s\"\n", what, id, title);
        }

        json_object_put(record);
        return 0;
}

/* ---- add, edit, done, remove ---- */

int verb_task_add(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        cleanup_free_ char *title = NULL;
        TaskFields fields;
        uint64_t id;
        int r;

        if (args->n_words == 0)
                return ctl_usage(ctl, "which? pomoctl task add Write report");
        if (args_join(args, 0, &title) < 0)
                return ctl_cannot_ask(ctl, -ENOMEM);

        r = ctl_check_text(ctl, "title", title, CAP_TITLE_BYTES);
        if (r == 0)
                r = fields_read(ctl, args, &fields);
        if (r != 0)
                return r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_TASKS, "Add", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", title)) < 0 || (r = client_options_open(m)) < 0 ||
                        (r = fields_append(&fields, m)) < 0 || (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        r = ctl_send_for_id(ctl, m, &id);
        return r != 0 ? r : say(ctl, id, "created");
}

static int task_meant(const Ctl *ctl, const Args *args, uint64_t *ret_id) {
        cleanup_(task_arg_done) TaskArg task = { 0 };
        cleanup_free_ char *text = NULL;
        int r = args_join(args, 0, &text);

        r = r < 0 ? ctl_cannot_ask(ctl, r) : task_arg_find_known(ctl, text, NULL, &task);
        if (r == 0)
                *ret_id = task.id;
        return r;
}

int verb_task_edit(Ctl *ctl, const Args *args) {
        const char *title = args_value(args, "title");
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
        TaskFields fields;
        uint64_t id;
        int r = 0;

        if (title)
                r = ctl_check_text(ctl, "title", title, CAP_TITLE_BYTES);
        if (r == 0)
                r = fields_read(ctl, args, &fields);
        if (r == 0 && !title && !fields.project && !fields.plan && !fields.has_estimate)
                r = ctl_usage(ctl, "nothing to change: give --title, --project, --estimate or --plan");
        if (r == 0)
                r = task_meant(ctl, args, &id);
        if (r != 0)
                return r;

        if (client_message_new(ctl->client, POMOD_INTERFACE_TASKS, "Update", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "t", id)) < 0 || (r = client_options_open(m)) < 0 ||
                        (r = client_option_string(m, "title", title)) < 0 ||
                        (r = fields_append(&fields, m)) < 0 || (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, NULL) < 0)
                return ctl_failed(ctl);
        return say(ctl, id, "changed");
}

int verb_task_done(Ctl *ctl, const Args *args) {
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

int verb_task_remove(Ctl *ctl, const Args *args) {
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
