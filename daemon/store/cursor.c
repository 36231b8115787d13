/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/cursor.h"

#include <glib.h>

#include "daemon/store/store.h"

/* Readings beyond this give their pages back. */
#define MANY_ROWS 256

StoreCursor *cursor_new(Statement *st) {
        StoreCursor *cursor = g_new0(StoreCursor, 1);

        assert(st->stmt);
        cursor->st = *st;
        cursor->db = st->store->db;
        *st = (Statement){};
        return cursor;
}

int cursor_step(StoreCursor *cursor) {
        int r;

        if (!cursor->st.stmt)
                return 0;
        r = statement_step(&cursor->st);
        if (r > 0)
                cursor->n_rows++;
        else
                statement_release(&cursor->st);
        return r;
}

StoreCursor *store_cursor_free(StoreCursor *cursor) {
        if (!cursor)
                return NULL;
        statement_release(&cursor->st);
        if (cursor->n_rows > MANY_ROWS)
                sqlite3_db_release_memory(cursor->db);
        g_free(cursor);
        return NULL;
}
