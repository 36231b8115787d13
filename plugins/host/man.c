/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/help.h"

int main(void) {
        return help_print_man(&plugin_host_help, stdout) < 0;
}
