/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/pipe.h"
#include "clients/pomoctl/agent.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/rules-file.h"
#include "clients/pomoctl/verb-ics.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
#include "common/names.h"

/* ---- which rules an import touches, by name ---- */

#define NAMES_SAID 5u

/* The rules as they are: name and text. */
static int rules_note(const Ctl *ctl, struct json_object **ret_rules) {
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_SCHEDULES, "List", NULL, "");
        cleanup_(record_putp) struct json_object *rules = json_new();

        for (struct json_object *record; (record = records_next(&records));)
                json_add_text(rules, record_text(record, "Name"), record_text(record, "Text"));
        if (records.status == 0)
                *ret_rules = steal(rules);
        return records.status;
}

/* The rules that a text names, without their text: what a rehearsal has to go by. */
static struct json_object *rules_named(const char *text) {
        static const char head[] = "[Rule ";
        struct json_object *rules = json_new();

        for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
                size_t n = strcspn(line, "]\n"), n_head = strlen(head);
                cleanup_free_ char *name = NULL;

                if (strncmp(line, head, n_head) != 0 || line[n] != ']')
                        continue;
                name = memory_copy_n(line + n_head, n - n_head);
                json_object_object_add(rules, name, NULL);
        }
        return rules;
}

/* "removed: mornings, afternoons and 10 more", of the rules of before that are gone (or else have changed).
 */
static void names_say(const char *what, struct json_object *before, struct json_object *after, bool gone) {
        unsigned n = 0;

        json_object_object_foreach(before, name, text) {
                struct json_object *now = NULL;
                bool is_there = json_object_object_get_ex(after, name, &now),
                     changed = is_there && (!now || strcmp(json_object_get_string(text),
                                                                    json_object_get_string(now)) != 0);
                cleanup_free_ char *safe = memory_safe_text(name);

                if (gone ? is_there : !changed)
                        continue;
                if (n++ < NAMES_SAID)
                        printf("%s%s", n == 1 ? what : ", ", safe);
        }
        if (n > NAMES_SAID)
                printf(" and %u more", n - NAMES_SAID);
        if (n > 0)
                printf("\n");
}

/* ---- import ---- */

static void counts_say(struct json_object *result, bool dry) {
        uint64_t rules = record_u64(result, "Rules"), profiles = record_u64(result, "Profiles"),
                 removed = record_u64(result, "Removed");

        if (rules + profiles + removed == 0) {
                printf("nothing changes: all of it is there already\n");
                return;
        }
        printf("%s %" PRIu64 " rule%s", dry ? "would import" : "imported", rules, rules == 1 ? "" : "s");
        if (profiles > 0)
                printf(" and %" PRIu64 " profile%s", profiles, profiles == 1 ? "" : "s");
        if (removed > 0)
                printf(", %s %" PRIu64, dry ? "and remove" : "removed", removed);
        printf("\n");
}

/* For people: how much it is, and which rules are other ones or gone. */
static int result_say(const Ctl *ctl, const Args *args, const char *text, struct json_object *result,
                struct json_object *before) {
        cleanup_(record_putp) struct json_object *after = NULL;
        bool dry = args_has(args, "dry-run");
        int r = 0;

        counts_say(result, dry);
        if (dry)
                after = rules_named(text);
        else
                r = rules_note(ctl, &after);
        if (r != 0 || record_u64(result, "Rules") + record_u64(result, "Removed") == 0)
                return r;
        names_say(dry ? "would replace, where they differ: " : "replaced: ", before, after, false);
        if (args_has(args, "replace"))
                names_say(dry ? "would remove: " : "removed: ", before, after, true);
        return 0;
}

static void result_print(struct json_object *result, bool dry, struct json_object *warnings) {
        struct json_object *o = json_new();

        json_add_number(o, "rules", record_u64(result, "Rules"));
        json_add_number(o, "profiles", record_u64(result, "Profiles"));
        json_add_number(o, "removed", record_u64(result, "Removed"));
        json_add_flag(o, "dry_run", dry);
        json_object_object_add(o, "warnings", warnings ? json_object_get(warnings) : json_object_new_array());
        json_print_and_put(stdout, o);
}

static int import_send(const Ctl *ctl, const Args *args, const char *text, sd_bus_message **ret_reply) {
        Agent agent = agent_begin(ctl);
        int r = program_call(&ctl->program, POMOD_INTERFACE_SCHEDULES, "Import",
                        CLIENT_OPTIONS(client_option_flag("replace", args_has(args, "replace")),
                                        client_option_flag("dry-run", args_has(args, "dry-run"))),
                        ret_reply, "s", text);

        agent_end(&agent);
        return r;
}

/* With the options --replace and --dry-run of the verb: says what became of it. */
static int import_text(const Ctl *ctl, const Args *args, const char *text) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(record_putp) struct json_object *result = NULL, *before = NULL;
        bool dry = args_has(args, "dry-run");
        struct json_object *warnings = NULL;
        int r = ctl->program.json ? 0 : rules_note(ctl, &before);

        r = r ?: import_send(ctl, args, text, &reply);
        r = r ?: record_of_reply(&ctl->program, reply, &result);
        if (r != 0)
                return r;

        json_object_object_get_ex(result, "Warnings", &warnings);
        for (size_t i = 0; warnings && i < json_object_array_length(warnings); i++)
                program_warn(&ctl->program, json_object_get_string(json_object_array_get_idx(warnings, i)));
        if (!ctl->program.json)
                return result_say(ctl, args, text, result, before);
        result_print(result, dry, warnings);
        return 0;
}

