/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/claims.h"

#include <errno.h>
#include <string.h>

#include "daemon/store/connection.h"
#include "daemon/store/record.h"
#include "daemon/store/write.h"

#define SELECT "SELECT " RECORD_COLUMNS(CLAIM_FIELDS) " FROM claims "

/* All that is stored of a claim, over one of the same id. */
static const char insert_sql[] = "INSERT OR REPLACE INTO claims (" RECORD_COLUMNS(
                CLAIM_FIELDS) ") VALUES (" RECORD_PARAMETERS(CLAIM_FIELDS) ")";

static int write_claim(Store *store, const Claim *claim) {
        Claim row = *claim;

        if (claim->source != CLAIM_BY_RULE) {
                row.rule[0] = '\0';
                row.rule_kind = _RULE_KIND_MAX;
                row.date = DATE_NONE;
        }
        return record_run(store, insert_sql, RECORD_PART_STORED, &claim_record, &row);
}

static int read_claim(Statement *st, Claim *ret_claim) {
        Claim claim = { .rule_kind = _RULE_KIND_MAX };
        int r;

        r = record_fill(st, 0, &claim_record, &claim);
        if (r == 0 && claim.rule_kind == _RULE_KIND_MAX) {
                r = claim.source == CLAIM_BY_RULE ? -EUCLEAN : 0;
                claim.rule_kind = (RuleKind) 0;
        }
        if (r < 0) {
                claim_done(&claim);
                return r;
        }
        *ret_claim = claim;
        return 0;
}

int write_claims(StoreWrite *write, const Claim *claims, unsigned n, int64_t next_id) {
        static const char sql[] = "UPDATE state SET next_claim = max(next_claim, ?1)";
        int r = 0;

        for (unsigned i = 0; r == 0 && i < n; i++) {
                assert(claims[i].id > 0);
                r = write_claim(write->store, &claims[i]);
        }
        return r < 0 ? r : store_run(write->store, sql, "i", next_id);
}

int store_claims_load(Store *store, GArray *claims, int64_t *ret_next_id) {
        static const char sql[] = SELECT "WHERE state = 'in-force' ORDER BY id";
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                Claim claim;

                r = read_claim(&st, &claim);
                if (r == 0)
                        g_array_append_val(claims, claim);
        }
        if (r < 0)
                return r;
        return store_state_error(store_get(store, "SELECT next_claim FROM state", ">i", ret_next_id));
}

int store_claims_read(Store *store, const ClaimQuery *query, StoreCursor **ret_cursor) {
        static const char sql[] = SELECT "WHERE engaged_real_usec >= ?1 AND engaged_real_usec < ?2"
                                         " AND (engaged_real_usec > ?3 OR id > ?4)"
                                         " AND (NOT ?5 OR (source = 'rule' AND rule_kind = 'office-day'))"
                                         " ORDER BY engaged_real_usec, id";
        const ClaimCursor *after = &query->after;
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "uuuib",
                        MAX(query->span.from_real_usec, after->engaged_real_usec), query->span.to_real_usec,
                        after->engaged_real_usec, after->id, query->office_days);
        if (r < 0)
                return r;
        *ret_cursor = cursor_new(&st);
        return 0;
}

int store_claim_get_engaged(Store *store, int64_t id, uint64_t *ret_real_usec) {
        return store_get(store, "SELECT engaged_real_usec FROM claims WHERE id = ?1", "i>u", id,
                        ret_real_usec);
}

int store_claims_next(StoreCursor *cursor, Claim *ret_claim) {
        int r = cursor_step(cursor);

        if (r <= 0)
                return r;
        r = read_claim(&cursor->st, ret_claim);
        return r < 0 ? r : 1;
}

int store_claim_engaged_before(Store *store, const char *rule, Date date, uint32_t window_start_sec) {
        static const char sql[] = "SELECT EXISTS (SELECT 1 FROM claims WHERE rule = ?1 AND date = ?2"
                                  " AND window_start_sec = ?3 AND state <> 'void')";
        char text[DATE_TEXT_MAX];
        bool before;
        int r;

        assert(rule);
        r = store_get(store, sql, "ttc>b", rule, date_format(date, text), window_start_sec, &before);
        return r < 0 ? r : before;
}

/* ---- from file to file ---- */

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
        rc = sqlite3_prepare_v2(db, insert_sql, -1, &stmt, NULL);
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
