/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* No question that is asked all day may walk the whole log: SQLite is asked how it would answer each. */

#include <string.h>

#include "daemon/store/connection.h"
#include "daemon/store/statement.h"
#include "tests/unit/store/store-test.h"

#define QUESTIONS 7

/* What writes, and what is a part of a greater question. */
static const char *const statements[] = {
        "INSERT INTO intervals (id, uuid, kind, outcome, started_usec, offset_sec, length_usec, planned_usec, extended_usec, epoch, overtime) VALUES (1, '', '', '', 1, 1, 1, 1, 1, 1, 0)",
        "UPDATE intervals SET length_usec = 5 WHERE id = 1",
        "DELETE FROM intervals WHERE id = 1",
        "SELECT count(*) FROM intervals WHERE task = 5 AND kind = 'pomodoro' AND outcome = 'completed'",
        "SELECT EXISTS (SELECT 1 FROM intervals WHERE task = ?1)",
};

/* Walking a result of at most one row, or the one row of the state, is no walk. */
static bool is_walk(const char *detail) {
        static const char *const tables[] = { "intervals", "i", "tasks", "t", "pauses", "interruptions",
                "absences", "steps", "step_rows" };

        for (size_t n = 0; n < G_N_ELEMENTS(tables); n++) {
                size_t length = strlen(tables[n]);

                if (strncmp(detail, "SCAN ", 5) == 0 && strncmp(detail + 5, tables[n], length) == 0 &&
                                (detail[5 + length] == ' ' || detail[5 + length] == '\0'))
                        return true;
        }
        return false;
}

static unsigned check_plan(sqlite3 *db, const char *question) {
        cleanup_free_ char *sql = g_strconcat("EXPLAIN QUERY PLAN ", question, NULL);
        sqlite3_stmt *stmt;
        unsigned searches = 0;

        g_test_message("%s", question);
        g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW) {
                const char *detail = (const char *) sqlite3_column_text(stmt, 3);

                if (!detail) /* the heading of a foreign key's own trigger, which has no name */
                        continue;
                g_test_message("  %s", detail);
                g_assert_false(is_walk(detail));
                /* For the right part of it is fine: it sorts those that began in the same microsecond. */
                g_assert_null(strstr(detail, "TEMP B-TREE FOR ORDER BY"));
                searches += strncmp(detail, "SEARCH ", 7) == 0;
        }
        g_assert_cmpint(sqlite3_finalize(stmt), ==, SQLITE_OK);
        return searches;
}

/* Asks what the daemon asks; the store keeps the statements that this took. */
static void ask(Store *store) {
        static const LogQuery queries[] = { { .span = { 0, T0 } }, { .span = { 0, T0 }, .task = 1 } };
        const Span day = { T0, T0 + USEC_PER_DAY };
        cleanup_(interval_done) Interval found = {};
        uint64_t usec;
        uint32_t n;

        for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
                cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;

                g_assert_cmpint(store_intervals_read(store, &queries[i], &cursor), ==, 0);
        }
        g_assert_cmpint(store_interval_count_completed(store, &day, "2026-01-01", &n), ==, 0);
        g_assert_cmpint(store_interval_newest_end(store, 1, &usec), ==, 0);
        g_assert_cmpint(store_interval_epoch_at(store, T0, &n), ==, 0);
        (void) store_interval_find_overlap(store, 1, T0, T0 + 1, 0, &found);
        (void) store_interval_find_overlap_any(store, T0, T0 + 1, 0, &found);
}

static void test_plans(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "pomod.db");
        store_ store = store_must_open(folder);
        sqlite3 *db;
        unsigned searches = 0, before;

        before = store->n_kept;
        ask(store);
        g_assert_cmpuint(store->n_kept, >=, before + QUESTIONS);
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRIGGER_EQP, 1, NULL);
        for (unsigned i = before; i < store->n_kept; i++)
                searches += check_plan(store->db, store->kept[i].sql);
        store = store_close(store);

        g_assert_cmpint(connection_open(path, SQLITE_OPEN_READWRITE, &db), ==, 0);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRIGGER_EQP, 1, NULL);
        for (size_t n = 0; n < G_N_ELEMENTS(statements); n++)
                searches += check_plan(db, statements[n]);
        g_assert_cmpuint(searches, >, 20);
        sqlite3_close(db);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/plans", test_plans);
        return g_test_run();
}
