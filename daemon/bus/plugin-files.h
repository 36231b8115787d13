/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which plugins are installed, and what they say of themselves: NAME.so with NAME.json beside it, in folders
 * of which the first that has a name wins. Each look at a plugin looks at its file, and reads it anew only
 * where it was changed. pomod loads no code.
 */

#include <stdbool.h>

#include "daemon/core/plugin.h"

typedef struct PluginFiles PluginFiles;

PluginFiles *plugin_files_new(char *const *dirs); /* NULL at the end; it is not copied */
PluginFiles *plugin_files_free(PluginFiles *files);

typedef struct PluginFile {
        bool installed;       /* there is a NAME.so, or a NAME.json */
        bool described;       /* there is a NAME.json */
        const Plugin *plugin; /* what it says; NULL: nothing that can be read */
        const char *problem;  /* a sentence, why not; NULL: nothing is wrong */
} PluginFile;

/* Valid until the next call. The name must be one that a plugin can have. */
PluginFile plugin_files_find(PluginFiles *files, const char *name);
/* The names of all that are installed, sorted; NULL at the end, and for g_strfreev(). */
char **plugin_files_list(PluginFiles *files);
