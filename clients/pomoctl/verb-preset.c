/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <string.h>

#include "clients/pomoctl/import.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/keys.h"
#include "clients/pomoctl/record.h"
#include "clients/pomoctl/table.h"
#include "clients/pomoctl/verb.h"
#include "common/names.h"

typedef struct Presets {
        const Ctl *ctl;
        Table *table;
} Presets;

static int preset_one(struct json_object *record, void *userdata) {
        Presets *presets = userdata;

        if (presets->ctl->json) {
                struct json_object *o = json_object_new_object();

                json_add_text(o, "name", record_text(record, "Name"));
                json_add_text(o, "description", record_text(record, "Description"));
                json_add_text(o, "text", record_text(record, "Text"));
                json_print_and_put(stdout, o);
                return 0;
        }
        return table_add(presets->table, (const char *const[]){ record_text(record, "Name"),
                                                         record_text(record, "Description") });
}

static int presets_list(const Ctl *ctl) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
        cleanup_(table_freep) Table *table = table_new((const char *const[]){ "PRESET", "WHAT IT IS", NULL });
        Presets presets = { .ctl = ctl, .table = table };
        int r;

        if (!table)
                return ctl_errno(ctl, -ENOMEM, "cannot list the presets");
        if (client_call(ctl->client, POMOD_INTERFACE_SCHEDULES, "ListPresets", &reply, "a{sv}", 0) < 0)
                return ctl_failed(ctl);
        r = record_each(reply, preset_one, &presets);
        if (r < 0)
                return ctl_unreadable(ctl, r);
        if (!ctl->json)
                ctl_table(ctl, table, NULL);
        return 0;
}

static int verb_schedule_preset(Ctl *ctl, const Args *args) {
        cleanup_(record_putp) struct json_object *record = NULL;
        Presets presets = { .ctl = ctl };
        int r;

        if (args->n_words == 0)
                return args_has(args, "add")
                                       ? ctl_usage(ctl, "which preset? pomoctl schedule preset names them")
                                       : presets_list(ctl);
        r = named_given(ctl, args, "preset");
        if (r == 0)
                r = named_find(ctl, POMOD_INTERFACE_SCHEDULES, "ListPresets", args->words[0], &record);
        if (r != 0)
                return r;
        if (!record)
                return ctl_usage(ctl, "there is no preset '%.64s'; pomoctl schedule preset names them",
                                args->words[0]);

        if (args_has(args, "add"))
                return import_text(ctl, args, record_text(record, "Text"));
        if (ctl->json)
                return preset_one(record, &presets);
        fputs(record_text(record, "Text"), stdout);
        return 0;
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_presets[] = {
        {
                .name = "schedule preset",
                .usage = "[NAME [--add [--replace] [--dry-run]]]",
                .words = 1,
                .sentence = "list rules to begin with, or show those of one preset",
                .options = OPTIONS({ "add", NULL, "take them" },
                                { "replace", NULL, "with --add: they are the only ones afterwards" },
                                { "dry-run", NULL, "with --add: say what would change" }, ),
                .examples = ITEMS({ "pomoctl schedule preset summer --add", "mornings only in summer" }, ),
                .run = verb_schedule_preset,
        },
        {},
};
/* clang-format on */
