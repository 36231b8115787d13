/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What a plugin says of itself, judged member by member and copied as far as this host knows it: a shorter
 * table is zero behind its end, a longer one is read as far as the host's own goes.
 */

#include <stdbool.h>
#include <stddef.h>

#include "plugins/api/pomo-plugin.h"

/*
 * Sizes of the first release of ABI 1, which a plugin must have at least. They are no sizeof(): a struct that
 * grew takes the plugins of before.
 */
#define PLUGIN_FIRST_SIZE  (offsetof(PomoPlugin, probe) + sizeof(void (*)(void)))
#define SETTING_FIRST_SIZE (offsetof(PomoSetting, max) + sizeof(int64_t))

/* One that was loaded. Texts are copies, and never NULL where the header of plugins says so. */
typedef struct Plugin {
        PomoPlugin table; /* its texts and settings are the copies below */
        char *name, *version, *sentence;
        PomoSetting *settings; /* each as large as the host's own */
        size_t n_settings;
        bool system; /* its scope */
        char *path;  /* of its file, as it was asked for */
        void *object;
} Plugin;

/*
 * A copy of table, of which at most so many bytes are there, as the file at path has it. 0, or -EINVAL with a
 * sentence that names path and what is wrong.
 */
int table_copy(const PomoPlugin *table, size_t n_bytes, const char *path, Plugin **ret_plugin,
                char **ret_sentence);

/* Never unloads its object, whose threads may run and whose destructors are its own. NULL is fine. */
void table_free(Plugin *plugin);

/* The setting of that key, whatever its case, standing or of a profile; NULL: it has none. A profile's
 * "sites.Block" is the key "block". */
const PomoSetting *table_setting(const Plugin *plugin, const char *key, bool standing);
