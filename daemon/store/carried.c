/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/store/carried.h"

#include "common/caps.h"
#include "daemon/store/connection.h"
#include "daemon/store/sound.h"

typedef struct Text {
        sqlite3_value *values[3];
} Text;

static void clear_text(gpointer data) {
        Text *text = data;

        for (int i = 0; i < 3; i++)
                sqlite3_value_free(text->values[i]);
}

/* A row of grants; both are owned. */
typedef struct Granted {
        char *profile, *item;
} Granted;

static void clear_granted(gpointer data) {
        Granted *granted = data;

        g_free(granted->profile);
        g_free(granted->item);
}

static GArray *granted_new(void) {
        GArray *grants = g_array_new(FALSE, FALSE, sizeof(Granted));

        g_array_set_clear_func(grants, clear_granted);
        return grants;
}

void carried_done(Carried *carried) {
        g_clear_pointer(&carried->texts, g_array_unref);
        g_clear_pointer(&carried->disabled, g_ptr_array_unref);
        g_clear_pointer(&carried->grants, g_array_unref);
}

static const char pinned_sql[] = "SELECT digest, names, text FROM list_texts WHERE " CARRIED_IS_PINNED;
static const char put_sql[] = "INSERT OR IGNORE INTO list_texts (digest, names, text) VALUES (?1, ?2, ?3)";
static const char disabled_sql[] = "SELECT plugin FROM disabled_plugins";
static const char grants_sql[] = "SELECT profile, item FROM grants";
static const char grant_sql[] = "INSERT OR IGNORE INTO grants (profile, item) VALUES (?1, ?2)";
static const char disable_sql[] = "INSERT OR IGNORE INTO disabled_plugins (plugin) VALUES (?1)";

/* ---- texts ---- */

static void take_texts(sqlite3 *db, GArray *texts) {
        sqlite3_stmt *stmt;

        if (sqlite3_prepare_v2(db, pinned_sql, -1, &stmt, NULL) != SQLITE_OK)
                return;
        while (sqlite3_step(stmt) == SQLITE_ROW) {
                Text text;

                for (int i = 0; i < 3; i++)
                        text.values[i] = sqlite3_value_dup(sqlite3_column_value(stmt, i));
                g_array_append_val(texts, text);
        }
        sqlite3_finalize(stmt);
}

static int put_text(sqlite3_stmt *insert, sqlite3_value *const values[3]) {
        int rc;

        for (int i = 0; i < 3; i++)
                sqlite3_bind_value(insert, i + 1, values[i]);
        rc = sqlite3_step(insert);
        sqlite3_reset(insert);
        return rc;
}

static int put_texts(sqlite3 *db, const GArray *texts) {
        sqlite3_stmt *insert;
        int rc = sqlite3_prepare_v2(db, put_sql, -1, &insert, NULL);

        if (rc == SQLITE_OK)
                rc = SQLITE_DONE;
        for (guint i = 0; rc == SQLITE_DONE && i < texts->len; i++)
                rc = put_text(insert, g_array_index(texts, Text, i).values);
        sqlite3_finalize(insert);
        return rc == SQLITE_DONE ? 0 : connection_error(db, rc);
}

static int copy_texts(sqlite3 *from, sqlite3 *to) {
        sqlite3_stmt *select, *insert;
        int rc;

        if (sqlite3_prepare_v2(from, pinned_sql, -1, &select, NULL) != SQLITE_OK)
                return 0;
        rc = sqlite3_prepare_v2(to, put_sql, -1, &insert, NULL);
        if (rc == SQLITE_OK)
                rc = SQLITE_DONE;
        while (rc == SQLITE_DONE && sqlite3_step(select) == SQLITE_ROW) {
                sqlite3_value *const values[3] = {
                        sqlite3_column_value(select, 0),
                        sqlite3_column_value(select, 1),
                        sqlite3_column_value(select, 2),
                };

                rc = put_text(insert, values);
        }
        sqlite3_finalize(insert);
        sqlite3_finalize(select);
        return rc == SQLITE_DONE ? 0 : connection_error(to, rc);
}

/* ---- which are disabled ---- */

