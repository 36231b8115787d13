/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/verb.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/names.h"
#include "common/text.h"

#define WORDS_SHOWN    4u
#define NAMES_COMPARED 63u

/* ---- list ---- */

/* "1s to 24h", "yes, no", "" where anything goes; the caller's. */
static char *range_make(struct json_object *record) {
        const char *low = record_text(record, "MinimumText"), *high = record_text(record, "MaximumText");
        struct json_object *words = NULL;
        char *range = NULL;
        size_t n;

        if (*low && *high)
                return memory_format("%s to %s", low, high);
        if (strcmp(record_text(record, "Type"), "bool") == 0)
                return memory_copy("yes, no");

        json_object_object_get_ex(record, "Words", &words);
        n = words ? json_object_array_length(words) : 0;
        for (size_t i = 0; i < n; i++) {
                /* The first and the last of many say what kind of words they are. */
                if (n > WORDS_SHOWN && i == 1)
                        i = n - 1;
                memory_append(&range, "%s%s",
                                i == 0            ? ""
                                : n > WORDS_SHOWN ? " … "
                                                  : ", ",
                                json_object_get_string(json_object_array_get_idx(words, i)));
        }
        return range ?: memory_copy("");
}

static void setting_row(Table *table, struct json_object *record) {
        const char *text = record_text(record, "Text"), *standard = record_text(record, "DefaultText");
        cleanup_free_ char *range = range_make(record);

        table_add(table, (const char *const[]){ record_text(record, "Name"), *text ? text : "-",
                                         *standard ? standard : "-", range,
                                         record_text(record, "Description") });
}

/* The fields of `config list --json`: value is of the setting's own type, durations in microseconds. */
static struct json_object *setting_json(struct json_object *record) {
        static const char *const members[][2] = {
                { "name", "Name" },
                { "type", "Type" },
                { "value", "Value" },
                { "text", "Text" },
                { "default", "DefaultText" },
                { "minimum", "MinimumText" },
                { "maximum", "MaximumText" },
                { "words", "Words" },
                { "description", "Description" },
        };
        struct json_object *o = json_new();

        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
                struct json_object *value = NULL;

                json_object_object_get_ex(record, members[i][1], &value);
                json_object_object_add(o, members[i][0], json_object_get(value));
        }
        return o;
}

static const RecordList settings_list = {
        .headings = (const char *const[]){ "SETTING", "VALUE", "DEFAULT", "POSSIBLE", "MEANING", NULL },
        .row = setting_row,
        .json = setting_json,
};

static Records settings_ask(const Ctl *ctl) {
        return records_ask(&ctl->program, POMOD_INTERFACE_SETTINGS, "List", NULL, "");
}

static int verb_config_list(Ctl *ctl, const Args *args) {
        cleanup_(records_done) Records records = settings_ask(ctl);

        return list_show(ctl, &records, &settings_list);
}

/* ---- one of them ---- */

/* The daemon has refused a name that it does not know: says which was meant, if one is near. */
static int unknown_setting(const Ctl *ctl, const char *name) {
        const int status = client_exit_status(ctl->program.client);
        cleanup_(records_done) Records records = settings_ask(ctl);
        cleanup_free_ char *sentence = NULL;
        char *names[NAMES_COMPARED + 1] = {};
        const char *near;
        unsigned n = 0;

        for (struct json_object *record; (record = records_next(&records)) && n < NAMES_COMPARED;)
                names[n++] = memory_copy(record_text(record, "Name"));
        near = text_nearest(name, (const char *const *) names);
        sentence = memory_format("there is no setting '%.64s'; %s%s", name,
                        near ? "did you mean " : "pomoctl config list names them", near ?: "");
        while (n > 0)
                free(names[--n]);
        if (records.status != 0)
                return records.status;
        program_error(&ctl->program, POMOD_ERROR_PREFIX "NoSuchSetting", sentence);
        return status;
}

/* Calls a member that takes a name alone. */
static int name_call(const Ctl *ctl, const char *member, const char *name) {
        if (client_call(ctl->program.client, POMOD_INTERFACE_SETTINGS, member, NULL, NULL, "s", name) >= 0)
                return 0;
        return client_was_refused(ctl->program.client, "NoSuchSetting") ? unknown_setting(ctl, name)
                                                                        : program_failed(&ctl->program);
}

/* empty: what to print for a value that is. */
static int show_one(const Ctl *ctl, const char *name, const char *empty) {
        cleanup_(records_done) Records records = settings_ask(ctl);

        for (struct json_object *record; (record = records_next(&records));) {
                cleanup_free_ char *safe = memory_safe_text(record_text(record, "Text"));

                if (strcmp(record_text(record, "Name"), name) != 0)
                        continue;
                if (ctl->program.json)
                        list_print_json(&settings_list, record);
                else
                        printf("%s\n", *safe ? safe : empty);
        }
        return records.status;
}

static int show_changed(const Ctl *ctl, const char *name) {
        if (!ctl->program.json)
                printf("%s is now ", name);
        return show_one(ctl, name, "empty");
}

static int name_given(const Ctl *ctl, const Args *args) {
        if (args->n_words == 0)
                return ctl_usage(ctl, "which setting? pomoctl config list names them");
        return ctl_check_text(ctl, "name", args->words[0], CAP_RULE_BYTES);
}

static int verb_config_get(Ctl *ctl, const Args *args) {
        int r = name_given(ctl, args) ?: name_call(ctl, "Get", args->words[0]);

        return r != 0 ? r : show_one(ctl, args->words[0], "");
}

static int verb_config_set(Ctl *ctl, const Args *args) {
        cleanup_free_ char *value = args_join(args, 1, ARGS_ALL);
        int r = name_given(ctl, args);

        if (r == 0 && !value)
                r = ctl_usage(ctl, "to what? pomoctl config set %.64s VALUE", args->words[0]);
        r = r ?: ctl_check_text(ctl, "value", value, CAP_NOTE_BYTES);
        r = r
                            ?: program_call(&ctl->program, POMOD_INTERFACE_SETTINGS, "Set", NULL, NULL, "sv",
                                               args->words[0], "s", value);
        return r != 0 ? r : show_changed(ctl, args->words[0]);
}

static int verb_config_reset(Ctl *ctl, const Args *args) {
        int r = name_given(ctl, args) ?: name_call(ctl, "Reset", args->words[0]);

        return r != 0 ? r : show_changed(ctl, args->words[0]);
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_config[] = {
        { .name = "config", .usage = "[list]", .run = verb_config_list,
          .brief = "list the settings; also: get, set, reset",
          .sentence = "list the settings",
          .examples = ITEMS({ "pomoctl config", "what there is to set" }, ) },
        { .name = "config list", .usage = "", .run = verb_config_list,
          .sentence = "list the settings with what they may be",
          .examples = ITEMS({ "pomoctl config list --json", "for a script" }, ) },
        { .name = "config get", .usage = "NAME", .words = 1, .run = verb_config_get,
          .sentence = "show one setting",
          .examples = ITEMS({ "pomoctl config get pomodoro", "how long a pomodoro is" }, ) },
        { .name = "config set", .usage = "NAME VALUE", .words = WORDS_ANY, .run = verb_config_set,
          .sentence = "change a setting, from the next interval on",
          .examples = ITEMS({ "pomoctl config set pomodoro 50m", "longer pomodoros" }, ) },
        { .name = "config reset", .usage = "NAME", .words = 1, .run = verb_config_reset,
          .sentence = "give a setting its default back",
          .examples = ITEMS({ "pomoctl config reset pomodoro", "25 minutes again" }, ) },
        {},
};
/* clang-format on */
