/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * pomod-plugin-host --release NAME: everything that the plugin changed is put back, and pomod is told; with
 * --ended it is what has reached its end alone. Neither needs pomod or a bus, and both take the lock: where a
 * host looks after the plugin they say whose it is.
 */

#include "plugins/host/options.h"
#include "plugins/host/places.h"

/* What to exit with, after a sentence on standard error. */
int release_run(const Options *options, PlacesFunc places);
