/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The JSON that lies beside a plugin: one object, as pomod-plugin-host --describe prints it. A file is
 * somebody else's: nothing in it is believed, and keys that a later pomod may add are ignored.
 */

#include <stddef.h>

#include "daemon/core/plugin.h"

/* name: the plugin that it must be about. 0, or -EBADMSG with a sentence about the file that the caller
 * frees. */
int plugin_json_parse(
                const char *json, size_t size, const char *name, Plugin **ret_plugin, char **ret_sentence);
