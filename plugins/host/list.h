/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* pomod-plugin-host --list: what each state folder holds, until when, and who looks after it. It takes no
 * lock. */

#include "plugins/host/places.h"

/* A table on standard output. What to exit with. */
int list_print(PlacesFunc places);
