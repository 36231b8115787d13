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

typedef struct Listing {
        const Ctl *ctl;
        Table *table;
} Listing;

static int print_json(struct json_object *record) {
        struct json_object *o = json_object_new_object(), *settings = keys_of_record(record, NULL);

        if (!o || !settings) {
                json_object_put(o);
                json_object_put(settings);
                return -ENOMEM;
        }
        json_object_object_del(settings, "Plugins");
        json_object_object_del(settings, "Breaks");
        json_add_text(o, "name", record_text(record, "Name"));
        json_add_text(o, "plugins", record_text(record, "Plugins"));
        json_object_object_add(o, "breaks",
                        json_object_new_boolean(strcmp(record_text(record, "Breaks"), "yes") == 0));
        json_object_object_add(o, "settings", settings);
        json_add_text(o, "text", record_text(record, "Text"));
        json_print_and_put(stdout, o);
        return 0;
}

static char *settings_make(struct json_object *record) {
        char *text = NULL;
        size_t n;
        FILE *f = open_memstream(&text, &n);
        const char *between = "";

        if (!f)
                return NULL;
        json_object_object_foreach(record, key, value) {
                if (strchr(key, '.') || strcmp(key, "Breaks") == 0) {
                        fprintf(f, "%s%s=%s", between, key, json_object_get_string(value));
                        between = " ";
                }
        }
        if (fclose(f) != 0) {
                free(text);
                return NULL;
        }
        return text;
}

static int list_one(struct json_object *record, void *userdata) {
        cleanup_free_ char *settings = NULL;
        Listing *listing = userdata;

        if (listing->ctl->json)
                return print_json(record);
        settings = settings_make(record);
        if (!settings)
                return -ENOMEM;
        return table_add(listing->table, (const char *const[]){ record_text(record, "Name"),
                                                         record_text(record, "Plugins"), settings });
}

static int verb_profile_list(Ctl *ctl, const Args *args) {
        cleanup_(table_freep) Table *table = NULL;
        Listing listing = { .ctl = ctl };
        int r;

        listing.table = table = table_new((const char *const[]){ "PROFILE", "PLUGINS", "SETTINGS", NULL });
        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list the profiles");

        r = record_each_named(ctl, POMOD_INTERFACE_FOCUS, "ListProfiles", list_one, &listing);
        if (r != 0 || ctl->json)
                return r;
        ctl_table(ctl, table,
                        "no profiles; make one with: pomoctl focus profile set deep 'Plugins=sites;mute'");
        return 0;
}

static int profile_find(const Ctl *ctl, const Args *args, struct json_object **ret_record) {
        int r;

        r = named_given(ctl, args, "profile");
        return r != 0 ? r
                      : named_find(ctl, POMOD_INTERFACE_FOCUS, "ListProfiles", args->words[0], ret_record);
}

static int verb_profile_show(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        r = profile_find(ctl, args, &record);
        if (r != 0)
                return r;
        if (!record)
                return ctl_usage(ctl, "there is no profile '%.64s'; pomoctl focus profile list names them",
                                args->words[0]);
        if (!ctl->json)
                fputs(record_text(record, "Text"), stdout);
        else if (print_json(record) < 0)
                return ctl_errno(ctl, -ENOMEM, "cannot show the profile");
        return 0;
}

/* What became of it: a line for people, the object for scripts. */
static int profile_say(const Ctl *ctl, const Args *args, const char *what) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        if (!ctl->json) {
                named_say(what, "profile", args->words[0]);
                return 0;
        }
        r = profile_find(ctl, args, &record);
        if (r == 0 && record && print_json(record) < 0)
                r = ctl_errno(ctl, -ENOMEM, "cannot show the profile");
        return r;
}

/* Over what is there: one key can be changed without all others being typed again. */
static int verb_profile_set(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL, *keys = NULL;
        int r;

        r = profile_find(ctl, args, &record);
        if (r == 0 && args->n_words < 2)
                r = ctl_usage(ctl, "to what? pomoctl focus profile set %.64s 'Plugins=sites;mute'",
                                args->words[0]);
        if (r != 0)
                return r;

        keys = record ? keys_of_record(record, NULL) : json_object_new_object();
        if (!keys)
                return ctl_cannot_ask(ctl, -ENOMEM);
        r = keys_read(ctl, args, 1, profile_keys, true, keys);
        if (r != 0)
                return r;

        r = keys_send(ctl, POMOD_INTERFACE_FOCUS, "SetProfile", args->words[0], keys);
        return r != 0 ? r : profile_say(ctl, args, record ? "changed" : "added");
}

static int verb_profile_remove(Ctl *ctl, const Args *args) {
        return named_remove(ctl, args, POMOD_INTERFACE_FOCUS, "RemoveProfile", "profile");
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
static const HelpItem profile_terms[] = {
        { "Plugins=sites;mute", "what it consists of" },
        { "Breaks=yes", "stays in force in the breaks of its interval; else it rests" },
        { "PLUGIN.KEY=VALUE", "a setting of a plugin, as in sites.Block=reddit.com" },
        {},
};

const Verb verbs_of_profiles[] = {
        {
                .name = "focus profile",
                .usage = "[list]",
                .sentence = "list the profiles",
                .examples = ITEMS({ "pomoctl focus profile", "what can be put in force" }, ),
                .run = verb_profile_list,
        },
        {
                .name = "focus profile list",
                .usage = "",
                .sentence = "list the profiles with their plugins and settings",
                .examples = ITEMS({ "pomoctl focus profile list --json", "for a script" }, ),
                .run = verb_profile_list,
        },
        {
                .name = "focus profile show",
                .usage = "NAME",
                .words = 1,
                .sentence = "show a profile as text",
                .examples = ITEMS({ "pomoctl focus profile show deep", "as pomoctl schedule export writes it" }, ),
                .run = verb_profile_show,
        },
        {
                .name = "focus profile set",
                .usage = "NAME KEY=VALUE…",
                .words = WORDS_ANY,
                .sentence = "make a profile, or change keys of one; KEY= empties one",
                .terms = profile_terms,
                .terms_title = "Keys",
                .examples = ITEMS({ "pomoctl focus profile set deep 'Plugins=sites;mute' 'sites.Block=reddit.com;@social'",
                                                  "no distractions, no mail" }, ),
                .run = verb_profile_set,
        },
        {
                .name = "focus profile remove",
                .usage = "NAME",
                .words = 1,
                .sentence = "remove a profile that no rule names; what is in force stays so to its end",
                .examples = ITEMS({ "pomoctl focus profile remove deep", "no longer needed" }, ),
                .run = verb_profile_remove,
        },
        {},
};
/* clang-format on */
