/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What is around a release by hand: its unit is stopped before, and pomod is told after. */

#include <stdbool.h>

#include "plugins/host/options.h"
#include "plugins/host/state.h"

/* The plugin's unit is stopped and disabled, by systemctl, which says what goes wrong. 0, or a negative errno
 * with a sentence. */
int release_by_hand_stop(const char *name, bool system, char **ret_sentence);

/* Tells pomod what state_read_released() says, where it answers; else it stays noted, and the plugin's next
 * host tells it. Says so on standard output. */
void release_by_hand_report(State *state, const Options *options, bool system);
