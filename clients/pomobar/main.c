/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/client.h"
#include "clients/pomobar/bar.h"
#include "clients/pomobar/help.h"
#include "common/text.h"

typedef struct Arguments {
        BarOptions bar;
        const char *if_seq;
        const char *button; /* NULL: a stream */
        bool done;          /* --help or --version: answered */
} Arguments;

static int usage(const char *what, const char *value, const char *right) {
        char excerpt[TEXT_EXCERPT_MAX];

        fprintf(stderr, "pomobar: %s '%s'; %s\n", what, text_excerpt(value, excerpt), right);
        return CLIENT_EXIT_USAGE;
}

static int format_parse(const char *word, BarFormat *ret_format) {
        int format = bar_format_from_string(strcmp(word, "swaybar") == 0 ? "i3bar" : word);

        if (format < 0)
                return usage("unknown format", word, "say plain, waybar, i3bar, swaybar or polybar");
        *ret_format = (BarFormat) format;
        return 0;
}

static int operands_parse(int argc, char **argv, Arguments *arguments) {
        if (argc == 0) {
                if (arguments->if_seq)
                        return usage("--if-seq belongs to a click, and there is none:", arguments->if_seq,
                                        "say: pomobar click left --if-seq=N");
                return 0;
        }
        if (strcmp(argv[0], "click") != 0)
                return usage("unexpected argument", argv[0], "say: pomobar, or pomobar click left");
        if (argc < 2)
                return usage("no button after", argv[0], "say left, middle or right");
        if (argc > 2)
                return usage("unexpected argument", argv[2], "a click has one button");
        arguments->button = argv[1];
        return 0;
}

static int arguments_parse(int argc, char **argv, Arguments *arguments) {
        enum {
                OPT_FORMAT = 256,
                OPT_BUS,
                OPT_IDLE_TEXT,
                OPT_NO_SECONDS,
                OPT_IF_SEQ,
                OPT_HELP,
                OPT_VERSION
        };
        static const struct option options[] = {
                { "format", required_argument, NULL, OPT_FORMAT },
                { "bus", required_argument, NULL, OPT_BUS },
                { "idle-text", required_argument, NULL, OPT_IDLE_TEXT },
                { "no-seconds", no_argument, NULL, OPT_NO_SECONDS },
                { "if-seq", required_argument, NULL, OPT_IF_SEQ },
                { "help", no_argument, NULL, OPT_HELP },
                { "version", no_argument, NULL, OPT_VERSION },
                {},
        };
        int c, r;

        while ((c = getopt_long(argc, argv, "h", options, NULL)) >= 0)
                switch (c) {
                case OPT_FORMAT:
                        r = format_parse(optarg, &arguments->bar.format);
                        if (r != 0)
                                return r;
                        break;
                case OPT_BUS:
                        arguments->bar.bus = optarg;
                        break;
                case OPT_IDLE_TEXT:
                        if (text_check(optarg, VIEW_IDLE_TEXT_BYTES) < 0)
                                return usage("cannot show", optarg,
                                                "--idle-text takes at most 256 bytes without control characters");
                        arguments->bar.view.idle_text = optarg;
                        break;
                case OPT_NO_SECONDS:
                        arguments->bar.view.minutes = true;
                        break;
                case OPT_IF_SEQ:
                        arguments->if_seq = optarg;
                        break;
                case 'h':
                case OPT_HELP:
                        help_print(&pomobar_help, stdout);
                        arguments->done = true;
                        return 0;
                case OPT_VERSION:
                        printf("pomobar %s\n", POMOD_VERSION);
                        arguments->done = true;
                        return 0;
                default:
                        return CLIENT_EXIT_USAGE; /* getopt has named it */
                }
        return operands_parse(argc - optind, argv + optind, arguments);
}

int main(int argc, char **argv) {
        Arguments arguments = {};
        int r;

        r = arguments_parse(argc, argv, &arguments);
        if (r != 0 || arguments.done)
                return r;
        if (arguments.button)
                return bar_click(arguments.bar.bus, arguments.button, arguments.if_seq);
        return bar_run(&arguments.bar);
}
