/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Where a name leads here and now, by asking: the name services, as every program does, and a connection to
 * what they say. */

#include <pomo-plugin.h>
#include <stdint.h>

/* A PomoFinding, with why in ret_sentence, the caller's to g_free(). It takes 6 s at most. */
uint32_t probe_names(const char *name, char **ret_sentence);
