/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What lies in a user's folder has an end, and a restore that was cut short leaves one store or the other. */

#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/store/store-test.h"

static const char *backup_at(GArray *backups, guint i) {
        return g_array_index(backups, Backup, i).name;
}

static GArray *list(const char *folder) {
        GArray *backups;

        g_assert_cmpint(store_backups_list(folder, &backups), ==, 0);
        return backups;
}

static void make_by_hand(const char *folder, uint64_t now) {
        char name[BACKUP_NAME_MAX];

        g_assert_cmpint(store_backup_make_by_hand(folder, now, name), ==, 0);
}

static void make(const char *folder, uint64_t now) {
        char name[BACKUP_NAME_MAX];

        g_assert_cmpint(store_backup_make(folder, now, name), ==, 0);
}

/* The oldest by hand gives way, and none that time asked for. */
static void test_by_hand(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        GArray *backups;

        (void) store;
        make(folder, T0);
        for (unsigned n = 0; n < CAP_BACKUPS_BY_HAND; n++)
                make_by_hand(folder, T0 + n * USEC_PER_MIN);
        backups = list(folder);
        g_assert_cmpuint(backups->len, ==, CAP_BACKUPS_BY_HAND + 1);
        g_assert_cmpstr(backup_at(backups, CAP_BACKUPS_BY_HAND), ==, "pomod-20260101T000000Z.db");
        /* Within the second, the later one is the newer. */
        g_assert_cmpstr(backup_at(backups, CAP_BACKUPS_BY_HAND - 1), ==, "pomod-20260101T000000Z-hand-2.db");
        g_array_unref(backups);

        make_by_hand(folder, T0 + USEC_PER_HOUR);
        backups = list(folder);
        g_assert_cmpuint(backups->len, ==, CAP_BACKUPS_BY_HAND + 1);
        g_assert_cmpstr(backup_at(backups, 0), ==, "pomod-20260101T010000Z-hand.db");
        g_assert_cmpstr(backup_at(backups, CAP_BACKUPS_BY_HAND), ==, "pomod-20260101T000000Z.db");
        g_assert_cmpstr(backup_at(backups, CAP_BACKUPS_BY_HAND - 1), ==, "pomod-20260101T000100Z-hand.db");
        g_array_unref(backups);
}

/* A file with nothing in it takes no room on the disk; the budget is of sizes. */
static void enlarge(const char *folder, const char *name, uint64_t bytes) {
        cleanup_free_ char *path = g_build_filename(folder, "backups", name, NULL);

        g_assert_cmpint(truncate(path, (off_t) bytes), ==, 0);
}

static void test_bytes_of_backups(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        GArray *backups;
        uint64_t each;

        (void) store;
        make(folder, T0);
        make(folder, T0 + USEC_PER_MIN);
        backups = list(folder);
        each = g_array_index(backups, Backup, 0).bytes;
        g_array_unref(backups);
        /* With one more, all that there may be. */
        enlarge(folder, "pomod-20260101T000000Z.db", CAP_BACKUPS_BYTES - 2 * each);
        make(folder, T0 + 2 * USEC_PER_MIN);
        backups = list(folder);
        g_assert_cmpuint(backups->len, ==, 3);
        g_array_unref(backups);

        make(folder, T0 + 3 * USEC_PER_MIN);
        backups = list(folder);
        g_assert_cmpuint(backups->len, ==, 3);
        g_assert_cmpstr(backup_at(backups, 2), ==, "pomod-20260101T000100Z.db");
        g_array_unref(backups);

        /* However large it is, the newest stays. */
        enlarge(folder, "pomod-20260101T000300Z.db", CAP_BACKUPS_BYTES + 1);
        make(folder, T0 + 4 * USEC_PER_MIN);
        backups = list(folder);
        g_assert_cmpuint(backups->len, ==, 3);
        g_assert_cmpstr(backup_at(backups, 0), ==, "pomod-20260101T000400Z.db");
        g_assert_cmpstr(backup_at(backups, 1), ==, "pomod-20260101T000200Z.db");
        g_array_unref(backups);
}

static void restore(Store *store, uint64_t now) {
        StoreReport report = {};

        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000000Z.db", now, &report), ==, 0);
        store_report_done(&report);
}

