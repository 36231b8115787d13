/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What a plugin asks pomod to do, in the words of pomoctl: the one table of what it may ask for. */

#include <stdint.h>

#include "plugins/host/bus.h"
#include "plugins/host/calls.h"

/*
 * Sends it. acted, with data, has the answer from the loop, unless the slot is given up before. interval:
 * only while that one runs; 0: whatever runs. -EINVAL with a sentence: these are no words of a verb;
 * -ENOTCONN: pomod is away.
 */
int act_send(Bus *bus, const char *const *words, uint64_t interval, CallsActed acted, void *data,
                sd_bus_slot **ret_slot, char **ret_sentence);
