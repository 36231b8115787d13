/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>

#include "daemon/store/backup.h"
#include "daemon/store/connection.h"
#include "daemon/store/schema.h"
#include "daemon/store/statement.h"
#include "tests/unit/store/store-test.h"

/* Makes the store that an SQL text describes. */
static void make_from(const char *folder, const char *name) {
        cleanup_free_ char *path = g_build_filename(TEST_DATA, name, NULL), *sql = NULL;

        g_assert_true(g_file_get_contents(path, &sql, NULL, NULL));
        cleanup_free_ char *file = folder_file(folder, "pomod.db");
        g_assert_true(g_file_set_contents(file, "", 0, NULL));
        file_sql(folder, sql);
}

static void test_version_1(void) {
        folder_ folder = folder_new();
        cleanup_(interval_done) Interval interval = {};
        store_ store = NULL;
        Settings settings;
        Interval way;
        Machine m;
        unsigned ignored;
        int64_t id = 0;

        make_from(folder, "store-v1.sql");
        store = store_must_open(folder);
        g_assert_cmpuint(count_intervals(store), ==, 31);
        g_assert_cmpuint(seq_of(store), ==, 77);
        g_assert_cmpint(store_settings_load(store, &settings, &ignored), ==, 0);
        g_assert_cmpuint(settings.pomodoro_usec, ==, 50 * USEC_PER_MIN);
        g_assert_cmpuint(ignored, ==, 0);

        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        g_assert_cmpint(m.running.id, ==, 31);
        g_assert_cmpint(m.running.kind, ==, INTERVAL_FREEFORM);
        g_assert_cmpuint(m.running.started_boot_usec, ==, 5000000);
        g_assert_cmpuint(m.running.paused_total_usec, ==, 2000000);
        g_assert_cmpuint(m.running.external, ==, 1);
        g_assert_cmpint(m.running.task, ==, 7);
        g_assert_cmpstr(m.running.rule, ==, "summer");
        g_assert_cmpuint(m.epoch, ==, 2);
        g_assert_cmpint(m.next_id, ==, 32);

        g_assert_cmpint(store_interval_get(store, 1, &interval), ==, 0);
        g_assert_cmpuint(interval.locked_usec, ==, 30000000);
        interval_done(&interval);
        g_assert_cmpint(WRITE(store, 78, write_undo(&write, &id, &way)), ==, 0);
        g_assert_cmpint(store_interval_get(store, 3, &interval), ==, 0);
        g_assert_null(interval.note);
        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, USEC_PER_HOUR), ==, 0);
}

/* What is new was not known of what is old. */
static void test_version_2(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *backups = folder_file(folder, "backups");
        GArray *claims = claim_array_new();
        StoreReport report = {};
        store_ store = NULL;
        int64_t next_claim;
        RuleSet rules;

        make_from(folder, "store-v2.sql");
        g_assert_cmpint(store_open(folder, geteuid(), "alice", false, T0, &store, &report), ==, 0);
        g_assert_cmpint(report.migrated_from, ==, 2);
        store_report_done(&report);
        g_assert_cmpuint(count_names(backups, "pomod-20260101T000000Z.db"), ==, 1);
        g_assert_cmpuint(count_intervals(store), ==, 31);

        g_assert_cmpint(store_rules_load(store, &rules), ==, 0);
        g_assert_cmpuint(rules.rules->len, ==, 2);
        g_assert_cmpuint(rules.profiles->len, ==, 1);
        g_assert_cmpstr(g_array_index(rules.rules, Rule, 0).name, ==, "desk");
        g_assert_cmpuint(g_array_index(rules.rules, Rule, 0).since_real_usec, ==, 0);
        rule_set_done(&rules);

        g_assert_cmpint(store_claims_load(store, claims, &next_claim), ==, 0);
        g_assert_cmpint(next_claim, ==, 4);
        g_assert_cmpuint(claims->len, ==, 1);
        g_assert_cmpint(g_array_index(claims, Claim, 0).id, ==, 3);
        g_assert_null(g_array_index(claims, Claim, 0).failure);
        g_array_unref(claims);
        g_assert_cmpint(store_claim_engaged_before(store, "desk", date_make(2026, 11, 18), 46800), ==, 1);
}

