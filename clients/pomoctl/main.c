/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/pomoctl/help.h"
#include "clients/pomoctl/verbs.h"

#define WORDS_MAX 3u /* of the longest name of a verb */

static const char *const status_words[] = { "status" };

/* Whether the next argument is the value of this option: one that all verbs have, or status, which is meant
 * where no verb is named. */
static bool takes_next(const char *argument) {
        unsigned used;
        const Option *const tables[] = { global_options, verbs_find(status_words, 1, &used)->options };

        for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
                for (const Option *o = tables[i]; o && o->name; o++)
                        if (o->argument && strncmp(argument, "--", 2) == 0 &&
                                        strcmp(argument + 2, o->name) == 0)
                                return true;
        return false;
}

/* The words of the command line before any verb is known: what looks like an option is passed over. */
static unsigned words_before(int argc, char **argv, const char *words[WORDS_MAX]) {
        unsigned n = 0;

        for (int i = 1; i < argc && n < WORDS_MAX; i++) {
                if (argv[i][0] != '-' || argv[i][1] == '\0') {
                        words[n++] = argv[i];
                        continue;
                }
                if (n == 0 && takes_next(argv[i]))
                        i++;
                else if (n >= 1 || strcmp(argv[i], "--") == 0)
                        break;
        }

        return n;
}

static int unknown_verb(const Ctl *ctl, const char *typed) {
        const char *near = verbs_nearest(typed);

        if (near)
                return ctl_usage(ctl, "there is no '%.64s'; did you mean '%s'?", typed, near);
        return ctl_usage(ctl, "there is no '%.64s'; see pomoctl --help", typed);
}

/* "pomoctl help log add" is what people type. */
static int help_run(Ctl *ctl, const Args *args) {
        unsigned used;
        const Verb *verb;

        if (args->n_words < 2)
                return help_show();

        verb = verbs_find(args->words + 1, args->n_words - 1, &used);
        return verb ? help_show_verb(verb) : unknown_verb(ctl, args->words[1]);
}

/* What a verb takes is counted before it runs; a word too many was perhaps meant for a verb below it. */
static int words_check(const Ctl *ctl, const Args *args) {
        const Verb *verb = ctl->verb;

        if (args->n_words <= verb->words)
                return 0;
        if (ctl->meant)
                return ctl_no_argument(ctl, args->words[0], "");
        if (verb->words == 0 && verbs_has_below(verb))
                return ctl_usage(ctl, "there is no '%s %.64s'; see pomoctl %s --help", verb->name,
                                args->words[0], verb->name);
        return ctl_usage(ctl, "'%.64s' is one word too many for %s", args->words[verb->words], verb->name);
}

static int verb_run(Ctl *ctl, Args *args, unsigned used) {
        const char *user = args_value(args, "user");
        int r;

        /* What a verb sees begins after its name. */
        args->n_words -= used;
        memmove(args->words, args->words + used, args->n_words * sizeof(*args->words));
        if (args->n_words > 0 && ctl->verb->words != WORDS_ANY)
                ctl->meant = verbs_nearest_below(ctl->verb, args->words[0]);
        ctl->program.hints = ctl->verb->hints;

        r = user ? program_set_user(&ctl->program, user) : 0;
        r = r ?: words_check(ctl, args);
        if (r != 0)
                return r;
        program_open(&ctl->program, 0);
        return ctl->verb->run(ctl, args);
}

static int run(Ctl *ctl, int argc, char **argv, Args *args) {
        const char *words[WORDS_MAX] = { "status" };
        char sentence[ARGS_SENTENCE_MAX];
        unsigned used = 0, n_words;
        bool help;
        int r;

        n_words = words_before(argc, argv, words);
        help = n_words > 0 && strcmp(words[0], "help") == 0;
        if (!help) {
                ctl->verb = verbs_find(words, n_words > 0 ? n_words : 1, &used);
                if (!ctl->verb)
                        return unknown_verb(ctl, words[0]);
                if (n_words == 0)
                        used = 0;
        }

        r = args_parse(argc - 1, argv + 1, global_options, help ? NULL : ctl->verb->options, args, sentence);
        if (r < 0)
                return ctl_usage(ctl, "%s", sentence);

        if (args_has(args, "version")) {
                printf("pomoctl " POMOD_VERSION "\n");
                return 0;
        }
        if (help)
                return help_run(ctl, args);
        if (args_has(args, "help"))
                return n_words == 0 ? help_show() : help_show_verb(ctl->verb);

        ctl->program.json = args_has(args, "json");
        ctl->program.bus = args_value(args, "bus");
        return verb_run(ctl, args, used);
}

int main(int argc, char **argv) {
        const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
        Args args = {};
        Ctl ctl = {};
        int status;

        ctl.colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && terminal &&
                     strcmp(terminal, "dumb") != 0;
        program_begin(&ctl.program, "pomoctl", argc, argv);
        status = program_end(&ctl.program, run(&ctl, argc, argv, &args));
        args_done(&args);
        return status;
}
