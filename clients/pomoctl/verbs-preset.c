/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Rules and profiles to begin with: shown, or taken. */

#include <stdio.h>

#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/rules-import.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
#include "common/names.h"

static void preset_row(Table *table, struct json_object *record) {
        table_add(table, (const char *const[]){
                                         record_text(record, "Name"), record_text(record, "Description") });
}

static const RecordList preset_list = {
        .headings = (const char *const[]){ "PRESET", "WHAT IT IS", NULL },
        .row = preset_row,
};

/* The interface that lists them. */
static int preset_run(const Ctl *ctl, const Args *args, const char *interface) {
        cleanup_(record_putp) struct json_object *record = NULL;
        int r;

        if (args->n_words == 0 && args_has(args, "add"))
                return ctl_usage(ctl, "which preset? pomoctl %s names them", ctl->verb->name);
        if (args->n_words == 0) {
                cleanup_(records_done) Records records =
                                records_ask(&ctl->program, interface, "ListPresets", NULL, "");

                return list_show(ctl, &records, &preset_list);
        }

        r = named_given(ctl, args, "preset")
                            ?: record_find_named(&ctl->program, interface, "ListPresets", args->words[0],
                                               &record);
        if (r != 0)
                return r;
        if (!record)
                return ctl_usage(ctl, "there is no preset '%.64s'; pomoctl %s names them", args->words[0],
                                ctl->verb->name);

        if (args_has(args, "add"))
                return rules_import(ctl, args, record_text(record, "Text"));
        if (ctl->program.json)
                list_print_json(&preset_list, record);
        else
                fputs(record_text(record, "Text"), stdout);
        return 0;
}

static int verb_schedule_preset(Ctl *ctl, const Args *args) {
        return preset_run(ctl, args, POMOD_INTERFACE_SCHEDULES);
}

static int verb_profile_preset(Ctl *ctl, const Args *args) {
        return preset_run(ctl, args, POMOD_INTERFACE_FOCUS);
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_presets[] = {
        { .name = "schedule preset", .usage = "[NAME [--add [--replace] [--dry-run]]]", .words = 1, .run = verb_schedule_preset,
          .sentence = "list rules to begin with, or show those of one preset",
          .options = OPTIONS({ "add", NULL, "take them" },
                          { "replace", NULL, "with --add: they are the only ones afterwards" },
                          { "dry-run", NULL, "with --add: say what would change" }, ),
          .examples = ITEMS({ "pomoctl schedule preset summer --add", "mornings only in summer" }, ) },
        {},
};

const Verb verbs_of_profile_presets[] = {
        { .name = "focus profile preset", .usage = "[NAME [--add [--dry-run]]]", .words = 1, .run = verb_profile_preset,
          .sentence = "list profiles to begin with, or show one",
          .details = DETAILS("A profile that was taken is yours, and can be changed by pomoctl focus profile set. Until you change it, it follows pomod where it names categories like @social; pomoctl focus names show social shows one."),
          .options = OPTIONS({ "add", NULL, "take it" },
                          { "dry-run", NULL, "with --add: say what would change" }, ),
          .examples = ITEMS({ "pomoctl focus profile preset", "which there are" },
                          { "pomoctl focus profile preset deep --add", "then: pomoctl start --focus deep" }, ) },
        {},
};
/* clang-format on */
