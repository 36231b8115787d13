/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/arguments.h"

/* Prints the man page; runs at build time only. */
int main(void) {
        return help_print_man(&pomod_help, stdout) < 0;
}
