/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>

#include "daemon/store/sql.h"
#include "daemon/store/write.h"

int store_settings_load(Store *store, Settings *ret_settings, unsigned *ret_ignored) {
        statement_ Statement st = { 0 };
        Settings settings;
        unsigned ignored = 0;
        int r;

        settings_init(&settings);
        r = statement_get(store, "SELECT name, value FROM settings", &st);
        if (r < 0)
                return r;
        while ((r = statement_step(&st)) > 0) {
                const char *name = (const char *) sqlite3_column_text(st.stmt, 0);
                const char *value = (const char *) sqlite3_column_text(st.stmt, 1);

                if (!name || !value || settings_set(&settings, name, value, NULL) != 0)
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
        static const char reset[] = "DELETE FROM settings WHERE name = ?1";
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(write->store, text ? put : reset, &st);
        if (r < 0)
                return r;
        bind_text(&st, 1, name);
        if (text)
                /* An empty text is a value here: the time zone of the system. */
                sqlite3_bind_text(st.stmt, 2, text, -1, SQLITE_TRANSIENT);
        return statement_run(&st);
}
