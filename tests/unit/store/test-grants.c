/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <string.h>

#include "daemon/core/consent.h"
#include "tests/unit/store/store-test.h"

static Grants *load(Store *store) {
        Grants *grants = grants_new();

        g_assert_cmpint(store_grants_load(store, grants), ==, 0);
        return grants;
}

static bool has(Store *store, const char *profile, const char *item) {
        cleanup_(grants_freep) Grants *grants = load(store);

        return grants_have(grants, profile, item);
}

static void put(Store *store, const char *profile, const char *item) {
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_grant(&write, profile, item)), ==, 0);
}

static void put_profiles(Store *store, const char *text) {
        RuleSet set;

        g_assert_cmpint(rule_set_parse(text, &set, NULL), ==, 0);
        g_assert_cmpint(WRITE(store, 0, write_rules(&write, &set, NULL) ?: write_grants_known(&write)), ==,
                        0);
        rule_set_done(&set);
}

static void test_kept(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);

        put(store, "deep", "a.example");
        put(store, "deep", "a.example");
        put(store, "deep", "b.example");
        put(store, "light", "a.example");
        store = store_close(store);
        store = store_must_open(folder);
        g_assert_true(has(store, "deep", "a.example") && has(store, "deep", "b.example"));
        g_assert_cmpint(WRITE(store, 0, write_grant_removed(&write, "deep", "a.example")), ==, 0);
        g_assert_true(!has(store, "deep", "a.example") && has(store, "deep", "b.example"));
        g_assert_cmpint(WRITE(store, 0, write_grant_removed(&write, "deep", NULL)), ==, 0);
        g_assert_true(!has(store, "deep", "b.example") && has(store, "light", "a.example"));
        put_profiles(store, "[Profile light]\nPlugins=sites\n");
        g_assert_true(has(store, "light", "a.example"));
        put_profiles(store, "[Profile deep]\nPlugins=sites\n");
        g_assert_false(has(store, "light", "a.example"));
}

/* A row that makes no sense grants nothing, and denies nothing else. */
static void test_unsound(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *item = g_strnfill(CAP_GRANT_ITEM_BYTES, 'a'),
                           *too_long = g_strnfill(CAP_GRANT_ITEM_BYTES + 1, 'b');
        store_ store = store_must_open(folder);

        put(store, "deep", "a.example");
        put(store, "deep", item);
        put(store, "deep", too_long);
        store = store_close(store);
        file_sql(folder, "UPDATE grants SET profile = CAST(x'ff' AS TEXT) WHERE item = 'a.example'");
        store = store_must_open(folder);
        g_assert_false(has(store, "deep", "a.example"));
        g_assert_true(has(store, "deep", item));
        g_assert_false(has(store, "deep", too_long));
}

/* A backup grants nothing that was taken back since, and takes back nothing that was granted since. */
static void test_restore(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        StoreReport report = {};
        char name[BACKUP_NAME_MAX];

        put(store, "deep", "a.example");
        g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
        g_assert_cmpint(WRITE(store, 0, write_grant_removed(&write, "deep", NULL)), ==, 0);
        put(store, "deep", "b.example");
        g_assert_cmpint(store_backup_restore(store, name, T0 + USEC_PER_SEC, &report), ==, 0);
        store_report_done(&report);
        g_assert_false(has(store, "deep", "a.example"));
        g_assert_true(has(store, "deep", "b.example"));
}

static void test_damage(void) {
        for (unsigned with_backup = 0; with_backup < 2; with_backup++) {
                folder_ folder = folder_new();
                store_ store = store_must_open(folder);
                StoreReport report = {};
                char name[BACKUP_NAME_MAX];

                put(store, "deep", "a.example");
                if (with_backup)
                        g_assert_cmpint(store_backup_make(folder, T0, name), ==, 0);
                g_assert_cmpint(WRITE(store, 0, write_grant_removed(&write, "deep", NULL)), ==, 0);
                put(store, "deep", "b.example");
                store = store_close(store);
                file_sql(folder,
                                "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'settings'");
                store = store_must_open(folder);
                g_assert_cmpint(store_recover(store, T0 + USEC_PER_SEC, &report), ==, 0);
                store_report_done(&report);
                g_assert_false(has(store, "deep", "a.example"));
                g_assert_true(has(store, "deep", "b.example"));
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/grants", test_kept);
        g_test_add_func("/store/grants/unsound", test_unsound);
        g_test_add_func("/store/grants/restore", test_restore);
        g_test_add_func("/store/grants/damage", test_damage);
        return g_test_run();
}
