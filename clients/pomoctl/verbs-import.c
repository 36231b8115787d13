/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/rules-file.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb-ics.h"
#include "clients/pomoctl/verb.h"
#include "common/names.h"

/* ---- which rules an import touches, by name ---- */

#define NAMES_SAID 5u

static int rule_note(struct json_object *record, void *userdata) {
        json_object_object_add(userdata, record_text(record, "Name"),
                        json_object_new_string(record_text(record, "Text")));
        return 0;
}

/* The rules as they are: name and text. */
static int rules_note(const Ctl *ctl, struct json_object **ret_rules) {
        cleanup_(record_putp) struct json_object *rules = json_object_new_object();
        int r;

        if (!rules)
                return ctl_cannot_ask(ctl, -ENOMEM);
        r = record_each_named(ctl, POMOD_INTERFACE_SCHEDULES, "List", rule_note, rules);
        if (r == 0)
                *ret_rules = steal(rules);
        return r;
}

/* The rules that a text names, without their text: what a rehearsal has to go by. */
static struct json_object *rules_named(const char *text) {
        struct json_object *rules = json_object_new_object();

        for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
                size_t n = strcspn(line, "]\n");
                cleanup_free_ char *name = NULL;

                if (strncmp(line, "[Rule ", strlen("[Rule ")) != 0 || line[n] != ']')
                        continue;
                name = strndup(line + strlen("[Rule "), n - strlen("[Rule "));
                if (name && rules)
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
                cleanup_free_ char *safe = NULL;

                if (gone ? is_there : !changed)
                        continue;
                if (n++ >= NAMES_SAID)
                        continue;
                safe = ctl_text(name);
                printf("%s%s", n == 1 ? what : ", ", safe);
        }
        if (n > NAMES_SAID)
                printf(" and %u more", n - NAMES_SAID);
        if (n > 0)
                printf("\n");
}

/* ---- import ---- */

static void import_say(const Ctl *ctl, struct json_object *result, bool dry) {
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

int import_text(const Ctl *ctl, const Args *args, const char *text) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL, *reply = NULL;
        cleanup_(record_putp) struct json_object *result = NULL, *o = NULL, *before = NULL, *after = NULL;
        bool dry = args_has(args, "dry-run"), replace = args_has(args, "replace");
        struct json_object *warnings = NULL;
        int r;

        r = ctl->json ? 0 : rules_note(ctl, &before);
        if (r != 0)
                return r;
        if (client_message_new(ctl->client, POMOD_INTERFACE_SCHEDULES, "Import", &m) < 0)
                return ctl_failed(ctl);
        if ((r = sd_bus_message_append(m, "s", text)) < 0 || (r = client_options_open(m)) < 0 ||
                        (replace && (r = client_option_bool(m, "replace", true)) < 0) ||
                        (dry && (r = client_option_bool(m, "dry-run", true)) < 0) ||
                        (r = client_options_close(m)) < 0)
                return ctl_cannot_ask(ctl, r);
        if (client_send(ctl->client, m, &reply) < 0)
                return ctl_failed(ctl);
        r = record_of_reply(ctl, reply, &result);
        if (r != 0)
                return r;

        json_object_object_get_ex(result, "Warnings", &warnings);
        warnings_say(ctl, warnings);
        if (!ctl->json) {
                import_say(ctl, result, dry);
                if (dry)
                        after = rules_named(text);
                else
                        r = rules_note(ctl, &after);
                if (r != 0 || record_u64(result, "Rules") + record_u64(result, "Removed") == 0)
                        return r;
                names_say(dry ? "would replace, where they differ: " : "replaced: ", before, after, false);
                if (replace)
                        names_say(dry ? "would remove: " : "removed: ", before, after, true);
                return 0;
        }

        o = json_object_new_object();
        if (!o)
                return ctl_errno(ctl, -ENOMEM, "cannot show the result");
        json_object_object_add(o, "rules", json_object_new_uint64(record_u64(result, "Rules")));
        json_object_object_add(o, "profiles", json_object_new_uint64(record_u64(result, "Profiles")));
        json_object_object_add(o, "removed", json_object_new_uint64(record_u64(result, "Removed")));
        json_object_object_add(o, "dry_run", json_object_new_boolean(dry));
        json_object_object_add(o, "warnings", warnings ? json_object_get(warnings) : json_object_new_array());
        json_print(stdout, o);
        return 0;
}

