/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* For whom a plugin acts, before its code is loaded: what its NAME.json says. */

#include <stdbool.h>

/*
 * Whether NAME.json in root's folder of plugins says that NAME acts on the whole computer. 0: it does not, or
 * there is none. 1: it does. -EBADMSG: it says nothing that can be understood.
 */
int scope_is_system(const char *plugin_dir, const char *name);
