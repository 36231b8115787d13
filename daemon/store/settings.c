/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>

#include "daemon/store/sound.h"
#include "daemon/store/statement.h"
#include "daemon/store/write.h"

int store_settings_load(Store *store, Settings *ret_settings, unsigned *ret_ignored) {
        statement_ Statement st = {};
        Settings settings;
        unsigned ignored = 0;
        int r;

        settings_init(&settings);
        r = statement_open(store, "SELECT name, value FROM settings", &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                const char *name, *value;

                statement_read(&st, 0, "pp", &name, &value);
                if (!sound_is_text(st.stmt, 0, SOUND_TEXT_BYTES_MAX) ||
                                !sound_is_text(st.stmt, 1, SOUND_TEXT_BYTES_MAX) || !name || !value ||
                                settings_set(&settings, name, value, NULL) != 0)
                        ignored++;
        }
        if (r < 0)
                return r;
        *ret_settings = settings;
        *ret_ignored = ignored;
        return 0;
}

int write_setting(StoreWrite *write, const char *name, const char *text) {
        static const char put[] = "INSERT INTO settings (name, value) VALUES (?1, ?2)"
                                  " ON CONFLICT (name) DO UPDATE SET value = ?2";

        assert(name);
        if (!text)
                return store_run(write->store, "DELETE FROM settings WHERE name = ?1", "t", name);
        /* An empty text is a value here: the time zone of the system. */
        return store_run(write->store, put, "ts", name, text);
}
