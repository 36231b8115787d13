/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
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

static struct json_object *rule_json(struct json_object *record) {
        struct json_object *o = json_new();

        json_add_text(o, "name", record_text(record, "Name"));
        for (size_t i = 0; i < N_KEYS; i++)
                key_add(o, &keys[i], record);
        json_add_text(o, "text", record_text(record, "Text"));
        return o;
}

/* "Priority=5 Focus=deep": what has no column. */
static char *further_make(struct json_object *record) {
        char *text = NULL;

        for (size_t i = 0; i < N_KEYS; i++)
                if (!keys[i].column && *record_text(record, keys[i].key))
                        memory_append(&text, "%s%s=%s", text ? " " : "", keys[i].key,
                                        record_text(record, keys[i].key));
        return text;
}

static void rule_row(Table *table, struct json_object *record) {
        const char *kind = record_text(record, "Kind"), *mode = record_text(record, "Mode"),
                   *dates = record_text(record, "Dates"), *days = record_text(record, "Days"),
                   *hours = record_text(record, "Hours");
        bool also_alone = !*dates && !*days && *record_text(record, "Also");
        cleanup_free_ char *further = further_make(record);

        table_add(table, (const char *const[]){ record_text(record, "Name"), *kind ? kind : "work",
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

static const RecordList rule_list = {
        .headings = (const char *const[]){ "RULE", "KIND", "DATES", "DAYS", "HOURS", "MODE", "FURTHER",
                        NULL },
        .row = rule_row,
        .json = rule_json,
        .none = "no rules: every hour is free; begin with one of: pomoctl schedule preset",
};

static int verb_schedule_list(Ctl *ctl, const Args *args) {
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_SCHEDULES, "List", NULL, "");

        return list_show(ctl, &records, &rule_list);
}

/* ---- add, edit, remove ---- */

static int rule_say(const Ctl *ctl, const char *name, const char *what) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        if (!ctl->program.json) {
                named_say(what, "rule", name);
                return 0;
        }
        r = record_find_named(&ctl->program, POMOD_INTERFACE_SCHEDULES, "List", name, &record);
        if (r == 0 && record)
                list_print_json(&rule_list, record);
        return r;
}

/* add and edit: one that is there may not be, or has to be. */
static int rule_write(const Ctl *ctl, const Args *args, bool edit) {
        cleanup_(record_putp) struct json_object *record = NULL, *given = NULL;
        const char *names[N_KEYS + 1];
        int r = named_given(ctl, args, "rule");

        if (r == 0 && args->n_words < 2)
                r = ctl_usage(ctl, "what of it? pomoctl %s %.64s Hours=09:00-12:00", ctl->verb->name,
                                args->words[0]);
        r = r ?: record_find_named(&ctl->program, POMOD_INTERFACE_SCHEDULES, "List", args->words[0], &record);
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
        given = record ? keys_of_record(record, names) : json_new();
        r = keys_read(ctl, args, 1, names, false, given)
                            ?: keys_send(ctl, POMOD_INTERFACE_SCHEDULES, "Set", args->words[0], given);
        return r != 0 ? r : rule_say(ctl, args->words[0], edit ? "changed" : "added");
}

static int verb_schedule_add(Ctl *ctl, const Args *args) {
        return rule_write(ctl, args, false);
}

static int verb_schedule_edit(Ctl *ctl, const Args *args) {
        return rule_write(ctl, args, true);
}

static int verb_schedule_remove(Ctl *ctl, const Args *args) {
        return named_remove(ctl, args, POMOD_INTERFACE_SCHEDULES, "Remove", "rule");
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_rule_list[] = {
        { .name = "schedule", .usage = "[list]", .run = verb_schedule_list,
          .brief = "list the rules; also: agenda, explain, add, import, …",
          .sentence = "list the rules of your days",
          .examples = ITEMS({ "pomoctl schedule", "the rules in their order" },
                          { "pomoctl schedule agenda", "what they make of this week" }, ) },
        { .name = "schedule list", .usage = "", .run = verb_schedule_list,
          .sentence = "list the rules in their order",
          .examples = ITEMS({ "pomoctl schedule list --json", "for a script" }, ) },
        {},
};

static const HelpItem rule_terms[] = {
        { "Kind=work|office-day|away", "away: nothing begins in its hours; else work" },
        { "Dates=06-15..08-31", "each year, also over the new year, or two full dates; else always" },
        { "Days=Mon-Fri;1Sat;-1Fri", "of the week, or the first or last of the month; else every day" },
        { "Hours=09:00-12:00;22:00-02:30", "on the clock, also over midnight; else the whole day" },
        { "Mode=pomodoro|freeform", "what start begins; else pomodoro" },
        { "Priority=5", "a higher one governs a date alone; else 0" },
        { "Target=10", "pomodoros meant for its days" },
        { "Also=2026-07-02", "dates on which it holds as well" },
        { "Except=2026-10-07", "dates on which it does not hold" },
        { "Focus=PROFILE", "what is in force in its hours" },
        { "Lock=none|delay 10m|admin", "how its focus can be released early; else none" },
        { "Quota=1/week|4/month", "of office days" },
        { "AutoStart=yes", "its mode begins by itself; else no" },
        { "AutoSwitch=yes", "its mode takes over from what runs; else no" },
        {},
};

const Verb verbs_of_rules[] = {
        { .name = "schedule add", .usage = "NAME KEY=VALUE…", .words = WORDS_ANY, .run = verb_schedule_add,
          .sentence = "add a rule; what can never come true is a warning",
          .details = DETAILS("An away window comes first. Else a date is governed by its rules of the highest rank alone: those that name it in Also, then by Priority, an office day before work, narrower Dates before wider ones."),
          .terms = rule_terms, .terms_title = "Keys",
          .examples = ITEMS({ "pomoctl schedule add summer Dates=06-15..08-31 Days=Mon-Fri Hours=09:00-12:00 Priority=5",
                                            "three hours a day in summer" },
                          { "pomoctl schedule add closed Kind=away Dates=12-25..02-10", "a closed shop in winter" }, ) },
        { .name = "schedule edit", .usage = "NAME KEY=VALUE…", .words = WORDS_ANY, .run = verb_schedule_edit,
          .sentence = "change keys of a rule; KEY= empties one",
          .terms = rule_terms, .terms_title = "Keys",
          .examples = ITEMS({ "pomoctl schedule edit summer Hours=08:00-11:00 Target=", "earlier, and without a target" }, ) },
        { .name = "schedule remove", .usage = "NAME", .words = 1, .run = verb_schedule_remove,
          .sentence = "remove a rule",
          .examples = ITEMS({ "pomoctl schedule remove summer", "ordinary days in summer, too" }, ) },
        {},
};
/* clang-format on */