static void test_set_aside(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *wal = folder_file(folder, "pomod.db.damaged-20250101T000000Z-wal"),
                           *old = folder_file(folder, "pomod.db.damaged-20250101T000000Z"),
                           *other = folder_file(folder, "pomod.db.account-bob-20250101T000000Z");
        store_ store = store_must_open(folder);

        make(folder, T0);
        g_assert_true(g_file_set_contents(old, "", 0, NULL));
        g_assert_true(g_file_set_contents(wal, "", 0, NULL));
        g_assert_true(g_file_set_contents(other, "", 0, NULL));
        for (unsigned n = 1; n < CAP_SET_ASIDE; n++)
                restore(store, T0 + n * USEC_PER_SEC);
        g_assert_cmpuint(count_names(folder, "pomod.db.damaged-"), ==, 2);
        restore(store, T0 + CAP_SET_ASIDE * USEC_PER_SEC);
        g_assert_cmpuint(count_names(folder, "pomod.db.damaged-"), ==, 0);
        g_assert_cmpuint(count_names(folder, "pomod.db.replaced-"), ==, CAP_SET_ASIDE);
        restore(store, T0 + CAP_SET_ASIDE * USEC_PER_SEC);
        g_assert_cmpuint(count_names(folder, "pomod.db.replaced-"), ==, CAP_SET_ASIDE);
        g_assert_cmpuint(count_names(folder, "pomod.db.replaced-20260101T000003Z"), ==, 2);
        /* Somebody else's is no matter of this budget. */
        g_assert_cmpuint(count_names(folder, "pomod.db.account-bob-"), ==, 1);
}

/* ---- claims ---- */

static void put_claim(Store *store, int64_t id, bool over, size_t bytes) {
        Claim claim = {
                .id = id,
                .source = CLAIM_BY_USER,
                .engaged_real_usec = T0 + (uint64_t) id,
                .state = over ? CLAIM_RELEASED : CLAIM_IN_FORCE,
        };
        cleanup_free_ char *value = g_strnfill(bytes, 'x');
        cleanup_free_ char *text = g_strdup_printf("[Profile work]\nPlugins=sites\nsites.Block=%s\n", value);
        RuleSet set;

        g_assert_cmpint(rule_set_parse(text, &set, NULL), ==, 0);
        claim.profile = profile_copy(&g_array_index(set.profiles, Profile, 0));
        rule_set_done(&set);
        g_assert_cmpint(WRITE(store, 0, write_claims(&write, &claim, 1, id + 1)), ==, 0);
        claim_done(&claim);
}

static int64_t with_settings(const char *folder, const char *where) {
        cleanup_free_ char *sql = g_strdup_printf(
                        "SELECT count(*) FROM claims WHERE profile IS NOT NULL AND %s", where);

        return file_sql_int(folder, sql);
}

/* Those that are over keep their settings while they are among the newest, and large ones not as long; what
 * is in force keeps them. */
static void test_claims(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);

        g_assert_cmpint(WRITE(store, 0, 0), ==, 0);
        put_claim(store, 1, true, 10);
        put_claim(store, 2, false, 10);
        put_claim(store, 3, true, CAP_CLAIM_LARGE_BYTES);
        put_claim(store, 3 + CAP_CLAIMS_KEPT_LARGE - 1, true, 10);
        g_assert_cmpint(with_settings(folder, "id = 3"), ==, 1);
        put_claim(store, 3 + CAP_CLAIMS_KEPT_LARGE, true, 10);
        g_assert_cmpint(with_settings(folder, "id = 3"), ==, 0);

        put_claim(store, 1 + CAP_CLAIMS_KEPT - 1, true, 10);
        g_assert_cmpint(with_settings(folder, "id = 1"), ==, 1);
        put_claim(store, 1 + CAP_CLAIMS_KEPT, true, 10);
        g_assert_cmpint(with_settings(folder, "id = 1"), ==, 0);
        put_claim(store, 2 + CAP_CLAIMS_KEPT, true, 10);
        g_assert_cmpint(with_settings(folder, "id = 2"), ==, 1);
        /* Over only now, it is no more among the newest. */
        put_claim(store, 2, true, 10);
        g_assert_cmpint(with_settings(folder, "id = 2"), ==, 0);
        g_assert_cmpint(file_sql_int(folder, "SELECT count(*) FROM claims WHERE profile_name = 'work'"), ==,
                        8);
}

