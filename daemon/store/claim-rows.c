/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/claim-rows.h"

#include <string.h>

#include "daemon/core/focus.h"
#include "daemon/store/connection.h"
#include "daemon/store/record.h"

const char claim_rows_insert_sql[] = "INSERT OR REPLACE INTO claims (" RECORD_COLUMNS(
                CLAIM_FIELDS) ") VALUES (" RECORD_PARAMETERS(CLAIM_FIELDS) ")";

typedef struct ClaimRow {
        sqlite3_value *values[FIELDS_MAX]; /* of what is stored, in the order of the fields; NULL: no such
                                              column */
} ClaimRow;

static void clear_row(gpointer data) {
        ClaimRow *row = data;

        for (size_t i = 0; i < FIELDS_MAX; i++)
                sqlite3_value_free(row->values[i]);
}

GArray *claim_rows_new(void) {
        GArray *rows = g_array_new(FALSE, FALSE, sizeof(ClaimRow));

        g_array_set_clear_func(rows, clear_row);
        return rows;
}

void claim_rows_free(GArray *rows) {
        if (rows)
                g_array_unref(rows);
}

/* The columns of a statement that hold what is stored of a claim; -1: a store of this version has none. */
static unsigned find_columns(sqlite3_stmt *stmt, int ret_columns[FIELDS_MAX]) {
        unsigned n = 0;

        for (size_t i = 0; i < claim_record.n_fields; i++) {
                const char *name = claim_record.fields[i].column;

                if (!name)
                        continue;
                ret_columns[n] = -1;
                for (int c = 0; c < sqlite3_column_count(stmt); c++)
                        if (strcmp(sqlite3_column_name(stmt, c), name) == 0)
                                ret_columns[n] = c;
                n++;
        }
        return n;
}

void claim_rows_take(sqlite3 *db, GArray *rows) {
        int columns[FIELDS_MAX];
        sqlite3_stmt *stmt;
        unsigned n;

        if (sqlite3_prepare_v2(db, "SELECT * FROM claims", -1, &stmt, NULL) != SQLITE_OK)
                return;
        n = find_columns(stmt, columns);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
                ClaimRow row = {};

                for (unsigned i = 0; i < n; i++)
                        if (columns[i] >= 0)
                                row.values[i] = sqlite3_value_dup(sqlite3_column_value(stmt, columns[i]));
                g_array_append_val(rows, row);
        }
        sqlite3_finalize(stmt);
}

int claim_rows_put(sqlite3 *db, const GArray *rows) {
        sqlite3_stmt *stmt;
        int rc;

        if (rows->len == 0)
                return 0;
        rc = sqlite3_prepare_v2(db, claim_rows_insert_sql, -1, &stmt, NULL);
        if (rc != SQLITE_OK)
                return connection_error(db, rc);
        rc = SQLITE_DONE;
        for (guint i = 0; rc == SQLITE_DONE && i < rows->len; i++) {
                const ClaimRow *row = &g_array_index(rows, ClaimRow, i);

                for (int n = 0; n < sqlite3_bind_parameter_count(stmt); n++)
                        if (row->values[n])
                                sqlite3_bind_value(stmt, n + 1, row->values[n]);
                        else
                                sqlite3_bind_null(stmt, n + 1);
                rc = sqlite3_step(stmt);
                sqlite3_reset(stmt);
        }
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE ? 0 : connection_error(db, rc);
}
