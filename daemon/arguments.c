/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
        ARG_BUS = 0x100,
        ARG_STATE_DIR,
        ARG_MAKE_BACKUP,
        ARG_VERSION,
};

static const struct option options[] = {
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, ARG_VERSION },
        { "bus", required_argument, NULL, ARG_BUS },
        { "state-dir", required_argument, NULL, ARG_STATE_DIR },
        { "make-backup", required_argument, NULL, ARG_MAKE_BACKUP },
        {},
};

static int complain(const char *what, const char *value) {
        fprintf(stderr, "pomod: %s%s; see pomod --help\n", what, value);
        return -EINVAL;
}

/* "unix:path=…" and other transports; a mistyped word must not look like one. */
static bool is_bus(const char *text) {
        return strcmp(text, "system") == 0 || strcmp(text, "session") == 0 || strchr(text, ':');
}

int arguments_parse(int argc, char **argv, Arguments *ret_arguments) {
        Arguments arguments = { .bus = "system" };
        int c;

        optind = 1;
        while ((c = getopt_long(argc, argv, "h", options, NULL)) >= 0)
                switch (c) {
                case 'h':
                        return help_print(&pomod_help, stdout);
                case ARG_VERSION:
                        printf("pomod %s\n", POMOD_VERSION);
                        return 0;
                case ARG_BUS:
                        if (!is_bus(optarg))
                                return complain("--bus takes system, session or an address like unix:path=/run/…, not ",
                                                optarg);
                        arguments.bus = optarg;
                        break;
                case ARG_STATE_DIR:
                        if (optarg[0] == '\0')
                                return complain("--state-dir takes a folder, and was given none", "");
                        arguments.state_dir = optarg;
                        break;
                case ARG_MAKE_BACKUP:
                        arguments.backup_of = optarg;
                        break;
                default:
                        return complain("that was not understood", ""); /* getopt has named it */
                }
        if (optind < argc)
                return complain("takes no argument, but was given ", argv[optind]);
        *ret_arguments = arguments;
        return 1;
}
