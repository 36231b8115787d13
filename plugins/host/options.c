/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/options.h"

#include <ctype.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "plugins/host/state.h"

#define USAGE 2

enum {
        OPTION_BUS = 256,
        OPTION_DESIRED,
        OPTION_ENDED,
        OPTION_STOP,
};

static const struct option table[] = {
        { "check", required_argument, NULL, HOST_CHECK },
        { "describe", required_argument, NULL, HOST_DESCRIBE },
        { "try", required_argument, NULL, HOST_TRY },
        { "probe", required_argument, NULL, HOST_PROBE },
        { "release", required_argument, NULL, HOST_RELEASE },
        { "release-ended", no_argument, NULL, HOST_RELEASE_ENDED },
        { "list", no_argument, NULL, HOST_LIST },
        { "help", no_argument, NULL, HOST_HELP },
        { "version", no_argument, NULL, HOST_VERSION },
        { "bus", required_argument, NULL, OPTION_BUS },
        { "desired", required_argument, NULL, OPTION_DESIRED },
        { "ended", no_argument, NULL, OPTION_ENDED },
        { "stop", no_argument, NULL, OPTION_STOP },
        {},
};

static int usage(const char *what, const char *value, const char *right) {
        char excerpt[TEXT_EXCERPT_MAX];

        fprintf(stderr, "pomod-plugin-host: %s '%s'; %s\n", what, text_excerpt(value, excerpt), right);
        return USAGE;
}

static int take_verb(Options *options, HostVerb verb, const char *argument) {
        if (options->verb != HOST_RUN)
                return usage("one thing at a time, not also", argument ? argument : "another verb",
                                "see pomod-plugin-host --help");
        options->verb = verb;
        if (verb == HOST_PROBE || verb == HOST_RELEASE)
                options->name = argument;
        else
                options->file = argument;
        return 0;
}

static int take(Options *options, int c) {
        switch (c) {
        case OPTION_BUS:
                options->bus = optarg;
                return 0;
        case OPTION_DESIRED:
                options->desired = optarg;
                return 0;
        case OPTION_ENDED:
                options->ended = true;
                return 0;
        case OPTION_STOP:
                options->stop = true;
                return 0;
        default:
                return take_verb(options, (HostVerb) c, optarg);
        }
}

/* What getopt did not take, which it has just passed. */
static int refuse_option(int c, char **argv) {
        const char *word = argv[optind - 1];
        const char letter[] = { '-', (char) optopt, '\0' };

        if (c == ':')
                return usage("nothing behind", word, "see pomod-plugin-host --help");
        if (optopt > 0 && optopt < UCHAR_MAX && isgraph(optopt) && strncmp(word, "--", 2) != 0)
                return usage("unknown option", letter,
                                "options are whole words, see pomod-plugin-host --help");
        if (optopt > 0)
                return usage("no value belongs to", word, "see pomod-plugin-host --help");
        return usage("unknown option", word, "see pomod-plugin-host --help");
}

/* What belongs to one verb alone, and what a verb cannot do without. */
static int check(const Options *options) {
        if (options->desired && options->verb != HOST_TRY)
                return usage("--desired belongs to --try, and there is none:", options->desired,
                                "say --try FILE.so --desired FILE.json");
        if (options->verb == HOST_TRY && !options->desired)
                return usage("nothing says what is desired of", options->file,
                                "say --try FILE.so --desired FILE.json");
        if ((options->ended || options->stop) && options->verb != HOST_RELEASE)
                return usage("this belongs to --release, and there is none:",
                                options->ended ? "--ended" : "--stop", "say --release NAME");
        if (options->name && !state_name_is_valid(options->name))
                return usage("no name of a plugin:", options->name,
                                "it is up to 32 of a-z, 0-9 and -, and begins with a letter");
        return 0;
}

static int take_operands(Options *options, int n, char **operands) {
        if (options->verb == HOST_RUN && n == 0)
                return usage("no plugin after", "pomod-plugin-host", "say its name: pomod-plugin-host NAME");
        if (options->verb == HOST_RUN)
                options->name = operands[0];
        if (options->verb == HOST_PROBE && n == 0)
                return usage("nothing to ask about after --probe", options->name, "say --probe NAME SUBJECT");
        if (options->verb == HOST_PROBE)
                options->subject = operands[0];
        if (n > (options->verb == HOST_RUN || options->verb == HOST_PROBE))
                return usage("unexpected argument", operands[n - 1], "see pomod-plugin-host --help");
        return 0;
}

int options_parse(int argc, char **argv, Options *ret_options) {
        Options options = {};
        int c, r = 0;

        opterr = 0;
        while (r == 0 && (c = getopt_long(argc, argv, ":", table, NULL)) >= 0)
                r = c == '?' || c == ':' ? refuse_option(c, argv) : take(&options, c);
        if (r == 0 && options.verb != HOST_HELP && options.verb != HOST_VERSION) {
                r = take_operands(&options, argc - optind, argv + optind);
                if (r == 0)
                        r = check(&options);
        }
        if (r == 0)
                *ret_options = options;
        return r;
}
