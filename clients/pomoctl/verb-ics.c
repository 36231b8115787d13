/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Calendar files are a helper's: its library would cost every other verb more than the verb itself. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/pomoctl/verb.h"
#include "common/paths.h"

#define HELPER "pomoctl-ics"

/* Beside this program as it lies now, installed or built, before where it was meant to be. NULL: nowhere. */
static char *helper_find(void) {
        static const char *const below[] = { POMOD_LIBEXECDIR_FROM_BIN "/" HELPER, "../ics/" HELPER };
        char *path;

        for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
                if (path_from_program(below[i], &path) < 0)
                        continue;
                if (access(path, X_OK) == 0)
                        return path;
                free(path);
        }
        return access(POMOD_LIBEXECDIR "/" HELPER, X_OK) == 0 ? strdup(POMOD_LIBEXECDIR "/" HELPER) : NULL;
}

int verb_schedule_ics(Ctl *ctl, const Args *args) {
        cleanup_free_ char *path = NULL;
        char program[] = HELPER, dashes[] = "--", *verb = strrchr(ctl->verb->name, ' ') + 1;
        char *argv[ARGS_GIVEN_MAX + 16];
        unsigned n = 0;

        if (args->n_words > 8)
                return ctl_usage(ctl, "'%.64s' is one word too many", args->words[8]);
        path = helper_find();
        if (!path)
                return ctl_errno(
                                ctl, -ENOENT, "calendar files need the program " POMOD_LIBEXECDIR "/" HELPER);

        argv[n++] = program;
        for (unsigned i = 0; i < args->n_given; i++) {
                const Option *option = args->given[i].option;
                const char *value = option->argument ? args->given[i].value : NULL;

                if (asprintf(&argv[n], "--%s%s%s", option->name, value ? "=" : "", value ? value : "") < 0)
                        return ctl_errno(ctl, -ENOMEM, "cannot begin");
                n++;
        }
        argv[n++] = verb;
        argv[n++] = dashes;
        for (unsigned i = 0; i < args->n_words; i++)
                argv[n++] = (char *) args->words[i];
        argv[n] = NULL;

        execv(path, argv);
        return ctl_errno(ctl, -errno, "cannot start " HELPER);
}

int verb_schedule_ics_alone(Ctl *ctl, const Args *args) {
        return ctl_usage(ctl, "which way? pomoctl schedule ics export, or import");
}
