/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* All of pomod but the choice of its clocks: the tests have a second executable that differs in nothing else.
 */

#include "daemon/engine/clocks.h"

typedef int (*ClocksFactory)(sd_event *event, void *userdata, Clocks **ret_clocks);

/* What main() returns. */
int pomod_run(int argc, char **argv, ClocksFactory make_clocks, void *userdata);
