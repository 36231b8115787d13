/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/run.h"

#include <stddef.h>

static int make_clocks(sd_event *event, void *userdata, Clocks **ret_clocks) {
        return clocks_system_new(event, ret_clocks);
}

int main(int argc, char **argv) {
        return pomod_run(argc, argv, make_clocks, NULL);
}
