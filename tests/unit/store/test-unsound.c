/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* A row that makes no sense denies itself alone: it is left out of lists until it is mended, and the rest
 * goes on. */

#include <errno.h>
#include <string.h>

#include "tests/unit/store/store-test.h"

static int64_t add_task(Store *store, const char *title) {
        Task task = { .title = (char *) title,
                .project = (char *) "book",
                .note = (char *) "a note",
                .tags = (char *) "a b" };

        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_task_new(&write, &task)), ==, 0);
        return task.id;
}

/* The ids of what a list shows, with a blank behind each, of which every text can be shown. */
static char *list_tasks(Store *store, unsigned limit) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        TaskQuery query = { .limit = limit };
        GString *ids = g_string_new(NULL);
        Task task;
        int r;

        g_assert_cmpint(store_tasks_read(store, &query, &cursor), ==, 0);
        while ((r = store_tasks_next(cursor, &task)) > 0) {
                g_assert_true(g_utf8_validate(task.title, -1, NULL));
                g_string_append_printf(ids, "%d ", (int) task.id);
                task_done(&task);
        }
        g_assert_cmpint(r, ==, 0);
        return g_string_free(ids, FALSE);
}

static int note_id(const Interval *interval, void *userdata) {
        g_assert_true(!interval->note || g_utf8_validate(interval->note, -1, NULL));
        g_assert_true(!interval->task_title || g_utf8_validate(interval->task_title, -1, NULL));
        g_string_append_printf(userdata, "%d ", (int) interval->id);
        return 0;
}

static char *list_intervals(Store *store) {
        LogQuery query = { .span = { 0, UINT64_MAX }, .interruptions = 10 };
        GString *ids = g_string_new(NULL);

        g_assert_cmpint(read_intervals(store, &query, note_id, ids), ==, 0);
        return g_string_free(ids, FALSE);
}

#define assert_ids(ids_, expected)                        \
        do {                                              \
                cleanup_free_ char *ids_found = (ids_);   \
                g_assert_cmpstr(ids_found, ==, expected); \
        } while (0)

static const char *const task_damages[] = {
        "title = CAST(x'6cff74' AS TEXT)",
        "title = CAST(x'6c0074' AS TEXT)",
        "title = CAST(x'efbfbe' AS TEXT)", /* valid, and no bus carries it */
        "title = CAST(zeroblob(100000) AS TEXT)",
        "project = CAST(x'80' AS TEXT)",
        "note = CAST(x'e28082e280' AS TEXT)",
        "tags = CAST(x'6120c0af' AS TEXT)",
        "uuid = CAST(x'ff' AS TEXT)",
        "plan_date = CAST(x'323032362d30312d30ff' AS TEXT)",
        "estimate = -5",
        "done = 77",
};

static void test_tasks(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(task_damages); i++) {
                folder_ folder = folder_new();
                cleanup_free_ char *sql =
                                g_strdup_printf("UPDATE tasks SET %s WHERE id = 2", task_damages[i]);
                store_ store = store_must_open(folder);
                cleanup_(task_done) Task task = {};

                g_test_message("%s", sql);
                add_task(store, "one");
                add_task(store, "two");
                add_task(store, "three");
                log_one(store, INTERVAL_POMODORO, T0, 5, 2);
                store = store_close(store);
                file_sql(folder, sql);
                store = store_must_open(folder);
                assert_ids(list_tasks(store, 0), "1 3 ");
                assert_ids(list_tasks(store, 2), "1 3 ");
                assert_ids(list_intervals(store), "1 ");

                /* An edit mends it whole. */
                g_assert_cmpint(store_task_get(store, 2, &task), ==, 0);
                g_free(task.title);
                task.title = g_strdup("mended");
                task.done = false;
                g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_task(&write, &task)), ==, 0);
                assert_ids(list_tasks(store, 0), "1 2 3 ");
        }
}

static const char *const interval_damages[] = {
        "note = CAST(x'6cff74' AS TEXT)",
        "note = CAST(x'6c0074' AS TEXT)",
        "reason = CAST(x'ff' AS TEXT)",
        "rule = CAST(x'ff' AS TEXT)",
        "uuid = CAST(x'ff' AS TEXT)",
        "kind = 'pomodorp'",
        "outcome = 'Completed'",
        "window_date = CAST(x'ff' AS TEXT)",
        "started_usec = -5",
        "started_usec = 9000000000000000000",
        "planned_usec = -5",
        "offset_sec = 1000000000",
};

