/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/agent.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
#include "common/names.h"

static void add_names(struct json_object *o, const char *key, struct json_object *record, const char *names) {
        struct json_object *list = NULL;

        (void) json_object_object_get_ex(record, names, &list);
        json_object_object_add(o, key, list ? json_object_get(list) : json_object_new_array());
}

static struct json_object *profile_json(struct json_object *record) {
        struct json_object *o = json_new(), *settings = keys_of_record(record, NULL);

        json_object_object_del(settings, "Plugins");
        json_object_object_del(settings, "Breaks");
        json_add_text(o, "name", record_text(record, "Name"));
        json_add_text(o, "plugins", record_text(record, "Plugins"));
        json_add_flag(o, "breaks", strcmp(record_text(record, "Breaks"), "yes") == 0);
        json_object_object_add(o, "settings", settings);
        add_names(o, "granted", record, "Granted");
        add_names(o, "not_granted", record, "NotGranted");
        json_add_text(o, "text", record_text(record, "Text"));
        return o;
}

static void profile_row(Table *table, struct json_object *record) {
        struct json_object *left = NULL;
        cleanup_free_ char *settings = NULL;

        json_object_object_foreach(record, key, value) {
                if (strchr(key, '.') || strcmp(key, "Breaks") == 0)
                        memory_append(&settings, "%s%s=%s", settings ? " " : "", key,
                                        json_object_get_string(value));
        }
        if (json_object_object_get_ex(record, "NotGranted", &left) && json_object_array_length(left) > 0)
                memory_append(&settings, "%s(not granted: %zu)", settings ? " " : "",
                                json_object_array_length(left));
        table_add(table, (const char *const[]){ record_text(record, "Name"), record_text(record, "Plugins"),
                                         settings });
}

static const RecordList profile_list = {
        .headings = (const char *const[]){ "PROFILE", "PLUGINS", "SETTINGS", NULL },
        .row = profile_row,
        .json = profile_json,
        .none = "no profiles; begin with one of: pomoctl focus profile preset",
};

static int verb_profile_list(Ctl *ctl, const Args *args) {
        cleanup_(records_done) Records records =
                        records_ask(&ctl->program, POMOD_INTERFACE_FOCUS, "ListProfiles", NULL, "");

        return list_show(ctl, &records, &profile_list);
}

static int profile_find(const Ctl *ctl, const Args *args, struct json_object **ret_record) {
        return named_given(ctl, args, "profile")
                               ?: record_find_named(&ctl->program, POMOD_INTERFACE_FOCUS, "ListProfiles",
                                                  args->words[0], ret_record);
}

/* Of a profile that an older pomod stored, not all may be in its record. */
static bool is_too_large(struct json_object *record) {
        return record_u64(record, "TooLarge") > 0;
}

static int refuse_too_large(const Ctl *ctl, struct json_object *record) {
        cleanup_free_ char *
                        name = memory_safe_text(record_text(record, "Name")),
                       *sentence = memory_format(
                                       "the profile %s is larger than a profile can be by now, so it is not shown whole; pomoctl schedule export FILE writes it: shorten it there and import that, or remove it",
                                       name);

        program_error(&ctl->program, POMOD_ERROR_PREFIX "LimitsExceeded", sentence);
        return CLIENT_EXIT_REFUSED;
}

static int verb_profile_show(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r = profile_find(ctl, args, &record);

        if (r != 0)
                return r;
        if (!record)
                return ctl_usage(ctl, "there is no profile '%.64s'; pomoctl focus profile list names them",
                                args->words[0]);
        if (ctl->program.json)
                list_print_json(&profile_list, record);
        else if (is_too_large(record))
                return refuse_too_large(ctl, record);
        else
                fputs(record_text(record, "Text"), stdout);
        return 0;
}

/* What became of it: a line for people, the object for scripts. */
static int profile_say(const Ctl *ctl, const Args *args, const char *what) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        if (!ctl->program.json) {
                named_say(what, "profile", args->words[0]);
                return 0;
        }
        r = profile_find(ctl, args, &record);
        if (r == 0 && record)
                list_print_json(&profile_list, record);
        return r;
}

/* Over what is there: one key can be changed without all others being typed again. */
static int verb_profile_set(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL, *keys = NULL;
        int r = profile_find(ctl, args, &record);
        Agent agent;

        if (r == 0 && args->n_words < 2)
                r = ctl_usage(ctl, "to what? pomoctl focus profile set %.64s 'Plugins=sites;mute'",
                                args->words[0]);
        if (r == 0 && record && is_too_large(record))
                r = refuse_too_large(ctl, record);
        if (r != 0)
                return r;

        keys = record ? keys_of_record(record, NULL) : json_new();
        r = keys_read(ctl, args, 1, profile_keys, true, keys);
        if (r != 0)
                return r;
        agent = agent_begin(ctl);
        r = keys_send(ctl, POMOD_INTERFACE_FOCUS, "SetProfile", args->words[0], keys);
        agent_end(&agent);
        return r != 0 ? r : profile_say(ctl, args, record ? "changed" : "added");
}

static int verb_profile_remove(Ctl *ctl, const Args *args) {
        return named_remove(ctl, args, POMOD_INTERFACE_FOCUS, "RemoveProfile", "profile");
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_profiles[] = {
        { .name = "focus profile", .usage = "[list]", .run = verb_profile_list,
          .sentence = "list the profiles",
          .examples = ITEMS({ "pomoctl focus profile", "what can be put in force" }, ) },
        { .name = "focus profile list", .usage = "", .run = verb_profile_list,
          .sentence = "list the profiles with their plugins and settings",
          .examples = ITEMS({ "pomoctl focus profile list --json", "for a script" }, ) },
        { .name = "focus profile show", .usage = "NAME", .words = 1, .run = verb_profile_show,
          .sentence = "show a profile as text",
          .examples = ITEMS({ "pomoctl focus profile show deep", "as pomoctl schedule export writes it" }, ) },
        { .name = "focus profile set", .usage = "NAME KEY=VALUE…", .words = WORDS_ANY, .run = verb_profile_set,
          .sentence = "make a profile, or change keys of one; KEY= empties one",
          .details = DETAILS("What is in force keeps the values that it began with."),
          .terms = ITEMS(
                  { "Plugins=sites;mute", "what it consists of" },
                  { "Breaks=yes", "stays in force in the breaks of its interval; else it rests" },
                  { "PLUGIN.KEY=VALUE", "a setting of a plugin, as in sites.Block=reddit.com" }, ), .terms_title = "Keys",
          .examples = ITEMS({ "pomoctl focus profile set deep 'Plugins=sites;mute' 'sites.Block=reddit.com;@social'",
                                            "no distractions, no mail" }, ) },
        { .name = "focus profile remove", .usage = "NAME", .words = 1, .run = verb_profile_remove,
          .sentence = "remove a profile that no rule names; what is in force stays so to its end",
          .examples = ITEMS({ "pomoctl focus profile remove deep", "no longer needed" }, ) },
        {},
};
/* clang-format on */