/* One that is damaged and cannot be migrated keeps what is in force all the same. */
static void test_damaged_version_2(void) {
        folder_ folder = folder_new();
        GArray *claims = claim_array_new();
        StoreReport report = {};
        store_ store = NULL;
        int64_t next_claim;

        make_from(folder, "store-v2.sql");
        file_sql(folder, "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'rules'");
        g_assert_cmpint(store_open(folder, geteuid(), "alice", false, T0, &store, &report), ==, 0);
        g_assert_nonnull(report.set_aside);
        store_report_done(&report);
        g_assert_cmpint(store_claims_load(store, claims, &next_claim), ==, 0);
        g_assert_cmpuint(claims->len, ==, 1);
        g_assert_cmpint(g_array_index(claims, Claim, 0).id, ==, 3);
        g_array_unref(claims);
}

/* What ran when nobody kept its settings with it has those of the store, and keeps them from then on. */
static void test_version_2_running(void) {
        folder_ folder = folder_new();
        store_ store = NULL;
        Machine m;

        make_from(folder, "store-v2-running.sql");
        store = store_must_open(folder);
        g_assert_cmpuint(count_intervals(store), ==, 5);
        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        g_assert_cmpint(m.running.id, ==, 5);
        g_assert_cmpstr(m.running.window_date, ==, "2026-11-23");
        g_assert_true(m.running.may_pause);
        g_assert_cmpuint(m.running.suspend_grace_usec, ==, 5 * USEC_PER_MIN);

        g_assert_cmpint(commit_row(store, &(Row){ .type = ROW_INTERRUPT }), ==, 0);
        g_assert_cmpint(WRITE(store, 78, write_setting(&write, "pause", "no")), ==, 0);
        g_assert_cmpint(WRITE(store, 79, write_setting(&write, "suspend-grace", "0s")), ==, 0);
        store = store_close(store);
        store = store_must_open(folder);
        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        g_assert_true(m.running.may_pause);
        g_assert_cmpuint(m.running.suspend_grace_usec, ==, 5 * USEC_PER_MIN);
}

static int64_t undo(Store *store) {
        Interval way;
        int64_t id = 0;

        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_undo(&write, &id, &way)), ==, 0);
        return id;
}

static int64_t redo(Store *store) {
        Interval way;
        int64_t id = 0;

        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_redo(&write, &id, &way)), ==, 0);
        return id;
}

static int note_log(const Interval *i, void *log) {
        g_string_append_printf(log, "#%d %s %s %s +%us/%us %u+%u %s %s%s\n", (int) i->id,
                        interval_kind_to_string(i->kind), interval_outcome_to_string(i->outcome),
                        i->reason ? i->reason : "-", (unsigned) (i->length_usec / USEC_PER_SEC),
                        (unsigned) (i->paused_usec / USEC_PER_SEC), i->internal, i->external,
                        i->task_title ? i->task_title : "-", i->note ? i->note : "-",
                        i->edited ? " edited" : "");
        for (uint32_t n = 0; n < i->n_interruptions; n++)
                g_string_append_printf(log, "   %us %s %s\n",
                                (unsigned) (i->interruptions[n].offset_usec / USEC_PER_SEC),
                                i->interruptions[n].external ? "external" : "internal",
                                i->interruptions[n].note ? i->interruptions[n].note : "-");
        return 0;
}

static void assert_log(Store *store, const char *expected) {
        LogQuery query = { .span = { 0, UINT64_MAX }, .interruptions = UINT32_MAX };
        GString *log = g_string_new(NULL);

        g_assert_cmpint(read_intervals(store, &query, note_log, log), ==, 0);
        g_assert_cmpstr(log->str, ==, expected);
        g_string_free(log, TRUE);
}

#define INTERRUPTIONS "   120s external phone \"rang\"; it's Ünal\n   180s internal -\n"
#define UNTOUCHED                                                    \
        "#4 pomodoro completed - +1500s/0s 0+0 write the report -\n" \
        "#5 freeform completed - +3300s/0s 0+0 - -\n"
