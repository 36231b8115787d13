/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/claims.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/store/connection.h"
#include "daemon/store/record.h"
#include "daemon/store/sound.h"
#include "daemon/store/write.h"

#define SELECT "SELECT " RECORD_COLUMNS(CLAIM_FIELDS) " FROM claims "

#define VALUES " INTO claims (" RECORD_COLUMNS(CLAIM_FIELDS) ") VALUES (" RECORD_PARAMETERS(CLAIM_FIELDS) ")"

/* All that is stored of a claim, over one of the same id. */
static const char replace_sql[] = "INSERT OR REPLACE" VALUES;
static const char insert_sql[] = "INSERT OR IGNORE" VALUES;

static int write_claim(Store *store, const Claim *claim) {
        Claim row = *claim;

        if (claim->source != CLAIM_BY_RULE) {
                row.rule[0] = '\0';
                row.rule_kind = _RULE_KIND_MAX;
                row.date = DATE_NONE;
        }
        return record_run(store, replace_sql, RECORD_PART_STORED, &claim_record, &row);
}

/* Whether it is sound. A lock that cannot be read is the strictest: no flipped bit opens one. */
static bool read_claim(Statement *st, Claim *ret_claim) {
        Claim claim = { .rule_kind = _RULE_KIND_MAX, .lock = LOCK_ADMIN };
        bool is_sound = record_fill(st, 0, &claim_record, &claim);

        if (claim.rule_kind == _RULE_KIND_MAX) {
                is_sound = is_sound && claim.source != CLAIM_BY_RULE;
                claim.rule_kind = (RuleKind) 0;
        }
        if (is_sound)
                sound_forget(st->store, claim_record.name, claim.id);
        else
                sound_note(st->store, claim_record.name, claim.id);
        *ret_claim = claim;
        return is_sound;
}

/*
 * The settings of what is over are for who looks back, and only of the newest: they are what takes room. An
 * id says how many came after it, so that each write looks only at those that are no longer among the newest.
 */
#define DROP_SETTINGS                                                                                                                   \
        "UPDATE claims SET profile = NULL, lists = NULL, granted = NULL WHERE id >= ?1 AND id < ?2 AND state <> 'in-force' AND profile" \
        " IS NOT NULL"

static int drop_settings(Store *store, int64_t before, int64_t next_id) {
        static const char any[] = DROP_SETTINGS, large[] = DROP_SETTINGS " AND length(profile) > ?3";
        int r;

        if (next_id <= before)
                return 0;
        r = store_run(store, any, "ii", before - CAP_CLAIMS_KEPT, next_id - CAP_CLAIMS_KEPT);
        return r < 0 ? r
                     : store_run(store, large, "iiu", before - CAP_CLAIMS_KEPT_LARGE,
                                       next_id - CAP_CLAIMS_KEPT_LARGE, (uint64_t) CAP_CLAIM_LARGE_BYTES);
}

int write_claims(StoreWrite *write, const Claim *claims, unsigned n, int64_t next_id) {
        static const char sql[] = "UPDATE state SET next_claim = max(next_claim, ?1)";
        static const char drop_one[] = DROP_SETTINGS " AND (id < ?3 OR length(profile) > ?4)";
        int64_t before;
        int r;

        r = store_state_error(store_get(write->store, "SELECT next_claim FROM state", ">i", &before));
        next_id = MAX(next_id, before);
        for (unsigned i = 0; r == 0 && i < n; i++) {
                const int64_t id = claims[i].id;

                assert(id > 0);
                r = write_claim(write->store, &claims[i]);
                /* One that was in force for long, and is over only now. */
                if (r == 0 && claims[i].state != CLAIM_IN_FORCE && id < next_id - CAP_CLAIMS_KEPT_LARGE)
                        r = store_run(write->store, drop_one, "iiiu", id, id + 1,
                                        next_id - (int64_t) CAP_CLAIMS_KEPT,
                                        (uint64_t) CAP_CLAIM_LARGE_BYTES);
        }
        if (r == 0)
                r = drop_settings(write->store, before, next_id);
        return r < 0 ? r : store_run(write->store, sql, "i", next_id);
}

int store_claims_load(Store *store, GArray *claims, int64_t *ret_next_id) {
        static const char sql[] = SELECT "WHERE state = 'in-force' ORDER BY id";
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "");
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                Claim claim;

                /* Whatever else it says, it is in force: what of it makes no sense is no way around it. */
                (void) read_claim(&st, &claim);
                claim.state = CLAIM_IN_FORCE;
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
        int r;

        while ((r = cursor_step(cursor)) > 0) {
                if (read_claim(&cursor->st, ret_claim))
                        return 1;
                claim_done(ret_claim);
        }
        return r;
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

int claim_rows_put(sqlite3 *db, const GArray *rows, bool over) {
        sqlite3_stmt *stmt;
        int rc;

        if (rows->len == 0)
                return 0;
        rc = sqlite3_prepare_v2(db, over ? replace_sql : insert_sql, -1, &stmt, NULL);
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

/* Those whose settings are dropped anyway do not make the file large first: what is free in it stays in it.
 */
#define SELECT_KEEPING \
        "SELECT *, state <> 'in-force' AND id < ?1 - iif(length(profile) > %u, %u, %u) FROM claims"

static bool is_settings(const char *column) {
        return strcmp(column, "profile") == 0 || strcmp(column, "granted") == 0;
}

int claim_rows_copy(sqlite3 *from, sqlite3 *to) {
        int columns[FIELDS_MAX];
        sqlite3_stmt *select, *insert;
        int64_t next_id = 0;
        char sql[160];
        unsigned n;
        int rc;

        /* One of a version that had none. */
        snprintf(sql, sizeof(sql), SELECT_KEEPING, CAP_CLAIM_LARGE_BYTES, CAP_CLAIMS_KEPT_LARGE,
                        CAP_CLAIMS_KEPT);
        if (sqlite3_prepare_v2(from, sql, -1, &select, NULL) != SQLITE_OK)
                return 0;
        (void) connection_get_int(to, "SELECT next_claim FROM state", &next_id);
        sqlite3_bind_int64(select, 1, next_id);
        rc = sqlite3_prepare_v2(to, replace_sql, -1, &insert, NULL);
        n = find_columns(select, columns);
        if (rc == SQLITE_OK)
                rc = SQLITE_DONE;
        while (rc == SQLITE_DONE && sqlite3_step(select) == SQLITE_ROW) {
                const int drops = sqlite3_column_int(select, sqlite3_column_count(select) - 1);

                for (unsigned i = 0; i < n; i++)
                        if (columns[i] >= 0 &&
                                        !(drops && is_settings(sqlite3_column_name(select, columns[i]))))
                                sqlite3_bind_value(insert, (int) i + 1,
                                                sqlite3_column_value(select, columns[i]));
                        else
                                sqlite3_bind_null(insert, (int) i + 1);
                rc = sqlite3_step(insert);
                sqlite3_reset(insert);
        }
        sqlite3_finalize(insert);
        sqlite3_finalize(select);
        return rc == SQLITE_DONE ? 0 : connection_error(to, rc);
}

int claim_rows_drop_settings(sqlite3 *db) {
        char sql[320];

        snprintf(sql, sizeof(sql),
                        "UPDATE claims SET profile = NULL, lists = NULL, granted = NULL WHERE state <> 'in-force' AND id <"
                        " (SELECT next_claim FROM state) - iif(length(profile) > %u, %u, %u)",
                        CAP_CLAIM_LARGE_BYTES, CAP_CLAIMS_KEPT_LARGE, CAP_CLAIMS_KEPT);
        return connection_exec(db, sql);
}
