/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* pomod-plugin-host as a whole but for its places, which tests have others of. */

#include "plugins/host/places.h"

/* What to exit with: 0, 1 after a sentence on standard error, 2 where what was typed makes no sense. */
int host_main(int argc, char **argv, PlacesFunc places);
