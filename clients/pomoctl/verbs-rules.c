/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "common/names.h"

/* ---- list ---- */

typedef struct Listing {
        const Ctl *ctl;
        Table *table;
} Listing;

/* Fields that are words or lists in the text form stay as they are written there. */
static int print_json(struct json_object *record) {
        static const char *const texts[][2] = {
                { "dates", "Dates" },
                { "days", "Days" },
                { "hours", "Hours" },
                { "also", "Also" },
                { "except", "Except" },
                { "focus", "Focus" },
                { "lock", "Lock" },
                { "quota", "Quota" },
        };
        struct json_object *o = json_object_new_object();
        const char *kind = record_text(record, "Kind"), *mode = record_text(record, "Mode");
        uint64_t target = record_u64(record, "Target");

        if (!o)
                return -ENOMEM;
        json_add_text(o, "name", record_text(record, "Name"));
        json_add_text(o, "kind", *kind ? kind : "work");
        json_add_text(o, "mode", *mode ? mode : "pomodoro");
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                json_add_text(o, texts[i][0], record_text(record, texts[i][1]));
        json_object_object_add(o, "priority", json_object_new_int64(record_i64(record, "Priority")));
        json_object_object_add(o, "target", target > 0 ? json_object_new_uint64(target) : NULL);
        json_object_object_add(o, "auto_start",
                        json_object_new_boolean(strcmp(record_text(record, "AutoStart"), "yes") == 0));
        json_object_object_add(o, "auto_switch",
                        json_object_new_boolean(strcmp(record_text(record, "AutoSwitch"), "yes") == 0));
        json_add_text(o, "text", record_text(record, "Text"));
        json_print_and_put(stdout, o);
        return 0;
}

/* "priority 5, target 10, focus deep (admin)": what has no column. */
static char *further_make(struct json_object *record) {
        static const char *const keys[] = { "Priority", "Target", "Quota", "Focus", "Lock", "AutoStart",
                "AutoSwitch", "Also", "Except" };
        char *text = NULL;
        size_t n;
        FILE *f = open_memstream(&text, &n);
        const char *between = "";

        if (!f)
                return NULL;
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
                if (*record_text(record, keys[i])) {
                        fprintf(f, "%s%s=%s", between, keys[i], record_text(record, keys[i]));
                        between = " ";
                }
        if (fclose(f) != 0) {
                free(text);
                return NULL;
        }
        return text;
}

static int list_one(struct json_object *record, void *userdata) {
        const char *kind = record_text(record, "Kind"), *mode = record_text(record, "Mode"),
                   *dates = record_text(record, "Dates"), *days = record_text(record, "Days"),
                   *hours = record_text(record, "Hours");
        bool also_alone = !*dates && !*days && *record_text(record, "Also");
        cleanup_free_ char *further = NULL;
        Listing *listing = userdata;

        if (listing->ctl->json)
                return print_json(record);

        further = further_make(record);
        if (!further)
                return -ENOMEM;
        return table_add(listing->table,
                        (const char *const[]){ record_text(record, "Name"), *kind ? kind : "work",
                                        *dates       ? dates
                                        : also_alone ? "-"
                                                     : "always",
                                        *days        ? days
                                        : also_alone ? "-"
                                                     : "every day",
                                        *hours ? hours : "all day",
                                        strcmp(kind, "away") == 0 ? "-"
                                        : *mode                   ? mode
                                                                  : "pomodoro",
                                        further });
}

int verb_schedule_list(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = NULL;
        Listing listing = { .ctl = ctl };
        int r;

        r = ctl_at_most(ctl, args, 0);
        if (r != 0)
                return r;
        listing.table = table = table_new((const char *const[]){
                        "RULE", "KIND", "DATES", "DAYS", "HOURS", "MODE", "FURTHER", NULL });
        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list the rules");

        r = record_each_named(ctl, POMOD_INTERFACE_SCHEDULES, "List", list_one, &listing);
        if (r != 0 || ctl->json)
                return r;
        ctl_table(ctl, table, "no rules: every hour is free; begin with one of: pomoctl schedule preset");
        return 0;
}

/* ---- add, edit, remove ---- */

static int rule_say(const Ctl *ctl, const char *name, const char *what) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        if (!ctl->json) {
                named_say(what, "rule", name);
                return 0;
        }
        r = named_find(ctl, POMOD_INTERFACE_SCHEDULES, "List", name, &record);
        if (r == 0 && record && print_json(record) < 0)
                r = ctl_errno(ctl, -ENOMEM, "cannot show the rule");
        return r;
}

/* add and edit: one that is there may not be, or has to be. */
static int rule_write(const Ctl *ctl, const Args *args, bool edit) {
        cleanup_(record_putp) struct json_object *record = NULL, *keys = NULL;
        int r;

        r = named_given(ctl, args, "rule");
        if (r == 0 && args->n_words < 2)
                r = ctl_usage(ctl, "what of it? pomoctl %s %.64s Hours=09:00-12:00", ctl->verb->name,
                                args->words[0]);
        if (r == 0)
                r = named_find(ctl, POMOD_INTERFACE_SCHEDULES, "List", args->words[0], &record);
        if (r != 0)
                return r;
        if (record && !edit)
                return ctl_usage(ctl,
                                "there is a rule '%.64s' already; change it with: pomoctl schedule edit",
                                args->words[0]);
        if (!record && edit)
                return ctl_usage(ctl, "there is no rule '%.64s'; pomoctl schedule list names them",
                                args->words[0]);

        keys = record ? keys_of_record(record, rule_keys) : json_object_new_object();
        if (!keys)
                return ctl_cannot_ask(ctl, -ENOMEM);
        r = keys_read(ctl, args, 1, rule_keys, false, keys);
        if (r == 0)
                r = keys_send(ctl, POMOD_INTERFACE_SCHEDULES, "Set", args->words[0], keys);
        return r != 0 ? r : rule_say(ctl, args->words[0], edit ? "changed" : "added");
}

int verb_schedule_add(Ctl *ctl, const Args *args) {
        return rule_write(ctl, args, false);
}

int verb_schedule_edit(Ctl *ctl, const Args *args) {
        return rule_write(ctl, args, true);
}

int verb_schedule_remove(Ctl *ctl, const Args *args) {
        return named_remove(ctl, args, POMOD_INTERFACE_SCHEDULES, "Remove", "rule");
}
