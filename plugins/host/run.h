/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* pomod-plugin-host NAME: the life of one host, from its lock to its end. */

#include "plugins/host/options.h"
#include "plugins/host/places.h"

/* Returns after SIGTERM or SIGINT. What to exit with, after a sentence on standard error. */
int run_plugin(const Options *options, PlacesFunc places);
