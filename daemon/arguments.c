/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* ---- what it says of itself ---- */

static const char *const synopsis[] = { "pomod [--bus=system|session|ADDRESS] [--state-dir=DIR]", NULL };

static const char *const description[] = {
        "Keeps the working day of every user of this computer: pomodoros and their breaks, freeform work, tasks and the log, and tells programs over D-Bus. It is usually started by systemd or by the bus; pomoctl(1) talks to it.",
        "On the system bus it serves every ordinary account, each with a store of its own. On any other bus it serves the one who runs it, and needs no privileges.",
        NULL,
};

static const HelpItem option_items[] = {
        { "--bus=system|session|ADDRESS",
                        "The bus to be on; system unless given. An address is like unix:path=/run/some/bus." },
        { "--state-dir=DIR",
                        "Where the stores are kept. On the system bus $STATE_DIRECTORY or /var/lib/pomod, with a folder for each uid; else $XDG_STATE_HOME/pomod or ~/.local/state/pomod." },
        { "-h, --help", "Print this help." },
        { "--version", "Print the version." },
        {},
};

static const HelpItem example_items[] = {
        { "pomod --bus=session", "For yourself, on the bus of your session." },
        { "pomod --bus=$DBUS_SESSION_BUS_ADDRESS --state-dir=/tmp/try",
                        "To try it without touching your log." },
        {},
};

static const char *const file_paragraphs[] = {
        "A store is pomod.db in its folder, with backups of the last fortnight in backups/. A store that is damaged is set aside, and the newest good backup takes its place; the journal says so. The newest three that were set aside are kept. last-commit beside it notes the number of the last change: a store that is older than that, or than a backup, is damaged too. So a backup is restored with pomoctl restore, not copied by hand.",
        "/etc/pomod/pomod.conf is root's, and is read at the start and at SIGHUP (systemctl reload pomod). It has one group and one key so far:",
        "[Consent] BlockForEveryone=alice;%sudo",
        "These accounts, and who is in these groups of /etc/group, block names for everyone on the computer without an administrator's word; of all others one is asked for, with one question for each request. A mistake is one sentence in the journal with its line, and then nothing of the file counts.",
        NULL,
};

static const HelpItem exit_items[] = {
        { "0", "It was told to stop, or its bus went away. Everything is stored." },
        { "1", "It could not start: the name is taken, or the store cannot be used. It says which." },
        { "2", "The command line made no sense." },
        {},
};

static const HelpSection sections[] = {
        { .title = "Options", .items = option_items },
        { .title = "Files", .paragraphs = file_paragraphs, .where = HELP_MAN_ONLY },
        { .title = "Exit status", .items = exit_items, .where = HELP_MAN_ONLY },
        { .title = "Examples", .items = example_items },
        {},
};

const HelpPage pomod_help = {
        .name = "pomod",
        .section = 8,
        .summary = "keep a working day: pomodoros, freeform work and their log",
        .synopsis = synopsis,
        .description = description,
        .sections = sections,
        .see_also = "pomoctl(1), pomobar(1)",
};

/* ---- what it is told ---- */

enum {
        ARG_BUS = 0x100,
        ARG_STATE_DIR,
        ARG_MAKE_BACKUP,
        ARG_BY_HAND,
        ARG_RESTORE,
        ARG_LOOK_UP_ACCOUNT,
        ARG_VERSION,
};

static const struct option options[] = {
        { "help", no_argument, NULL, 'h' },
        { "version", no_argument, NULL, ARG_VERSION },
        { "bus", required_argument, NULL, ARG_BUS },
        { "state-dir", required_argument, NULL, ARG_STATE_DIR },
        /* Its own, for what it starts itself. */
        { "make-backup", required_argument, NULL, ARG_MAKE_BACKUP },
        { "by-hand", no_argument, NULL, ARG_BY_HAND },
        { "restore", required_argument, NULL, ARG_RESTORE },
        { "look-up-account", required_argument, NULL, ARG_LOOK_UP_ACCOUNT },
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

int arguments_parse(int argc, char **argv, PomodArguments *ret_arguments) {
        PomodArguments arguments = { .bus = "system" };
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
                case ARG_BY_HAND:
                        arguments.by_hand = true;
                        break;
                case ARG_RESTORE:
                        arguments.restore = optarg;
                        break;
                case ARG_LOOK_UP_ACCOUNT:
                        arguments.account = optarg;
                        break;
                default:
                        return complain("that was not understood", ""); /* getopt has named it */
                }
        if (optind < argc)
                return complain("takes no argument, but was given ", argv[optind]);
        *ret_arguments = arguments;
        return 1;
}
