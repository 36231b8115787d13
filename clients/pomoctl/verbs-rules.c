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

/* ---- keys ---- */

typedef enum KeyType {
        KEY_TEXT,   /* as it is written in the text form */
        KEY_NUMBER, /* a number, 0 where it is absent */
        KEY_COUNT,  /* a number, null where it is absent */
        KEY_FLAG,   /* "yes" is true */
} KeyType;

/* One row a key of a rule: what it is in JSON, what stands for it where it is absent, and whether the list of
 * rules has a column for it. */
typedef struct Key {
        const char *key, *name;
        KeyType type;
        const char *absent;
        bool column;
} Key;

static const Key keys[] = {
        { "Kind", "kind", KEY_TEXT, "work", true },
        { "Dates", "dates", KEY_TEXT, "", true },
        { "Days", "days", KEY_TEXT, "", true },
        { "Hours", "hours", KEY_TEXT, "", true },
        { "Mode", "mode", KEY_TEXT, "pomodoro", true },
        { "Priority", "priority", KEY_NUMBER },
        { "Target", "target", KEY_COUNT },
        { "Quota", "quota", KEY_TEXT, "" },
        { "Focus", "focus", KEY_TEXT, "" },
        { "Lock", "lock", KEY_TEXT, "" },
        { "AutoStart", "auto_start", KEY_FLAG },
        { "AutoSwitch", "auto_switch", KEY_FLAG },
        { "Also", "also", KEY_TEXT, "" },
        { "Except", "except", KEY_TEXT, "" },
};
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static void key_names(const char *names[N_KEYS + 1]) {
        for (size_t i = 0; i < N_KEYS; i++)
                names[i] = keys[i].key;
        names[N_KEYS] = NULL;
}

static void key_add(struct json_object *to, const Key *key, struct json_object *record) {
        const char *text = record_text(record, key->key);
        const int64_t number = record_i64(record, key->key);

        switch (key->type) {
        case KEY_TEXT:
                json_add_text(to, key->name, *text ? text : key->absent);
                break;
        case KEY_NUMBER:
                json_object_object_add(to, key->name, json_object_new_int64(number));
                break;
        case KEY_COUNT:
                json_object_object_add(to, key->name, number > 0 ? json_object_new_int64(number) : NULL);
                break;
        case KEY_FLAG:
                json_add_flag(to, key->name, strcmp(text, "yes") == 0);
                break;
        }
}

/* ---- list ---- */

typedef struct Listing {
        const Ctl *ctl;
        Table *table;
} Listing;

static void print_json(struct json_object *record) {
        struct json_object *o = json_object_new_object();

        json_add_text(o, "name", record_text(record, "Name"));
        for (size_t i = 0; i < N_KEYS; i++)
                key_add(o, &keys[i], record);
        json_add_text(o, "text", record_text(record, "Text"));
        json_print_and_put(stdout, o);
}

/* "Priority=5 Focus=deep": what has no column. */
static char *further_make(struct json_object *record) {
        char *text = NULL;
        size_t n;
        FILE *f = open_memstream(&text, &n);
        const char *between = "";

        if (!f)
                return NULL;
        for (size_t i = 0; i < N_KEYS; i++)
                if (!keys[i].column && *record_text(record, keys[i].key)) {
                        fprintf(f, "%s%s=%s", between, keys[i].key, record_text(record, keys[i].key));
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

        if (listing->ctl->json) {
                print_json(record);
                return 0;
        }

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
        if (r == 0 && record)
                print_json(record);
        return r;
}

/* add and edit: one that is there may not be, or has to be. */
static int rule_write(const Ctl *ctl, const Args *args, bool edit) {
        cleanup_(record_putp) struct json_object *record = NULL, *given = NULL;
        const char *names[N_KEYS + 1];
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

        key_names(names);
        given = record ? keys_of_record(record, names) : json_object_new_object();
        if (!given)
                return ctl_cannot_ask(ctl, -ENOMEM);
        r = keys_read(ctl, args, 1, names, false, given);
        if (r == 0)
                r = keys_send(ctl, POMOD_INTERFACE_SCHEDULES, "Set", args->words[0], given);
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
