/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Calendar files are a helper's: its library would cost every other verb more than the verb itself. */

#include "clients/pomoctl/verb-ics.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "clients/pomoctl/helper.h"
#include "clients/pomoctl/verb.h"
#include "common/cleanup.h"

#define HELPER "pomoctl-ics"

int ics_run(Ctl *ctl, const Args *args) {
        cleanup_free_ char *path = NULL;
        char program[] = HELPER, dashes[] = "--", *verb = strrchr(ctl->verb->name, ' ') + 1;
        char *argv[ARGS_GIVEN_MAX + 16];
        unsigned n = 0;

        if (args->n_words > 8)
                return ctl_usage(ctl, "'%.64s' is one word too many", args->words[8]);
        path = helper_find(HELPER, "../ics");
        if (!path)
                return program_errno(&ctl->program, -ENOENT,
                                "calendar files need the program " POMOD_LIBEXECDIR "/" HELPER);

        argv[n++] = program;
        for (unsigned i = 0; i < args->n_given; i++) {
                const Option *option = args->given[i].option;
                const char *value = option->argument ? args->given[i].value : NULL;

                argv[n++] = memory_format("--%s%s%s", option->name, value ? "=" : "", value ?: "");
        }
        argv[n++] = verb;
        argv[n++] = dashes;
        for (unsigned i = 0; i < args->n_words; i++)
                argv[n++] = (char *) args->words[i];
        argv[n] = NULL;

        execv(path, argv);
        return program_errno(&ctl->program, -errno, "cannot start " HELPER);
}

static int verb_schedule_ics_alone(Ctl *ctl, const Args *args) {
        return ctl_usage(ctl, "which way? pomoctl schedule ics export, or import");
}

/* ---- the rows of the table of verbs ---- */

/* clang-format off */
const Verb verbs_of_ics[] = {
        { .name = "schedule ics", .usage = "export|import …", .words = WORDS_ANY, .run = verb_schedule_ics_alone,
          .sentence = "write the schedule as a calendar file, or take events of one in",
          .details = DETAILS("pomoctl-ics(1) says more."),
          .examples = ITEMS({ "pomoctl schedule ics export --output ~/schedule.ics", "for a calendar program" },
                          { "pomoctl schedule ics import --as away --dry-run holidays.ics", "what it would do" }, ) },
        { .name = "schedule ics export", .usage = "[--from DATE] [--to DATE] [--only KIND] [--output PATH [--keep]]", .words = WORDS_ANY, .run = ics_run,
          .sentence = "write the schedule as a calendar file, office days as busy",
          .details = DETAILS("Importing the file again updates what a calendar program took from it before. pomoctl-ics(1) says more."),
          .options = OPTIONS({ "from", "DATE", "else this month" }, { "to", "DATE", "else in a year" },
                          { "only", "KIND", "only office-day, only work or only away" },
                          { "output", "PATH", "into a file, which is replaced as a whole" },
                          { "keep", NULL, "stay, and write it again whenever the schedule changes" }, ),
          .examples = ITEMS({ "pomoctl schedule ics export --only office-day --output ~/office.ics",
                          "for a calendar program" }, ) },
        { .name = "schedule ics import", .usage = "--as away|office-day [OPTION…] FILE", .words = WORDS_ANY, .run = ics_run,
          .sentence = "make absences or office days of the events of a calendar file",
          .details = DETAILS("FILE is an .ics of a calendar program; - is standard input. Importing it again changes the rules of events that changed. pomoctl-ics(1) says more."),
          .options = OPTIONS({ "as", "KIND", "away or office-day" },
                          { "dry-run", NULL, "say what would change" },
                          { "name", "PREFIX", "what the names of the rules begin with; else the calendar's" },
                          { "hours", "HOURS", "of whole days: 09:00-17:00" },
                          { "prune", NULL, "remove the rules of events that the file has no more" }, ),
          .examples = ITEMS({ "pomoctl schedule ics import --as away --dry-run holidays.ics",
                          "what it would do" }, ) },
        {},
};
/* clang-format on */
