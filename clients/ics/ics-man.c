/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/help.h"

int main(void) {
        return help_print_man(&ics_help, stdout) < 0;
}
