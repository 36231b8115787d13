/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The command line of pomod, and the one description that its --help and its man page are printed from. */

#include <stdbool.h>

#include "common/help.h"

extern const HelpPage pomod_help;

typedef struct PomodArguments {
        const char *bus;       /* "system", "session" or an address */
        const char *state_dir; /* NULL: where it belongs for that bus */
        const char *backup_of; /* a folder: make a backup of its store and exit … */
        bool by_hand;          /* … one that somebody asked for, */
        const char *restore;   /* … or make what takes the store's place of that backup; NULL: no */
        const char *account;   /* a uid: ask who has it and exit */
} PomodArguments;

/* 1: go on. 0: it was answered (--help, --version), exit well. -EINVAL: said what is wrong, exit with 2. */
int arguments_parse(int argc, char **argv, PomodArguments *ret_arguments);
