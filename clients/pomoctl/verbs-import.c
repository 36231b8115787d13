/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/pipe.h"
#include "clients/pomoctl/json.h"
#include "clients/pomoctl/rules-file.h"
#include "clients/pomoctl/rules-import.h"
#include "clients/pomoctl/verb-ics.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"
#include "common/names.h"

/* ---- import ---- */

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
        return rules_import(ctl, args, text);
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
/* clang-format on */
