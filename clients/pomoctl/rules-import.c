/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/rules-import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/agent.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/records.h"
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
        printf("%s", dry ? "would import" : "imported");
        if (rules > 0 || profiles == 0)
                printf(" %" PRIu64 " rule%s", rules, rules == 1 ? "" : "s");
        if (profiles > 0)
                printf("%s %" PRIu64 " profile%s", rules > 0 ? " and" : "", profiles,
                                profiles == 1 ? "" : "s");
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

int rules_import(const Ctl *ctl, const Args *args, const char *text) {
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
