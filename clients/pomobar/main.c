/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/pomobar/bar.h"
#include "clients/pomobar/clicks.h"
#include "clients/pomobar/help.h"
#include "clients/pomobar/shown.h"
#include "common/names.h"
#include "common/text.h"

typedef struct BarArguments {
        Program program;
        BarOptions bar;
        const char *if_seq;
        const char *button; /* NULL: a stream */
        bool done;          /* --help or --version: answered */
} BarArguments;

static int usage(const BarArguments *arguments, const char *what, const char *value, const char *right) {
        char excerpt[TEXT_EXCERPT_MAX];

        return program_usage(&arguments->program, "%s '%s'; %s", what, text_excerpt(value, excerpt), right);
}

/* ---- one click, made by a command that a bar runs ---- */

/* A person clicked on "away": the daemon is started where the bus can, and nothing else is asked of it. */
static int click_send(Client *client, bool away, unsigned button, bool known, uint64_t if_seq) {
        const ClientOption seen[] = { client_option_number("if-seq", 't', if_seq), {} };

        if (away)
                return client_wake(client);
        return client_call(client, POMOD_INTERFACE_TIMER, click_verb(button), known ? seen : NULL, NULL, "");
}

/* seq NULL: of what streams show now. What to exit with. */
static int bar_click(Program *program, const char *button, const char *seq) {
        unsigned number = click_button_from_string(button);
        uint64_t if_seq = 0;
        bool away = false, known;

        if (number == 0)
                return program_usage(program, "'%s' is no button; say left, middle or right", button);
        if (seq && click_seq_parse(seq, &away, &if_seq) < 0)
                return program_usage(program,
                                "'%s' is no state; --if-seq takes the number that was shown, or away", seq);
        /* Where no stream says what was seen, nothing that was seen can be out of date. */
        known = seq || shown_get(program->bus, &away, &if_seq) >= 0;
        if (away && number != 1)
                return CLIENT_EXIT_OK;

        program_open(program, 0);
        if (click_send(program->client, away, number, known, if_seq) >= 0)
                return CLIENT_EXIT_OK;
        /* A stale click did nothing, and what made it stale is on the bar by now. */
        if (client_exit_status(program->client) == CLIENT_EXIT_REFUSED &&
                        !client_was_refused(program->client, "StateChanged"))
                shown_refuse(program->bus, client_error_message(program->client));
        return program_failed(program);
}

/* ---- the command line ---- */

static int operands_parse(int argc, char **argv, BarArguments *arguments) {
        if (argc == 0 && arguments->if_seq)
                return usage(arguments, "--if-seq belongs to a click, and there is none:", arguments->if_seq,
                                "say: pomobar click left --if-seq=N");
        if (argc == 0)
                return 0;
        if (strcmp(argv[0], "click") != 0)
                return usage(arguments, "unexpected argument", argv[0],
                                "say: pomobar, or pomobar click left");
        if (argc < 2)
                return usage(arguments, "no button after", argv[0], "say left, middle or right");
        if (argc > 2)
                return usage(arguments, "unexpected argument", argv[2], "a click has one button");
        arguments->button = argv[1];
        return 0;
}

static const struct option options[] = {
        { "format", required_argument, NULL, 'f' },
        { "bus", required_argument, NULL, 'b' },
        { "idle-text", required_argument, NULL, 'i' },
        { "no-seconds", no_argument, NULL, 'n' },
        { "if-seq", required_argument, NULL, 's' },
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, 'v' },
        {},
};

static int option_take(BarArguments *arguments, int c) {
        int format;

        switch (c) {
        case 'f':
                format = bar_format_from_string(strcmp(optarg, "swaybar") == 0 ? "i3bar" : optarg);
                if (format < 0)
                        return usage(arguments, "unknown format", optarg,
                                        "say plain, waybar, i3bar, swaybar or polybar");
                arguments->bar.format = (BarFormat) format;
                return 0;
        case 'b':
                arguments->program.bus = optarg;
                return 0;
        case 'i':
                if (text_check(optarg, VIEW_IDLE_TEXT_BYTES) < 0)
                        return usage(arguments, "cannot show", optarg,
                                        "--idle-text takes at most 256 bytes without control characters");
                arguments->bar.view.idle_text = optarg;
                return 0;
        case 'n':
                arguments->bar.view.minutes = true;
                return 0;
        case 's':
                arguments->if_seq = optarg;
                return 0;
        case 'h':
                help_print(&pomobar_help, stdout);
                arguments->done = true;
                return 0;
        case 'v':
                printf("pomobar %s\n", POMOD_VERSION);
                arguments->done = true;
                return 0;
        default:
                return CLIENT_EXIT_USAGE; /* getopt has named it */
        }
}

static int run(BarArguments *arguments, int argc, char **argv) {
        int c, r = 0;

        while (r == 0 && !arguments->done && (c = getopt_long(argc, argv, "h", options, NULL)) >= 0)
                r = option_take(arguments, c);
        if (r == 0 && !arguments->done)
                r = operands_parse(argc - optind, argv + optind, arguments);
        if (r != 0 || arguments->done)
                return r;
        if (arguments->button)
                return bar_click(&arguments->program, arguments->button, arguments->if_seq);
        return bar_run(&arguments->program, &arguments->bar);
}

int main(int argc, char **argv) {
        BarArguments arguments = {};

        program_begin(&arguments.program, "pomobar", argc, argv);
        return program_end(&arguments.program, run(&arguments, argc, argv));
}
