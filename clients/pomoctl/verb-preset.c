/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>

#include "clients/pomoctl/import.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/list.h"
#include "clients/pomoctl/verb.h"
#include "common/names.h"

static void preset_row(Table *table, struct json_object *record) {
        table_add(table, (const char *const[]){
                                         record_text(record, "Name"), record_text(record, "Description") });
}

static const List preset_list = {
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
