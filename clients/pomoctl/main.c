/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/pomoctl/help.h"
#include "clients/pomoctl/verbs.h"

#define WORDS_MAX 3u /* of the longest name of a verb */

static const char *const status_words[] = { "status" };

static int user_resolve(Ctl *ctl, const char *name) {
        uint64_t uid;
        char *end;
        struct passwd *user;

        errno = 0;
        uid = strtoull(name, &end, 10);
        if (*name >= '0' && *name <= '9' && *end == '\0') {
                if (errno != 0 || uid >= UINT32_MAX)
                        return ctl_usage(ctl, "--user=%.64s is no uid", name);
                ctl->uid = (uint32_t) uid;
        } else {
                user = getpwnam(name);
                if (!user)
                        return ctl_usage(ctl, "--user=%.64s: there is no such account here", name);
                ctl->uid = user->pw_uid;
        }

        ctl->other_user = true;
        return 0;
}

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

        if (user) {
                r = user_resolve(ctl, user);
                if (r != 0)
                        return r;
        }

        r = client_new(ctl->bus, 0, &ctl->client);
        if (r < 0)
                return ctl_errno(ctl, r, "cannot begin");
        if (ctl->other_user)
                client_set_uid(ctl->client, ctl->uid);

        r = words_check(ctl, args);
        return r != 0 ? r : ctl->verb->run(ctl, args);
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
        if (r == -ENOMEM)
                return ctl_errno(ctl, r, "cannot begin");
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

        ctl->json = args_has(args, "json");
        ctl->bus = args_value(args, "bus");
        return verb_run(ctl, args, used);
}

int main(int argc, char **argv) {
        const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
        Args args = {};
        Ctl ctl = {};
        int status;

        ctl.colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && terminal &&
                     strcmp(terminal, "dumb") != 0;
        /* Errors of the command line itself are in the form that was asked for, too. */
        for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
                ctl.json = ctl.json || strcmp(argv[i], "--json") == 0;

        status = run(&ctl, argc, argv, &args);
        if (fflush(stdout) != 0 || ferror(stdout)) {
                ctl_errno(&ctl, errno != 0 ? -errno : -EIO, "cannot write to standard output");
                status = status ?: CLIENT_EXIT_REFUSED;
        }

        client_unref(ctl.client);
        args_done(&args);
        return status;
}
