/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A plugin's shared object: where it is found, whether it may be loaded, and the plugin that is in it. Its
 * code runs in load_plugin() already (constructors), so that a guard stands around it: guard_load() of
 * guard.h.
 */

#include <stdbool.h>

#include "plugins/host/places.h"
#include "plugins/host/table.h"

/*
 * The file of a plugin by its name. 0: ret_path is the caller's to free(). 1: the same, with a sentence about
 * the user's own plugin of that name, which is not used. -ENOENT, or a negative errno, with a sentence.
 */
int load_find(const Places *places, const char *name, bool system, char **ret_path, char **ret_sentence);

/*
 * Loads it. as_root: only from a path of which every component is root's and writable by nobody else. 0: the
 * plugin, whose object stays loaded for as long as the process lives; table_free(). A negative errno with a
 * sentence, which names the path.
 */
int load_plugin(const char *path, bool as_root, Plugin **ret_plugin, char **ret_sentence);

/* The same from a descriptor, for who cannot come to path. What it looks for beside itself is not found so.
 */
int load_descriptor(int fd, const char *path, Plugin **ret_plugin, char **ret_sentence);

/* Unloads and frees one of which nothing was called yet, so that it can be loaded anew. NULL is fine. */
void load_drop(Plugin *plugin);

/* 0, or -EPERM with a sentence where it is a session's plugin and should act for the system, or the reverse.
 */
int load_check_scope(const Plugin *plugin, bool system, char **ret_sentence);
