/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/sound.h"

#include <glib.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/store/store.h"

/* The character at text, 0 for what no bus carries. */
static gunichar character_at(const char *text, size_t n) {
        gunichar c = g_utf8_get_char_validated(text, (gssize) n);

        return c > 0x10ffff || (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe ? 0 : c;
}

static size_t bytes_of(const char *text) {
        return (size_t) (g_utf8_next_char(text) - text);
}

bool sound_is_text(sqlite3_stmt *stmt, int column, size_t max_bytes) {
        const char *text;
        size_t n;

        if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
                return true;
        if (sqlite3_column_type(stmt, column) != SQLITE_TEXT)
                return false;
        text = (const char *) sqlite3_column_text(stmt, column);
        n = (size_t) sqlite3_column_bytes(stmt, column);
        if (n > max_bytes)
                return false;
        while (n > 0) {
                size_t bytes = 1;

                /* Nearly all of it is ASCII. */
                if ((unsigned char) *text >= 0x80) {
                        if (character_at(text, n) == 0)
                                return false;
                        bytes = bytes_of(text);
                } else if (*text == '\0')
                        return false;
                text += bytes;
                n -= bytes;
        }
        return true;
}

char *sound_make_text(sqlite3_stmt *stmt, int column, size_t max_bytes) {
        static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
        const char *text = (const char *) sqlite3_column_text(stmt, column);
        size_t n = (size_t) sqlite3_column_bytes(stmt, column);
        GString *made;

        if (!text)
                return NULL;
        made = g_string_new(NULL);
        while (n > 0) {
                const bool can = character_at(text, n) != 0;
                const size_t bytes = can ? bytes_of(text) : 1;
                const size_t length = can ? bytes : strlen(replacement);

                if (made->len + length > max_bytes)
                        break;
                g_string_append_len(made, can ? text : replacement, (gssize) length);
                text += bytes;
                n -= bytes;
        }
        return g_string_free(made, FALSE);
}

/* ---- rows that are noted ---- */

typedef struct Unsound {
        const char *table;
        int64_t id;
        bool taken; /* by whoever tells of it */
} Unsound;

static Unsound *find(const Store *store, const char *table, int64_t id) {
        for (guint i = 0; store->unsound && i < store->unsound->len; i++) {
                Unsound *row = &g_array_index(store->unsound, Unsound, i);

                if (row->id == id && strcmp(row->table, table) == 0)
                        return row;
        }
        return NULL;
}

void sound_note(Store *store, const char *table, int64_t id) {
        if (find(store, table, id))
                return;
        if (!store->unsound)
                store->unsound = g_array_new(FALSE, FALSE, sizeof(Unsound));
        if (store->unsound->len < CAP_UNSOUND)
                g_array_append_val(store->unsound, ((Unsound){ .table = table, .id = id }));
}

bool sound_is_noted(const Store *store, const char *table, int64_t id) {
        return find(store, table, id) != NULL;
}

void sound_forget(Store *store, const char *table, int64_t id) {
        const Unsound *row = find(store, table, id);

        if (row)
                g_array_remove_index_fast(
                                store->unsound, (guint) (row - (Unsound *) (void *) store->unsound->data));
}

bool sound_next_noted(const Store *store, const char *table, int64_t after, int64_t before, int64_t *ret_id) {
        int64_t next = before;

        for (guint i = 0; store->unsound && i < store->unsound->len; i++) {
                const Unsound *row = &g_array_index(store->unsound, Unsound, i);

                if (row->id > after && row->id < next && strcmp(row->table, table) == 0)
                        next = row->id;
        }
        if (next == before)
                return false;
        *ret_id = next;
        return true;
}

void sound_forget_below(Store *store, const char *table, int64_t before) {
        int64_t id = -1;

        while (sound_next_noted(store, table, -1, before, &id))
                sound_forget(store, table, id);
}

bool store_take_unsound(Store *store, const char **ret_table, int64_t *ret_id) {
        for (guint i = 0; store->unsound && i < store->unsound->len; i++) {
                Unsound *row = &g_array_index(store->unsound, Unsound, i);

                if (row->taken)
                        continue;
                row->taken = true;
                *ret_table = row->table;
                *ret_id = row->id;
                return true;
        }
        return false;
}

void sound_done(Store *store) {
        g_clear_pointer(&store->unsound, g_array_unref);
}