#define RUNNING "#7 freeform running - +0s/2s 0+1 read -\n   50s external -\n"
#define EDITED_1                                                                             \
        "#1 pomodoro void stopped +150s/20s 1+1 write the report shortened by hand edited\n" \
        "   120s external phone \"rang\"; it's Ünal\n   150s internal -\n"

/* The log, what can be taken back in it and made again, and what runs. */
static void test_version_4(void) {
        folder_ folder = folder_new();
        StoreReport report = {};
        store_ store = NULL;
        Interval way;
        int64_t id = 0;
        Machine m;

        make_from(folder, "store-v4.sql");
        g_assert_cmpint(store_open(folder, geteuid(), "alice", false, T0, &store, &report), ==, 0);
        g_assert_cmpint(report.migrated_from, ==, 4);
        store_report_done(&report);
        assert_log(store, EDITED_1 "#2 short-break completed - +300s/0s 0+0 - -\n" UNTOUCHED
                                   "#6 freeform completed - +1800s/0s 0+0 - - edited\n" RUNNING);
        g_assert_cmpint(store_machine_load(store, &m), ==, 0);
        g_assert_cmpint(m.running.id, ==, 7);
        g_assert_cmpint(m.running.task, ==, 2);
        g_assert_cmpuint(m.running.paused_total_usec, ==, 2 * USEC_PER_SEC);
        g_assert_cmpuint(m.running.resumed_boot_usec, ==, 1000 + 22 * USEC_PER_SEC);
        g_assert_cmpuint(seq_of(store), ==, 37);

        /* All that was undone is made again, and then all of it is taken back. */
        g_assert_cmpint(redo(store), ==, 6);
        g_assert_cmpint(redo(store), ==, 6);
        g_assert_cmpint(WRITE(store, 0, write_redo(&write, &id, &way)), ==, -ENOENT);
        assert_log(store, EDITED_1 "#2 short-break completed - +300s/0s 0+0 - -\n" UNTOUCHED
                                   "#6 freeform completed - +1200s/0s 0+0 - second note edited\n" RUNNING);
        for (unsigned n = 0; n < 3; n++)
                g_assert_cmpint(undo(store), ==, 6);
        g_assert_cmpint(undo(store), ==, 3);
        g_assert_cmpint(undo(store), ==, 1);
        g_assert_cmpint(WRITE(store, 0, write_undo(&write, &id, &way)), ==, -ENOENT);
        assert_log(store,
                        "#1 pomodoro void stopped +600s/20s 1+1 write the report the fire alarm\n" INTERRUPTIONS
                        "#2 short-break completed - +300s/0s 0+0 - -\n"
                        "#3 pomodoro void stopped +600s/20s 1+1 read the fire alarm\n" INTERRUPTIONS UNTOUCHED
                                        RUNNING);
        g_assert_cmpint(redo(store), ==, 1);
        g_assert_cmpint(redo(store), ==, 3);
        assert_log(store, EDITED_1 "#2 short-break completed - +300s/0s 0+0 - -\n" UNTOUCHED RUNNING);
        g_assert_cmpint(commit_end(store, OUTCOME_COMPLETED, USEC_PER_HOUR), ==, 0);
}