/* What a store of before had too many of is left behind by a restore. */
static void test_claims_restored(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);

        make(folder, T0);
        put_claim(store, 1, true, 10);
        put_claim(store, 2, false, 10);
        put_claim(store, 3, true, CAP_CLAIM_LARGE_BYTES);
        store = store_close(store);
        file_sql(folder, "UPDATE state SET next_claim = 10000");
        store = store_must_open(folder);
        restore(store, T0);
        g_assert_cmpint(file_sql_int(folder, "SELECT count(*) FROM claims"), ==, 3);
        g_assert_cmpint(with_settings(folder, "id <> 2"), ==, 0);
        g_assert_cmpint(with_settings(folder, "id = 2"), ==, 1);
}

/* ---- a restore that was cut short ---- */

/* One interval in the backup, two in the store. */
static Store *with_backup(const char *folder) {
        Store *store = store_must_open(folder);

        log_one(store, INTERVAL_POMODORO, T0, 5, 0);
        make(folder, T0);
        log_one(store, INTERVAL_POMODORO, T0 + 10, 5, 0);
        return store;
}

static void assert_tidy(const char *folder) {
        g_assert_cmpuint(count_names(folder, "pomod.db.restor"), ==, 0);
}

static void move(const char *folder, const char *from, const char *to) {
        cleanup_free_ char *a = folder_file(folder, from), *b = folder_file(folder, to);

        g_assert_cmpint(rename(a, b), ==, 0);
}

static void test_cut_short(void) {
        for (unsigned step = 0; step < 4; step++) {
                folder_ folder = folder_new();
                store_ store = with_backup(folder);

                g_assert_cmpint(store_restore_prepare(folder, "pomod-20260101T000000Z.db", T0), ==, 0);
                store = store_close(store);
                if (step >= 1)
                        move(folder, "pomod.db.restoring", "pomod.db.restored");
                if (step >= 2)
                        move(folder, "pomod.db", "pomod.db.replaced-20260101T000000Z");
                if (step >= 3)
                        move(folder, "pomod.db.restored", "pomod.db");
                store = store_must_open(folder);
                g_assert_cmpuint(count_intervals(store), ==, step < 2 ? 2 : 1);
                assert_tidy(folder);
        }
}

/* What belonged to the old file is not taken for the new one's. */
static void test_cut_short_with_log(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *wal = folder_file(folder, "pomod.db-wal");
        store_ store = with_backup(folder);

        g_assert_cmpint(store_restore_prepare(folder, "pomod-20260101T000000Z.db", T0), ==, 0);
        store = store_close(store);
        move(folder, "pomod.db.restoring", "pomod.db.restored");
        move(folder, "pomod.db", "pomod.db.replaced-20260101T000000Z");
        g_assert_true(g_file_set_contents(wal, "of the old one", -1, NULL));
        store = store_must_open(folder);
        g_assert_cmpuint(count_intervals(store), ==, 1);
        g_assert_cmpuint(count_names(folder, "pomod.db-wal.replaced-"), ==, 1);
        assert_tidy(folder);
}

static void test_dropped(void) {
        folder_ folder = folder_new();
        store_ store = with_backup(folder);
        StoreReport report = {};

        g_assert_cmpint(store_restore_prepare(folder, "pomod-20260101T000000Z.db", T0), ==, 0);
        store_restore_drop(store);
        assert_tidy(folder);
        g_assert_cmpint(store_restore_end(store, "pomod-20260101T000000Z.db", T0, &report), ==, -ENOENT);
        g_assert_cmpuint(count_intervals(store), ==, 2);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/budgets/by-hand", test_by_hand);
        g_test_add_func("/store/budgets/bytes-of-backups", test_bytes_of_backups);
        g_test_add_func("/store/budgets/set-aside", test_set_aside);
        g_test_add_func("/store/budgets/claims", test_claims);
        g_test_add_func("/store/budgets/claims-restored", test_claims_restored);
        g_test_add_func("/store/budgets/cut-short", test_cut_short);
        g_test_add_func("/store/budgets/cut-short-with-log", test_cut_short_with_log);
        g_test_add_func("/store/budgets/dropped", test_dropped);
        return g_test_run();
}
