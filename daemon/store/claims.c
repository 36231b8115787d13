/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>

#include "daemon/store/claim-rows.h"
#include "daemon/store/cursor.h"
#include "daemon/store/record.h"
#include "daemon/store/write.h"

#define SELECT "SELECT " RECORD_COLUMNS(CLAIM_FIELDS) " FROM claims "

static int write_claim(Store *store, const Claim *claim) {
        Claim row = *claim;

        if (claim->source != CLAIM_BY_RULE) {
                row.rule[0] = '\0';
                row.rule_kind = _RULE_KIND_MAX;
                row.date = DATE_NONE;
        }
        return record_run(store, claim_rows_insert_sql, RECORD_PART_STORED, &claim_record, &row);
}

static int read_claim(Statement *st, Claim *ret_claim) {
        Claim claim = { .rule_kind = _RULE_KIND_MAX };
        int r;

        r = record_read(st, 0, &claim_record, &claim);
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

        for (unsigned i = 0; r == 0 && i < n; i++)
                r = write_claim(write->store, &claims[i]);
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

int store_claims_read(
                Store *store, uint64_t from_real_usec, uint64_t to_real_usec, StoreCursor **ret_cursor) {
        static const char sql[] = SELECT "WHERE engaged_real_usec >= ?1 AND engaged_real_usec < ?2"
                                         " ORDER BY engaged_real_usec, id";
        statement_ Statement st = {};
        int r;

        r = statement_open(store, sql, &st, "uu", from_real_usec, to_real_usec);
        if (r < 0)
                return r;
        *ret_cursor = cursor_new(&st);
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
        static const char sql[] = "SELECT EXISTS (SELECT 1 FROM claims WHERE rule = ?1 AND date = ?2"
                                  " AND window_start_sec = ?3 AND state <> 'void')";
        char text[DATE_TEXT_MAX];
        bool before;
        int r;

        r = store_get(store, sql, "ttc>b", rule, date_format(date, text), window_start_sec, &before);
        return r < 0 ? r : before;
}