static void test_intervals(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(interval_damages); i++) {
                folder_ folder = folder_new();
                cleanup_free_ char *sql =
                                g_strdup_printf("UPDATE intervals SET %s WHERE id = 2", interval_damages[i]);
                store_ store = store_must_open(folder);
                cleanup_(interval_done) Interval interval = {};
                int64_t id;

                g_test_message("%s", sql);
                for (unsigned n = 0; n < 3; n++)
                        g_assert_cmpint(add_by_hand(store, T0 + n * 10, 5, &id), ==, 0);
                store = store_close(store);
                file_sql(folder, "DROP INDEX intervals_by_epoch");
                file_sql(folder, sql);
                store = store_must_open(folder);
                assert_ids(list_intervals(store), "1 3 ");

                g_assert_cmpint(store_interval_get(store, 2, &interval), ==, 0);
                g_assert_cmpint(interval.kind, !=, INTERVAL_NONE);
                interval.started_real_usec = T0 + 10;
                g_free(interval.note);
                interval.note = g_strdup("mended");
                g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval(&write, &interval)), ==, 0);
                assert_ids(list_intervals(store), "1 2 3 ");
                g_assert_cmpint(EDIT(store, seq_of(store) + 1, write_interval_removed(&write, 2)), ==, 0);
                assert_ids(list_intervals(store), "1 3 ");
        }
}

/* What runs runs on, whatever its row says. */
static void test_running(void) {
        static const char *const damages[] = { "UPDATE intervals SET kind = 'x'",
                "UPDATE intervals SET rule = CAST(x'ff' AS TEXT)", "UPDATE state SET break_due = 'x'",
                "UPDATE state SET boot_id = CAST(x'ff' AS TEXT)", "UPDATE state SET running_may_pause = 77" };

        for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
                folder_ folder = folder_new();
                store_ store = store_must_open(folder);
                Machine m;

                g_assert_cmpint(commit_begin(store, INTERVAL_POMODORO, T0, 0, NULL), ==, 0);
                store = store_close(store);
                file_sql(folder, damages[i]);
                store = store_must_open(folder);
                g_assert_cmpint(store_machine_load(store, &m), ==, 0);
                g_assert_cmpint(m.running.kind, ==, INTERVAL_POMODORO);
                g_assert_cmpuint(strlen(m.boot_id), ==, 32);
                g_assert_true(g_utf8_validate(m.boot_id, -1, NULL) &&
                                g_utf8_validate(m.running.rule, -1, NULL));
        }
}

static void test_settings(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        Settings settings;
        unsigned ignored;

        g_assert_cmpint(WRITE(store, 1, write_setting(&write, "target", "8")), ==, 0);
        g_assert_cmpint(WRITE(store, 2, write_setting(&write, "pomodoro", "50m")), ==, 0);
        store = store_close(store);
        file_sql(folder, "UPDATE settings SET value = CAST(x'35306d0031' AS TEXT) WHERE name = 'pomodoro'");
        store = store_must_open(folder);
        g_assert_cmpint(store_settings_load(store, &settings, &ignored), ==, 0);
        g_assert_cmpuint(settings.target, ==, 8);
        g_assert_cmpuint(settings.pomodoro_usec, ==, 25 * USEC_PER_MIN);
        g_assert_cmpuint(ignored, ==, 1);
}

static void put_rules(Store *store, const char *text) {
        RuleSet set;

        g_assert_cmpint(rule_set_parse(text, &set, NULL), ==, 0);
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_rules(&write, &set, NULL)), ==, 0);
        rule_set_done(&set);
}

static void test_rules(void) {
        static const char *const damages[] = { "text = 'Days=Sat'", "text = CAST(x'ff' AS TEXT)",
                "text = '[Rule c]' || char(10) || 'Days=Sun' || char(10)", "text = ''" };

        for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
                folder_ folder = folder_new();
                cleanup_free_ char *sql = g_strdup_printf("UPDATE rules SET %s WHERE name = 'b'", damages[i]);
                store_ store = store_must_open(folder);
                RuleSet set;

                put_rules(store, "[Rule a]\nDays=Sat\n[Rule b]\nDays=Sun\n[Rule c]\nDays=Mon\n");
                store = store_close(store);
                file_sql(folder, sql);
                store = store_must_open(folder);
                g_assert_cmpint(store_rules_load(store, &set), ==, 0);
                g_assert_cmpuint(set.rules->len, ==, 2);
                g_assert_cmpstr(g_array_index(set.rules, Rule, 0).name, ==, "a");
                g_assert_cmpstr(g_array_index(set.rules, Rule, 1).name, ==, "c");
                /* What is written then leaves it where it is for who can read it. */
                g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_rules(&write, &set, NULL)), ==, 0);
                rule_set_done(&set);
                g_assert_cmpint(store_rules_load(store, &set), ==, 0);
                g_assert_cmpuint(set.rules->len, ==, 2);
                rule_set_done(&set);
                store = store_close(store);
                g_assert_cmpint(file_sql_int(folder, "SELECT count(*) FROM rules WHERE name = 'b'"), ==, 1);
                store = store_must_open(folder);
                put_rules(store, "[Rule a]\nDays=Sat\n[Rule b]\nDays=Sun\n");
                store = store_close(store);
                g_assert_cmpint(file_sql_int(folder, "SELECT count(*) FROM rules"), ==, 2);
        }
}