/* Rules, claims, tasks and settings of the same store. */
/* What can no longer be undone is no reason to lose the log. */
static void test_version_4_damaged_edits(void) {
        static const struct {
                const char *sql;
                unsigned undos;
        } rows[] = {
                { "UPDATE edits SET before = '{\"uuid\":\"x' WHERE id = (SELECT max(id) FROM edits WHERE undone = 0)",
                                0 },
                { "UPDATE edits SET after = 'x' WHERE id = (SELECT min(id) FROM edits WHERE undone <> 0)",
                                3 },
                { "DROP TABLE edits", 0 },
        };

        for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
                folder_ folder = folder_new();
                cleanup_free_ char *path = folder_file(folder, "pomod.db");
                StoreReport report = {};
                store_ store = NULL;
                int64_t id = 0;
                Interval way;
                sqlite3 *db;

                make_from(folder, "store-v4.sql");
                g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
                g_assert_cmpint(sqlite3_exec(db, rows[n].sql, NULL, NULL, NULL), ==, SQLITE_OK);
                sqlite3_close(db);
                g_assert_cmpint(store_open(folder, geteuid(), "alice", false, T0, &store, &report), ==, 0);
                g_assert_cmpint(report.migrated_from, ==, 4);
                g_assert_null(report.set_aside);
                store_report_done(&report);
                g_assert_cmpuint(count_intervals(store), ==, 6);
                for (unsigned i = 0; i < rows[n].undos; i++)
                        undo(store);
                g_assert_cmpint(WRITE(store, 0, write_undo(&write, &id, &way)), ==, -ENOENT);
        }
}

static void test_version_4_rules(void) {
        folder_ folder = folder_new();
        GArray *claims = claim_array_new();
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        cleanup_(task_done) Task task = {};
        store_ store = NULL;
        int64_t next_claim;
        Settings settings;
        unsigned ignored;
        RuleSet rules;
        Claim claim;

        make_from(folder, "store-v4.sql");
        store = store_must_open(folder);
        g_assert_cmpint(store_rules_load(store, &rules), ==, 0);
        g_assert_cmpuint(rules.rules->len, ==, 2);
        g_assert_cmpstr(g_array_index(rules.rules, Rule, 0).name, ==, "desk");
        g_assert_cmpuint(g_array_index(rules.rules, Rule, 0).since_real_usec, ==, T0);
        g_assert_cmpstr(g_array_index(rules.rules, Rule, 1).name, ==, "summer");
        g_assert_nonnull(rule_set_find_profile(&rules, "deep"));
        rule_set_done(&rules);

        g_assert_cmpint(store_claims_load(store, claims, &next_claim), ==, 0);
        g_assert_cmpint(next_claim, ==, 4);
        g_assert_cmpuint(claims->len, ==, 2);
        claim = g_array_index(claims, Claim, 0);
        g_assert_cmpint(claim.source, ==, CLAIM_BY_USER);
        g_assert_cmpint(claim.lock, ==, LOCK_DELAY);
        g_assert_cmpuint(claim.lock_delay_usec, ==, 10 * USEC_PER_MIN);
        g_assert_cmpint(claim.date, ==, DATE_NONE);
        g_assert_cmpstr(claim.profile.name, ==, "deep");
        g_assert_cmpstr(claim.failure, ==, "sites: no resolver");
        g_assert_cmpstr(claim.boot_id, ==, BOOT_ID);
        claim = g_array_index(claims, Claim, 1);
        g_assert_cmpint(claim.interval, ==, 5);
        g_assert_true(claim.resting);
        g_array_unref(claims);
        g_assert_cmpint(store_claims_read(store, &(ClaimQuery){ .span = { T0, T0 + 2 * USEC_PER_HOUR } },
                                        &cursor),
                        ==, 0);
        g_assert_cmpint(store_claims_next(cursor, &claim), ==, 1);
        g_assert_cmpint(claim.rule_kind, ==, RULE_OFFICE_DAY);
        g_assert_cmpint(claim.date, ==, date_make(2026, 1, 1));
        g_assert_cmpstr(claim.reason, ==, "a visitor");
        claim_done(&claim);
        g_assert_cmpint(store_claims_next(cursor, &claim), ==, 0);

        g_assert_cmpint(store_task_get(store, 1, &task), ==, 0);
        g_assert_cmpstr(task.plan_date, ==, "2026-01-02");
        g_assert_cmpuint(task.used, ==, 1);
        g_assert_cmpuint(task.worked_usec, ==, (150 - 20 + 1500) * USEC_PER_SEC);
        g_assert_cmpint(store_settings_load(store, &settings, &ignored), ==, 0);
        g_assert_cmpuint(settings.pomodoro_usec, ==, 50 * USEC_PER_MIN);
        g_assert_cmpuint(ignored, ==, 0);
}