static void take_disabled(sqlite3 *db, GPtrArray *names) {
        sqlite3_stmt *stmt;

        if (sqlite3_prepare_v2(db, disabled_sql, -1, &stmt, NULL) != SQLITE_OK)
                return;
        while (sqlite3_step(stmt) == SQLITE_ROW)
                if (sound_is_text(stmt, 0, CAP_RULE_BYTES))
                        g_ptr_array_add(names, g_strdup((const char *) sqlite3_column_text(stmt, 0)));
        sqlite3_finalize(stmt);
}

static int put_disabled(sqlite3 *db, const GPtrArray *names) {
        sqlite3_stmt *stmt;
        int rc, r = connection_exec(db, "DELETE FROM disabled_plugins");

        if (r < 0)
                return r;
        rc = sqlite3_prepare_v2(db, disable_sql, -1, &stmt, NULL);
        if (rc == SQLITE_OK)
                rc = SQLITE_DONE;
        for (guint i = 0; rc == SQLITE_DONE && i < names->len; i++) {
                sqlite3_bind_text(stmt, 1, names->pdata[i], -1, SQLITE_STATIC);
                rc = sqlite3_step(stmt);
                sqlite3_reset(stmt);
        }
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE ? 0 : connection_error(db, rc);
}

/* ---- what is granted ---- */

static void take_grants(sqlite3 *db, GArray *grants) {
        sqlite3_stmt *stmt;

        if (sqlite3_prepare_v2(db, grants_sql, -1, &stmt, NULL) != SQLITE_OK)
                return;
        while (sqlite3_step(stmt) == SQLITE_ROW) {
                Granted granted;

                if (!sound_is_text(stmt, 0, CAP_RULE_BYTES) || !sound_is_text(stmt, 1, CAP_GRANT_ITEM_BYTES))
                        continue;
                granted.profile = g_strdup((const char *) sqlite3_column_text(stmt, 0));
                granted.item = g_strdup((const char *) sqlite3_column_text(stmt, 1));
                g_array_append_val(grants, granted);
        }
        sqlite3_finalize(stmt);
}

/* Instead of those there are: what was revoked since a backup is not granted by it. */
static int put_grants(sqlite3 *db, const GArray *grants) {
        sqlite3_stmt *stmt;
        int rc, r = connection_exec(db, "DELETE FROM grants");

        if (r < 0 || !grants)
                return r;
        rc = sqlite3_prepare_v2(db, grant_sql, -1, &stmt, NULL);
        if (rc == SQLITE_OK)
                rc = SQLITE_DONE;
        for (guint i = 0; rc == SQLITE_DONE && i < grants->len; i++) {
                const Granted *granted = &g_array_index(grants, Granted, i);

                sqlite3_bind_text(stmt, 1, granted->profile, -1, SQLITE_STATIC);
                sqlite3_bind_text(stmt, 2, granted->item, -1, SQLITE_STATIC);
                rc = sqlite3_step(stmt);
                sqlite3_reset(stmt);
        }
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE ? 0 : connection_error(db, rc);
}

/* ---- all of it ---- */

void carried_take(sqlite3 *db, Carried *carried) {
        if (!carried->texts) {
                carried->texts = g_array_new(FALSE, FALSE, sizeof(Text));
                g_array_set_clear_func(carried->texts, clear_text);
                carried->disabled = g_ptr_array_new_with_free_func(g_free);
                carried->grants = granted_new();
        }
        take_texts(db, carried->texts);
        take_disabled(db, carried->disabled);
        take_grants(db, carried->grants);
}

int carried_put(sqlite3 *db, const Carried *carried, bool newer) {
        int r = carried->texts ? put_texts(db, carried->texts) : 0;

        /* Where nothing could be read, nothing is disabled: what holds is rather kept. */
        if (r == 0 && newer)
                r = carried->disabled ? put_disabled(db, carried->disabled)
                                      : connection_exec(db, "DELETE FROM disabled_plugins");
        /* … and nothing is granted: that was about others. */
        if (r == 0 && newer)
                r = put_grants(db, carried->grants);
        return r;
}

int carried_copy(sqlite3 *from, sqlite3 *to) {
        GPtrArray *disabled = g_ptr_array_new_with_free_func(g_free);
        GArray *grants = granted_new();
        int r = copy_texts(from, to);

        take_disabled(from, disabled);
        take_grants(from, grants);
        if (r == 0)
                r = put_disabled(to, disabled);
        if (r == 0)
                r = put_grants(to, grants);
        g_ptr_array_unref(disabled);
        g_array_unref(grants);
        return r;
}