static Claim claim_of(int64_t id) {
        return (Claim){ .id = id,
                .source = CLAIM_BY_USER,
                .date = DATE_NONE,
                .lock = LOCK_ADMIN,
                .engaged_real_usec = T0 + (uint64_t) id,
                .until_real_usec = T0 + USEC_PER_HOUR,
                .until_boot_usec = USEC_PER_HOUR,
                .boot_id = BOOT_ID,
                .firm = true };
}

/* No flipped bit lifts a lock: what is in force stays so with what can be read of it. */
static void test_claims(void) {
        static const char *const damages[] = { "reason = CAST(x'ff' AS TEXT)", "lock = 'admim'",
                "source = 'usfr'", "profile = 'x'", "profile_name = CAST(x'ff' AS TEXT)",
                "boot_id = CAST(x'ff' AS TEXT)", "rule_kind = 'x'", "date = 'x'", "firm = 9" };

        for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
                folder_ folder = folder_new();
                cleanup_free_ char *sql = g_strdup_printf("UPDATE claims SET %s WHERE id = 1", damages[i]);
                store_ store = store_must_open(folder);
                GArray *claims = claim_array_new();
                const Claim one = claim_of(1), two = claim_of(2);
                const Claim *found;
                int64_t next;

                g_test_message("%s", sql);
                g_assert_cmpint(WRITE(store, 1, write_claims(&write, &one, 1, 2)), ==, 0);
                g_assert_cmpint(WRITE(store, 2, write_claims(&write, &two, 1, 3)), ==, 0);
                store = store_close(store);
                file_sql(folder, sql);
                store = store_must_open(folder);
                g_assert_cmpint(store_claims_load(store, claims, &next), ==, 0);
                g_assert_cmpuint(claims->len, ==, 2);
                found = claim_array_find(claims, 1);
                g_assert_nonnull(found);
                g_assert_cmpint(found->state, ==, CLAIM_IN_FORCE);
                g_assert_cmpint(found->lock, ==, LOCK_ADMIN);
                g_assert_true(!found->reason || g_utf8_validate(found->reason, -1, NULL));
                g_array_unref(claims);
        }
}

/* An image that makes no sense ends the undoing, and nothing else. */
static void test_steps(void) {
        static const char *const damages[] = { "after = '{'", "tbl = 'intervalt'",
                "after = '{\"started_usec\":\"x\"}'" };

        for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
                folder_ folder = folder_new();
                cleanup_free_ char *sql =
                                g_strdup_printf("UPDATE step_rows SET %s, before = after", damages[i]);
                store_ store = store_must_open(folder);
                Interval way = {};
                int64_t id;

                g_assert_cmpint(add_by_hand(store, T0, 5, &id), ==, 0);
                store = store_close(store);
                file_sql(folder, sql);
                store = store_must_open(folder);
                if (i < 2)
                        g_assert_cmpint(WRITE(store, 9, write_undo(&write, &id, &way)), ==, -EBADMSG);
                else
                        g_assert_cmpint(WRITE(store, 9, write_undo(&write, &id, &way)), !=, -EUCLEAN);
                assert_ids(list_intervals(store), "1 ");
        }
}

/* Every byte of a text in turn. */
static void test_every_byte(void) {
        static const char *const columns[] = { "title", "project", "note", "tags", "uuid" };
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);

        add_task(store, "one");
        add_task(store, "caf\xc3\xa9");
        for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
                cleanup_free_ char *length = g_strdup_printf(
                                "SELECT length(CAST(%s AS BLOB)) FROM tasks WHERE id = 2", columns[i]);
                int64_t n;

                store = store_close(store);
                n = file_sql_int(folder, length);
                for (int64_t at = 0; at < n; at++) {
                        static const char *const bytes[] = { "ff", "00", "c3", "80" };
                        cleanup_free_ char *sql = g_strdup_printf(
                                        "CREATE TEMP TABLE was AS SELECT CAST(%s AS BLOB) AS b FROM tasks WHERE id = 2;"
                                        "UPDATE tasks SET %s = CAST(substr((SELECT b FROM was), 1, %d) || x'%s' || substr((SELECT b FROM was), %d) AS TEXT) WHERE id = 2",
                                        columns[i], columns[i], (int) at, bytes[at % 4], (int) at + 2);
                        cleanup_free_ char *back = g_strdup_printf(
                                        "UPDATE tasks SET title = 'x', project = 'book', note = 'a note', tags = 'a b', uuid = hex(randomblob(16)) WHERE id = 2");

                        file_sql(folder, sql);
                        store = store_must_open(folder);
                        assert_ids(list_tasks(store, 0), "1 ");
                        store = store_close(store);
                        file_sql(folder, back);
                }
                store = store_must_open(folder);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/unsound/tasks", test_tasks);
        g_test_add_func("/store/unsound/intervals", test_intervals);
        g_test_add_func("/store/unsound/running", test_running);
        g_test_add_func("/store/unsound/settings", test_settings);
        g_test_add_func("/store/unsound/rules", test_rules);
        g_test_add_func("/store/unsound/claims", test_claims);
        g_test_add_func("/store/unsound/steps", test_steps);
        g_test_add_func("/store/unsound/every-byte", test_every_byte);
        return g_test_run();
}