static int verb_schedule_import(Ctl *ctl, const Args *args) {
        char sentence[RULES_FILE_SENTENCE_MAX];
        cleanup_free_ char *text = NULL, *what = NULL;
        int r;

        if (args_has(args, "as"))
                return ics_run(ctl, args);
        if (args->n_words == 0)
                return ctl_usage(ctl, "which file? - is standard input");

        r = rules_file_read(args->words[0], &text, sentence);
        if (r == -EINVAL)
                return ctl_usage(ctl, "%s", sentence);
        if (r < 0) {
                what = memory_format("cannot read '%s'", args->words[0]);
                return program_errno(&ctl->program, r, what);
        }
        if (strncmp(text, "BEGIN:VCALENDAR", strlen("BEGIN:VCALENDAR")) == 0)
                return ctl_usage(ctl,
                                "this is a calendar file; say what its events are: --as away, or --as office-day");
        return import_text(ctl, args, text);
}

/* ---- export ---- */

static int file_write(const Ctl *ctl, const char *path, const char *text) {
        cleanup_free_ char *safe = memory_safe_text(path), *what = NULL;
        int r = rules_file_write(path, text);

        if (r < 0) {
                what = memory_format("cannot write '%s'", path);
                return program_errno(&ctl->program, r, what);
        }
        if (ctl->program.json)
                json_say("s", "file", path);
        else
                printf("wrote %s\n", safe);
        return 0;
}

static int verb_schedule_export(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_free_ char *text = NULL;
        int r = program_call(&ctl->program, POMOD_INTERFACE_SCHEDULES, "Export", NULL, &reply, "")
                                ?: pipe_read_text(&ctl->program, reply, &text);

        if (r != 0)
                return r;

        if (args->n_words > 0 && strcmp(args->words[0], "-") != 0)
                return file_write(ctl, args->words[0], text);
        if (ctl->program.json)
                json_say("s", "text", text);
        else
                fputs(text, stdout);
        return 0;
}

/* ---- presets ---- */

static void preset_row(Table *table, struct json_object *record) {
        table_add(table, (const char *const[]){
                                         record_text(record, "Name"), record_text(record, "Description") });
}

static const RecordList preset_list = {
        .headings = (const char *const[]){ "PRESET", "WHAT IT IS", NULL },
        .row = preset_row,
};

static int verb_schedule_preset(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        if (args->n_words == 0 && args_has(args, "add"))
                return ctl_usage(ctl, "which preset? pomoctl schedule preset names them");
        if (args->n_words == 0) {
                cleanup_(records_done) Records records = records_ask(
                                &ctl->program, POMOD_INTERFACE_SCHEDULES, "ListPresets", NULL, "");

                return list_show(ctl, &records, &preset_list);
        }

        r = named_given(ctl, args, "preset")
                            ?: record_find_named(&ctl->program, POMOD_INTERFACE_SCHEDULES, "ListPresets",
                                               args->words[0], &record);
        if (r != 0)
                return r;
        if (!record)
                return ctl_usage(ctl, "there is no preset '%.64s'; pomoctl schedule preset names them",
                                args->words[0]);

        if (args_has(args, "add"))
                return import_text(ctl, args, record_text(record, "Text"));
        if (ctl->program.json)
                list_print_json(&preset_list, record);
        else
                fputs(record_text(record, "Text"), stdout);
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_import[] = {
        { .name = "schedule import", .usage = "FILE [--replace] [--dry-run] [--as KIND]", .words = 1, .run = verb_schedule_import,
          .sentence = "take rules and profiles from a file, all of them or none",
          .details = DETAILS("The file is in the form that pomoctl schedule export writes; - is standard input. A rule or profile of the same name is replaced in its place. With --as it is a calendar file, as for pomoctl schedule ics import."),
          .options = OPTIONS({ "replace", NULL, "those of the file are the only ones afterwards" },
                          { "dry-run", NULL, "say what would change, and what can never come true" },
                          { "as", "KIND", "away or office-day: what the events of an .ics become" }, ),
          .examples = ITEMS({ "pomoctl schedule import year.rules --dry-run", "what it would do" },
                          { "pomoctl schedule export | ssh laptop pomoctl schedule import - --replace",
                                          "the same rules on another computer" }, ) },
        { .name = "schedule export", .usage = "[FILE]", .words = 1, .run = verb_schedule_export,
          .sentence = "write all rules and profiles to a file, or show them",
          .examples = ITEMS({ "pomoctl schedule export year.rules", "to edit them as text" }, ) },
        {},
};

const Verb verbs_of_presets[] = {
        { .name = "schedule preset", .usage = "[NAME [--add [--replace] [--dry-run]]]", .words = 1, .run = verb_schedule_preset,
          .sentence = "list rules to begin with, or show those of one preset",
          .options = OPTIONS({ "add", NULL, "take them" },
                          { "replace", NULL, "with --add: they are the only ones afterwards" },
                          { "dry-run", NULL, "with --add: say what would change" }, ),
          .examples = ITEMS({ "pomoctl schedule preset summer --add", "mornings only in summer" }, ) },
        {},
};
/* clang-format on */
