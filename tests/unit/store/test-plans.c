/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* No question that is asked all day may walk the whole log: SQLite is asked how it would answer each. */

#include <string.h>

#include "daemon/store/connection.h"
#include "daemon/store/intervals.h"
#include "tests/unit/store/store-test.h"

static const struct {
        const char *name, *sql;
} questions[] = {
        { "log", intervals_log_sql },
        { "log of a task", intervals_of_task_sql },
        { "completed", intervals_completed_sql },
        { "newest end", intervals_newest_end_sql },
        { "epoch at", intervals_epoch_at_sql },
        { "overlap", intervals_overlap_sql },
        { "overlap in any epoch", intervals_overlap_any_sql },
        { "insert", "INSERT INTO intervals (id, uuid, kind, outcome, started_usec, offset_sec, length_usec, planned_usec, extended_usec, epoch, overtime) VALUES (1, '', '', '', 1, 1, 1, 1, 1, 1, 0)" },
        { "update", "UPDATE intervals SET length_usec = 5 WHERE id = 1" },
        { "delete", "DELETE FROM intervals WHERE id = 1" },
        { "used", "SELECT count(*) FROM intervals WHERE task = 5 AND kind = 'pomodoro' AND outcome = 'completed'" },
        { "task needed", "SELECT EXISTS (SELECT 1 FROM intervals WHERE task = ?1)" },
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

static void test_plans(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = folder_file(folder, "pomod.db");
        store_ store = store_must_open(folder);
        sqlite3 *db;
        unsigned searches = 0;

        store = store_close(store);
        g_assert_cmpint(connection_open(path, SQLITE_OPEN_READWRITE, &db), ==, 0);
        sqlite3_db_config(db, SQLITE_DBCONFIG_TRIGGER_EQP, 1, NULL);

        for (size_t n = 0; n < G_N_ELEMENTS(questions); n++) {
                cleanup_free_ char *sql = g_strconcat("EXPLAIN QUERY PLAN ", questions[n].sql, NULL);
                sqlite3_stmt *stmt;

                g_test_message("%s", questions[n].name);
                g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
                while (sqlite3_step(stmt) == SQLITE_ROW) {
                        const char *detail = (const char *) sqlite3_column_text(stmt, 3);

                        if (!detail) /* the heading of a foreign key's own trigger, which has no name */
                                continue;
                        g_test_message("  %s", detail);
                        g_assert_false(is_walk(detail));
                        /* For the right part of it is fine: it sorts those that began in the same
                         * microsecond. */
                        g_assert_null(strstr(detail, "TEMP B-TREE FOR ORDER BY"));
                        searches += strncmp(detail, "SEARCH ", 7) == 0;
                }
                g_assert_cmpint(sqlite3_finalize(stmt), ==, SQLITE_OK);
        }
        g_assert_cmpuint(searches, >, 20);
        sqlite3_close(db);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/plans", test_plans);
        return g_test_run();
}
