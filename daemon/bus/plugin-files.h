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

/*
 * Whether everybody on the computer may feel a setting of a profile. Of one that is installed and does not
 * say so, or not in a file that can be read, it is true; one that is not installed here does nothing here.
 */
bool plugin_files_is_felt(PluginFiles *files, const char *name, const char *key);
/* Which settings everybody may feel; in one look at the file. */
typedef struct PluginFelt {
        bool any;     /* false: none */
        char **spare; /* any: all but these; NULL none */
} PluginFelt;
PluginFelt plugin_files_find_felt(PluginFiles *files, const char *name);
void plugin_felt_done(PluginFelt *felt);
bool plugin_felt_has(const PluginFelt *felt, const char *key);

/* The names of all that are installed, sorted; NULL at the end, and for g_strfreev(). */
char **plugin_files_list(PluginFiles *files);