static char *schema_of(const char *folder) {
        cleanup_free_ char *file = folder_file(folder, "pomod.db");
        GString *schema = g_string_new(NULL);
        sqlite3_stmt *stmt;
        sqlite3 *db;

        g_assert_cmpint(sqlite3_open(file, &db), ==, SQLITE_OK);
        g_assert_cmpint(sqlite3_prepare_v2(db,
                                        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
                                        -1, &stmt, NULL),
                        ==, SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW)
                g_string_append_printf(schema, "%s\n", sqlite3_column_text(stmt, 0));
        sqlite3_finalize(stmt);
        sqlite3_close(db);
        return g_string_free(schema, FALSE);
}

/* An old store that was migrated is no other than a new one: nobody changed a migration that is out. */
static void test_same_schema(void) {
        static const char *const olds[] = { "store-v1.sql", "store-v2.sql", "store-v2-running.sql",
                "store-v4.sql" };
        folder_ folder = folder_new();
        cleanup_free_ char *new_schema = NULL;
        store_ store = store_must_open(folder);

        store = store_close(store);
        new_schema = schema_of(folder);
        for (size_t i = 0; i < G_N_ELEMENTS(olds); i++) {
                folder_ old = folder_new();
                cleanup_free_ char *old_schema = NULL;

                make_from(old, olds[i]);
                store = store_must_open(old);
                store = store_close(store);
                old_schema = schema_of(old);
                g_assert_cmpstr(old_schema, ==, new_schema);
        }
}

static void test_migrate(void) {
        static const char *const list[] = {
                "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)",
                "ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = x + 1",
                "INSERT INTO a VALUES (5, 6); INSERT INTO nowhere VALUES (1)",
                NULL,
        };
        static const char *const first[] = { "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)",
                NULL };
        sqlite3 *db;
        int64_t value;

        g_assert_cmpint(sqlite3_open(":memory:", &db), ==, SQLITE_OK);
        g_assert_cmpint(schema_migrate(db, 0, first), ==, 0);
        g_assert_cmpint(connection_get_int(db, "PRAGMA user_version", &value), ==, 0);
        g_assert_cmpint(value, ==, 1);
        g_assert_cmpint(connection_get_int(db, "PRAGMA application_id", &value), ==, 0);
        g_assert_cmpint(value, ==, SCHEMA_APPLICATION_ID);

        /* The second is done and stays; of the third, nothing. */
        g_assert_cmpint(schema_migrate(db, 1, list), <, 0);
        g_assert_cmpint(connection_get_int(db, "PRAGMA user_version", &value), ==, 0);
        g_assert_cmpint(value, ==, 2);
        g_assert_cmpint(connection_get_int(db, "SELECT sum(y) FROM a", &value), ==, 0);
        g_assert_cmpint(value, ==, 2);
        g_assert_true(sqlite3_get_autocommit(db));
        sqlite3_close(db);
}

static void test_backup_before(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *backups = folder_file(folder, "backups");
        store_ store = store_must_open(folder);

        log_one(store, INTERVAL_POMODORO, T0, 5, 0);
        g_assert_cmpint(backup_of_database(store->folder_fd, store->folder, store->db, T0, NULL), ==, 0);
        g_assert_cmpuint(count_names(backups, "pomod-20260101T000000Z.db"), ==, 1);
        g_assert_cmpuint(count_names(backups, ""), ==, 1);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/schema/version-1", test_version_1);
        g_test_add_func("/store/schema/version-2", test_version_2);
        g_test_add_func("/store/schema/version-2/damaged", test_damaged_version_2);
        g_test_add_func("/store/schema/version-2/running", test_version_2_running);
        g_test_add_func("/store/schema/version-4", test_version_4);
        g_test_add_func("/store/schema/version-4/rules", test_version_4_rules);
        g_test_add_func("/store/schema/version-4/damaged-edits", test_version_4_damaged_edits);
        g_test_add_func("/store/schema/same", test_same_schema);
        g_test_add_func("/store/schema/migrate", test_migrate);
        g_test_add_func("/store/schema/backup-before", test_backup_before);
        return g_test_run();
}
