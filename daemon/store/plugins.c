/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a user decided about plugins. Which there are is nothing that a store knows. */

#include <string.h>

#include "daemon/core/plugin.h"
#include "daemon/store/sound.h"
#include "daemon/store/statement.h"
#include "daemon/store/write.h"

static bool is_name(const Statement *st, int column) {
        return sound_is_text(st->stmt, column, CAP_RULE_BYTES);
}

static int load_disabled(Store *store, GPtrArray *disabled) {
        statement_ Statement st = {};
        const char *plugin;
        int r;

        r = statement_open(store, "SELECT plugin FROM disabled_plugins", &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                statement_read(&st, 0, "p", &plugin);
                if (plugin && is_name(&st, 0))
                        g_ptr_array_add(disabled, g_strdup(plugin));
        }
        return r;
}

int store_plugins_load(Store *store, GPtrArray *disabled, GArray *values) {
        statement_ Statement st = {};
        const char *plugin, *key, *value;
        int r = load_disabled(store, disabled);

        if (r == 0)
                r = statement_open(store, "SELECT plugin, key, value FROM plugin_settings", &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                statement_read(&st, 0, "ppp", &plugin, &key, &value);
                if (plugin && key && value && is_name(&st, 0) && is_name(&st, 1) &&
                                sound_is_text(st.stmt, 2, CAP_PROFILE_VALUE_BYTES))
                        plugin_values_put(values, plugin, key, value);
        }
        return r;
}

int write_plugin_enabled(StoreWrite *write, const char *plugin, bool enabled) {
        static const char enable[] = "DELETE FROM disabled_plugins WHERE plugin = ?1";
        static const char disable[] = "INSERT OR IGNORE INTO disabled_plugins (plugin) VALUES (?1)";

        return store_run(write->store, enabled ? enable : disable, "t", plugin);
}

int write_plugin_value(StoreWrite *write, const char *plugin, const char *key, const char *value) {
        static const char put[] = "INSERT INTO plugin_settings (plugin, key, value) VALUES (?1, ?2, ?3)"
                                  " ON CONFLICT (plugin, key) DO UPDATE SET value = ?3";

        if (!value)
                return store_run(write->store, "DELETE FROM plugin_settings WHERE plugin = ?1 AND key = ?2",
                                "tt", plugin, key);
        return store_run(write->store, put, "tts", plugin, key, value);
}
