/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomobar/help.h"

int main(void) {
        return help_print_man(&pomobar_help, stdout) < 0;
}
