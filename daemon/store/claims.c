/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/claims.h"

#include <errno.h>
#include <string.h>

#include "daemon/store/sql.h"
#include "daemon/store/write.h"

#define VERSION_2_COLUMNS                                                                                    \
        "id, state, source, rule, rule_kind, date, window_start_sec, interval, profile_name, profile, lock," \
        " lock_delay_usec, engaged_real_usec, engaged_boot_usec, length_usec, until_real_usec,"              \
        " until_boot_usec, boot_id, firm, resting, release_boot_usec, ended_real_usec, reason, carried"
#define COLUMNS VERSION_2_COLUMNS ", failure"
#define VALUES                                                                                             \
        "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, " \
        "?22, "                                                                                            \
        "?23, ?24, ?25"
#define N_COLUMNS 25

/* ---- in and out ---- */

/* A claim without plugins is of a window that only has to be on record: its profile has no text form. */
static void bind_profile(Statement *st, const Profile *profile) {
        char *text = NULL;

        bind_text(st, 9, profile->name);
        if (profile->plugins && profile->plugins[0])
                text = profile_print(profile);
        bind_text(st, 10, text);
        g_free(text);
}

static int write_claim(Store *store, const Claim *c) {
        static const char sql[] = "INSERT OR REPLACE INTO claims (" COLUMNS ") VALUES (" VALUES ")";
        const bool by_rule = c->source == CLAIM_BY_RULE;
        statement_ Statement st = { 0 };
        char date[DATE_TEXT_MAX];
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_int(&st, 1, c->id);
        bind_text(&st, 2, claim_state_to_string(c->state));
        bind_text(&st, 3, claim_source_to_string(c->source));
        bind_text(&st, 4, by_rule ? c->rule : NULL);
        bind_text(&st, 5, by_rule ? rule_kind_to_string(c->rule_kind) : NULL);
        bind_text(&st, 6, by_rule ? date_format(c->date, date) : NULL);
        bind_int(&st, 7, c->window_start_sec);
        bind_id(&st, 8, c->interval);
        bind_profile(&st, &c->profile);
        bind_text(&st, 11, lock_kind_to_string(c->lock));
        bind_usec(&st, 12, c->lock_delay_usec);
        bind_usec(&st, 13, c->engaged_real_usec);
        bind_usec(&st, 14, c->engaged_boot_usec);
        bind_usec(&st, 15, c->length_usec);
        bind_usec(&st, 16, c->until_real_usec);
        bind_usec(&st, 17, c->until_boot_usec);
        sqlite3_bind_text(st.stmt, 18, c->boot_id, -1, SQLITE_TRANSIENT);
        bind_int(&st, 19, c->firm);
        bind_int(&st, 20, c->resting);
        bind_usec(&st, 21, c->release_boot_usec);
        bind_usec(&st, 22, c->ended_real_usec);
        bind_text(&st, 23, c->reason);
        bind_int(&st, 24, c->carried);
        bind_text(&st, 25, c->failure);
        return statement_run(&st);
}

static int read_profile(Statement *st, Profile *profile) {
        const char *text = (const char *) sqlite3_column_text(st->stmt, 9);
        RuleSet set;

        if (text) {
                if (rule_set_parse(text, &set, NULL) != 0)
                        return -EUCLEAN;
                if (set.profiles->len == 1)
                        *profile = profile_copy(&g_array_index(set.profiles, Profile, 0));
                rule_set_done(&set);
        }
        column_chars(st, 8, profile->name, sizeof profile->name);
        return 0;
}

static int read_claim(Statement *st, Claim *ret_claim) {
        const char *date = (const char *) sqlite3_column_text(st->stmt, 5);
        int state = claim_state_from_string((const char *) sqlite3_column_text(st->stmt, 1));
        int source = claim_source_from_string((const char *) sqlite3_column_text(st->stmt, 2));
        int lock = lock_kind_from_string((const char *) sqlite3_column_text(st->stmt, 10));
        Claim c = { .date = DATE_NONE };
        int r;

        if (state < 0 || source < 0 || lock < 0 || (date && date_parse(date, &c.date) < 0))
                return -EUCLEAN;
        c.id = sqlite3_column_int64(st->stmt, 0);
        c.state = (ClaimState) state;
        c.source = (ClaimSource) source;
        c.lock = (LockKind) lock;
        column_chars(st, 3, c.rule, sizeof c.rule);
        if (c.source == CLAIM_BY_RULE) {
                int kind = rule_kind_from_string((const char *) sqlite3_column_text(st->stmt, 4));

                if (kind < 0)
                        return -EUCLEAN;
                c.rule_kind = (RuleKind) kind;
        }
        c.window_start_sec = (uint32_t) sqlite3_column_int64(st->stmt, 6);
        c.interval = sqlite3_column_int64(st->stmt, 7);
        c.lock_delay_usec = column_usec(st, 11);
        c.engaged_real_usec = column_usec(st, 12);
        c.engaged_boot_usec = column_usec(st, 13);
        c.length_usec = column_usec(st, 14);
        c.until_real_usec = column_usec(st, 15);
        c.until_boot_usec = column_usec(st, 16);
        column_chars(st, 17, c.boot_id, sizeof c.boot_id);
        c.firm = sqlite3_column_int(st->stmt, 18) != 0;
        c.resting = sqlite3_column_int(st->stmt, 19) != 0;
        c.release_boot_usec = column_usec(st, 20);
        c.ended_real_usec = column_usec(st, 21);
        c.carried = sqlite3_column_int(st->stmt, 23) != 0;
        r = read_profile(st, &c.profile);
        if (r == 0)
                r = column_copy(st, 22, &c.reason);
        if (r == 0)
                r = column_copy(st, 24, &c.failure);
        if (r < 0) {
                claim_done(&c);
                return r;
        }
        *ret_claim = c;
        return 0;
}