static int verb_schedule_import(Ctl *ctl, const Args *args) {
        char sentence[RULES_FILE_SENTENCE_MAX];
        cleanup_free_ char *text = NULL;
        int r;

        if (args_has(args, "as"))
                return ics_run(ctl, args);
        if (args->n_words == 0)
                return ctl_usage(ctl, "which file? - is standard input");

        r = rules_file_read(args->words[0], &text, sentence);
        if (r == -EINVAL)
                return ctl_usage(ctl, "%s", sentence);
        if (r < 0) {
                cleanup_free_ char *safe = ctl_text(args->words[0]), *what = NULL;

                return ctl_errno(ctl, r,
                                asprintf(&what, "cannot read '%s'", safe) < 0 ? "cannot read the file"
                                                                              : what);
        }
        if (strncmp(text, "BEGIN:VCALENDAR", strlen("BEGIN:VCALENDAR")) == 0)
                return ctl_usage(ctl,
                                "this is a calendar file; say what its events are: --as away, or --as office-day");
        return import_text(ctl, args, text);
}

/* ---- export ---- */

static int verb_schedule_export(Ctl *ctl, const Args *args) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        const char *text, *path = args->n_words > 0 ? args->words[0] : "-";
        int r;

        if (client_call(ctl->client, POMOD_INTERFACE_SCHEDULES, "Export", &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = sd_bus_message_read(reply, "s", &text);
        if (r < 0)
                return ctl_unreadable(ctl, r);

        if (strcmp(path, "-") != 0) {
                cleanup_free_ char *safe = ctl_text(path), *what = NULL;

                r = rules_file_write(path, text);
                if (r < 0)
                        return ctl_errno(ctl, r,
                                        asprintf(&what, "cannot write '%s'", safe) < 0
                                                        ? "cannot write the file"
                                                        : what);
                if (ctl->json) {
                        struct json_object *o = json_object_new_object();

                        json_add_text(o, "file", path);
                        json_print_and_put(stdout, o);
                } else
                        printf("wrote %s\n", safe);
        } else if (ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_text(o, "text", text);
                json_print_and_put(stdout, o);
        } else
                fputs(text, stdout);
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_import[] = {
        {
                .name = "schedule import",
                .usage = "FILE [--replace] [--dry-run] [--as KIND]",
                .words = 1,
                .sentence = "take rules and profiles from a file, all of them or none",
                .details = DETAILS("The file is in the form that pomoctl schedule export writes; - is standard input. A rule or profile of the same name is replaced in its place. With --as it is a calendar file, as for pomoctl schedule ics import."),
                .options = OPTIONS({ "replace", NULL, "those of the file are the only ones afterwards" },
                                { "dry-run", NULL, "say what would change, and what can never come true" },
                                { "as", "KIND", "away or office-day: what the events of an .ics become" }, ),
                .examples = ITEMS({ "pomoctl schedule import year.rules --dry-run", "what it would do" },
                                { "pomoctl schedule export | ssh laptop pomoctl schedule import - --replace",
                                                "the same rules on another computer" }, ),
                .run = verb_schedule_import,
        },
        {
                .name = "schedule export",
                .usage = "[FILE]",
                .words = 1,
                .sentence = "write all rules and profiles to a file, or show them",
                .examples = ITEMS({ "pomoctl schedule export year.rules", "to edit them as text" }, ),
                .run = verb_schedule_export,
        },
        {},
};
/* clang-format on */