/* ---- what the engine asks for ---- */

int write_claims(StoreWrite *write, const Claim *claims, unsigned n, int64_t next_id) {
        static const char sql[] = "UPDATE state SET next_claim = max(next_claim, ?1)";
        int r = 0;

        for (unsigned i = 0; r == 0 && i < n; i++)
                r = write_claim(write->store, &claims[i]);
        return r < 0 ? r : statement_run_with(write->store, sql, next_id);
}

int store_claims_load(Store *store, GArray *claims, int64_t *ret_next_id) {
        static const char sql[] = "SELECT " COLUMNS " FROM claims WHERE state = 'in-force' ORDER BY id";
        statement_ Statement st = { 0 }, next = { 0 };
        int r;

        r = statement_find_state(store, "SELECT next_claim FROM state", &next);
        if (r < 0)
                return r;
        r = statement_get(store, sql, &st);
        while (r >= 0 && (r = statement_step(&st)) > 0) {
                Claim claim;

                r = read_claim(&st, &claim);
                if (r == 0)
                        g_array_append_val(claims, claim);
        }
        if (r < 0)
                return r;
        *ret_next_id = sqlite3_column_int64(next.stmt, 0);
        return 0;
}

int store_claims_read(
                Store *store, uint64_t from_real_usec, uint64_t to_real_usec, StoreCursor **ret_cursor) {
        static const char sql[] = "SELECT " COLUMNS " FROM claims WHERE engaged_real_usec >= ?1"
                                  " AND engaged_real_usec < ?2 ORDER BY engaged_real_usec, id";
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        int r;

        r = cursor_new(store, sql, &cursor);
        if (r < 0)
                return r;
        bind_usec(&cursor->st, 1, from_real_usec);
        bind_usec(&cursor->st, 2, to_real_usec);
        *ret_cursor = steal(cursor);
        return 0;
}

int store_claims_next(StoreCursor *cursor, Claim *ret_claim) {
        int r = cursor_step(cursor);

        if (r <= 0)
                return r;
        r = read_claim(&cursor->st, ret_claim);
        return r < 0 ? r : 1;
}

int store_claim_engaged_before(Store *store, const char *rule, Date date, uint32_t window_start_sec) {
        static const char sql[] = "SELECT 1 FROM claims WHERE rule = ?1 AND date = ?2 AND window_start_sec = "
                                  "?3 AND state <> 'void' LIMIT 1";
        statement_ Statement st = { 0 };
        char text[DATE_TEXT_MAX];
        int r;

        r = statement_get(store, sql, &st);
        if (r < 0)
                return r;
        bind_text(&st, 1, rule);
        bind_text(&st, 2, date_format(date, text));
        bind_int(&st, 3, window_start_sec);
        return statement_step(&st);
}

int store_synchronised_boot_load(Store *store, char ret_boot_id[33]) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_find_state(store, "SELECT synchronised_boot FROM state", &st);
        if (r < 0)
                return r;
        column_chars(&st, 0, ret_boot_id, 33);
        return 0;
}

int write_synchronised_boot(StoreWrite *write, const char *boot_id) {
        statement_ Statement st = { 0 };
        int r;

        r = statement_get(write->store, "UPDATE state SET synchronised_boot = ?1", &st);
        if (r < 0)
                return r;
        sqlite3_bind_text(st.stmt, 1, boot_id, -1, SQLITE_TRANSIENT);
        return statement_run(&st);
}

/* ---- from one file to another ---- */

typedef struct ClaimRow {
        sqlite3_value *values[N_COLUMNS];
} ClaimRow;

static void clear_row(gpointer data) {
        ClaimRow *row = data;

        for (int i = 0; i < N_COLUMNS; i++)
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

void claim_rows_take(sqlite3 *db, GArray *rows) {
        sqlite3_stmt *stmt;

        /* A damaged store of an older version was not migrated before. */
        if (sqlite3_prepare_v2(db, "SELECT " COLUMNS " FROM claims", -1, &stmt, NULL) != SQLITE_OK &&
                        sqlite3_prepare_v2(db, "SELECT " VERSION_2_COLUMNS ", NULL FROM claims", -1, &stmt,
                                        NULL) != SQLITE_OK)
                return;
        while (sqlite3_step(stmt) == SQLITE_ROW) {
                ClaimRow row;

                for (int i = 0; i < N_COLUMNS; i++)
                        row.values[i] = sqlite3_value_dup(sqlite3_column_value(stmt, i));
                g_array_append_val(rows, row);
        }
        sqlite3_finalize(stmt);
}

int claim_rows_put(sqlite3 *db, const GArray *rows) {
        static const char sql[] = "INSERT OR REPLACE INTO claims (" COLUMNS ") VALUES (" VALUES ")";
        sqlite3_stmt *stmt;
        int rc = SQLITE_DONE;

        if (rows->len == 0)
                return 0;
        rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
        if (rc != SQLITE_OK)
                return sql_error(db, rc);
        rc = SQLITE_DONE;
        for (guint i = 0; rc == SQLITE_DONE && i < rows->len; i++) {
                const ClaimRow *row = &g_array_index(rows, ClaimRow, i);

                for (int n = 0; n < N_COLUMNS; n++)
                        sqlite3_bind_value(stmt, n + 1, row->values[n]);
                rc = sqlite3_step(stmt);
                sqlite3_reset(stmt);
        }
        sqlite3_finalize(stmt);
        return rc == SQLITE_DONE ? 0 : sql_error(db, rc);
}
