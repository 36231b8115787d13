/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "tests/unit/store/store-test.h"

static void put_text(Store *store, const char *text) {
        const uint64_t seq = seq_of(store);
        RuleSet set;

        g_assert_cmpint(rule_set_parse(text, &set, NULL), ==, 0);
        g_assert_cmpint(WRITE(store, seq + 1, write_rules(&write, &set, NULL)), ==, 0);
        rule_set_done(&set);
}

static void assert_text(Store *store, const char *text) {
        cleanup_free_ char *printed = NULL;
        RuleSet set;

        g_assert_cmpint(store_rules_load(store, &set), ==, 0);
        printed = rule_set_print(&set);
        rule_set_done(&set);
        g_assert_cmpstr(printed, ==, text);
}

static void test_rules(void) {
        static const char first[] = "[Profile work]\nPlugins=sites\nsites.Block=reddit.com;@social\n\n"
                                    "[Rule b]\nHours=09:00-12:00\nFocus=work\n\n[Rule a]\nDays=Mon-Fri\n";
        static const char second[] = "[Rule a]\nDays=Sat\n";
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        uint64_t seq = seq_of(store);

        assert_text(store, "");
        put_text(store, first);
        g_assert_cmpuint(seq_of(store), ==, seq + 1);
        assert_text(store, first);
        store = store_close(store);
        store = store_must_open(folder);
        assert_text(store, first);
        put_text(store, second);
        assert_text(store, second);
        put_text(store, "");
        assert_text(store, "");
}

/* Since when a rule stands is kept beside its text, and written though the text is the same. */
static void test_since(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        uint64_t seq = seq_of(store);
        RuleSet set;

        put_text(store, "[Rule a]\nDays=Sat\n\n[Rule b]\nDays=Sun\n");
        for (uint64_t since = T0; since < T0 + 2; since++) {
                g_assert_cmpint(store_rules_load(store, &set), ==, 0);
                g_array_index(set.rules, Rule, 1).since_real_usec = since;
                g_assert_cmpint(WRITE(store, seq + 1, write_rules(&write, &set, NULL)), ==, 0);
                rule_set_done(&set);
                store = store_close(store);
                store = store_must_open(folder);
                g_assert_cmpint(store_rules_load(store, &set), ==, 0);
                g_assert_cmpuint(g_array_index(set.rules, Rule, 0).since_real_usec, ==, 0);
                g_assert_cmpuint(g_array_index(set.rules, Rule, 1).since_real_usec, ==, since);
                rule_set_done(&set);
        }
        assert_text(store, "[Rule a]\nDays=Sat\n\n[Rule b]\nDays=Sun\n");
}

/* A text that makes no sense is left out, and denies nothing else. */
static void test_damaged_rule(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        RuleSet set;

        put_text(store, "[Rule a]\nDays=Sat\n");
        store = store_close(store);
        file_sql(folder, "UPDATE rules SET text = 'Days=Sat'");
        store = store_must_open(folder);
        g_assert_cmpint(store_rules_load(store, &set), ==, 0);
        g_assert_cmpuint(set.rules->len, ==, 0);
        rule_set_done(&set);
}

/* ---- claims ---- */

static Claim claim_of(int64_t id, ClaimSource source, const char *profile) {
        Claim claim = {
                .id = id,
                .source = source,
                .date = source == CLAIM_BY_RULE ? date_make(2026, 1, 2) : DATE_NONE,
                .window_start_sec = source == CLAIM_BY_RULE ? 32400 : 0,
                .rule_kind = source == CLAIM_BY_RULE ? RULE_OFFICE_DAY : RULE_WORK,
                .interval = source == CLAIM_BY_INTERVAL ? 7 : 0,
                .lock = LOCK_DELAY,
                .lock_delay_usec = 90 * USEC_PER_SEC,
                .engaged_real_usec = T0 + (uint64_t) id,
                .engaged_boot_usec = 1000,
                .length_usec = USEC_PER_HOUR,
                .until_real_usec = T0 + USEC_PER_HOUR,
                .until_boot_usec = USEC_PER_HOUR + 1000,
                .boot_id = BOOT_ID,
                .firm = true,
        };
        RuleSet set;

        if (source == CLAIM_BY_RULE)
                g_strlcpy(claim.rule, "office", sizeof(claim.rule));
        if (profile) {
                g_assert_cmpint(rule_set_parse(profile, &set, NULL), ==, 0);
                claim.profile = profile_copy(&g_array_index(set.profiles, Profile, 0));
                rule_set_done(&set);
        }
        return claim;
}

static void put_claim(Store *store, Claim claim) {
        g_assert_cmpint(WRITE(store, seq_of(store) + 1, write_claims(&write, &claim, 1, claim.id + 1)), ==,
                        0);
        claim_done(&claim);
}

static GArray *load_claims(Store *store, int64_t *ret_next_id) {
        GArray *claims = claim_array_new();

        g_assert_cmpint(store_claims_load(store, claims, ret_next_id), ==, 0);
        return claims;
}

#define PROFILE "[Profile work]\nPlugins=sites;mute\nBreaks=yes\nsites.Block=reddit.com\nmute.What=mail\n"

static void test_claims(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        cleanup_free_ char *printed = NULL;
        const Claim *claim;
        Claim failed, released;
        int64_t next;
        GArray *claims;

        put_claim(store, claim_of(1, CLAIM_BY_RULE, PROFILE));
        put_claim(store, claim_of(2, CLAIM_BY_INTERVAL, NULL));
        failed = claim_of(3, CLAIM_BY_USER, PROFILE);
        failed.failure = g_strdup("sites: no rights");
        put_claim(store, failed);
        store = store_close(store);
        store = store_must_open(folder);
        claims = load_claims(store, &next);
        g_assert_cmpint(next, ==, 4);
        g_assert_cmpuint(claims->len, ==, 3);
        claim = &g_array_index(claims, Claim, 0);
        g_assert_cmpint(claim->source, ==, CLAIM_BY_RULE);
        g_assert_cmpstr(claim->rule, ==, "office");
        g_assert_cmpint(claim->rule_kind, ==, RULE_OFFICE_DAY);
        g_assert_cmpint(claim->date, ==, date_make(2026, 1, 2));
        g_assert_cmpuint(claim->window_start_sec, ==, 32400);
        g_assert_cmpint(claim->lock, ==, LOCK_DELAY);
        g_assert_cmpuint(claim->lock_delay_usec, ==, 90 * USEC_PER_SEC);
        g_assert_cmpuint(claim->until_boot_usec, ==, USEC_PER_HOUR + 1000);
        g_assert_cmpstr(claim->boot_id, ==, BOOT_ID);
        g_assert_true(claim->firm);
        printed = profile_print(&claim->profile);
        g_assert_cmpstr(printed, ==, PROFILE);
        g_assert_cmpint(g_array_index(claims, Claim, 1).interval, ==, 7);
        g_assert_cmpstr(g_array_index(claims, Claim, 1).profile.name, ==, "");
        g_assert_null(claim->failure);
        g_assert_cmpstr(g_array_index(claims, Claim, 2).failure, ==, "sites: no rights");

        released = claim_copy(claim);
        released.state = CLAIM_RELEASED;
        released.reason = g_strdup("the dentist");
        put_claim(store, released);
        g_array_unref(claims);
        claims = load_claims(store, &next);
        g_assert_cmpuint(claims->len, ==, 2);
        g_assert_cmpint(next, ==, 4);
        g_array_unref(claims);

        /* Whatever became of it, that window had its claim. */
        g_assert_cmpint(store_claim_engaged_before(store, "office", date_make(2026, 1, 2), 32400), ==, 1);
        g_assert_cmpint(store_claim_engaged_before(store, "office", date_make(2026, 1, 2), 3600), ==, 0);
        g_assert_cmpint(store_claim_engaged_before(store, "office", date_make(2026, 1, 3), 32400), ==, 0);
        g_assert_cmpint(store_claim_engaged_before(store, "other", date_make(2026, 1, 2), 32400), ==, 0);
}

static void test_read_claims(void) {
        cleanup_(store_cursor_freep) StoreCursor *cursor = NULL;
        GString *told = g_string_new(NULL);
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        const ClaimQuery query = { .span = { T0 + 2, T0 + 4 } };
        Claim claim;

        for (int64_t id = 1; id <= 4; id++) {
                claim = claim_of(id, CLAIM_BY_USER, PROFILE);
                claim.state = CLAIM_RELEASED;
                claim.reason = id == 2 ? g_strdup("done") : NULL;
                put_claim(store, claim);
        }
        g_assert_cmpint(store_claims_read(store, &query, &cursor), ==, 0);
        while (store_claims_next(cursor, &claim) > 0) {
                g_string_append_printf(told, "%" PRIi64 " %s;", claim.id, claim.reason ? claim.reason : "-");
                claim_done(&claim);
        }
        cursor = store_cursor_free(cursor);
        g_assert_cmpstr(told->str, ==, "2 done;3 -;");
        g_string_free(told, TRUE);
}

static void make(const char *folder, uint64_t now) {
        char name[BACKUP_NAME_MAX];

        g_assert_cmpint(store_backup_make(folder, now, name), ==, 0);
}

/*
 * Neither does a backup shorten what is in force, nor does it bring back what was released: what became of
 * claims is carried over.
 */
static void test_restore(void) {
        folder_ folder = folder_new();
        store_ store = store_must_open(folder);
        StoreReport report = {};
        char boot[33];
        Claim claim;
        int64_t next;
        GArray *claims;

        put_claim(store, claim_of(1, CLAIM_BY_USER, PROFILE));
        put_text(store, "[Rule a]\nDays=Sat\n");
        make(folder, T0);
        claim = claim_of(1, CLAIM_BY_USER, PROFILE);
        claim.state = CLAIM_RELEASED;
        put_claim(store, claim);
        put_claim(store, claim_of(2, CLAIM_BY_RULE, PROFILE));
        g_assert_cmpint(WRITE(store, 0, write_synchronised_boot(&write, BOOT_ID)), ==, 0);
        put_text(store, "");

        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000000Z.db", T0 + USEC_PER_SEC, &report),
                        ==, 0);
        store_report_done(&report);
        assert_text(store, "[Rule a]\nDays=Sat\n");
        claims = load_claims(store, &next);
        g_assert_cmpint(next, ==, 3);
        g_assert_cmpuint(claims->len, ==, 1);
        g_assert_cmpint(g_array_index(claims, Claim, 0).id, ==, 2);
        g_assert_cmpstr(g_array_index(claims, Claim, 0).profile.name, ==, "work");
        g_array_unref(claims);
        g_assert_cmpint(store_synchronised_boot_load(store, boot), ==, 0);
        g_assert_cmpstr(boot, ==, BOOT_ID);
}

/* A backup from before there were claims is brought up, and then knows those that are in force. */
static void test_restore_version_1(void) {
        folder_ folder = folder_new();
        cleanup_free_ char *path = g_build_filename(TEST_DATA, "store-v1.sql", NULL), *sql = NULL;
        cleanup_free_ char *file = folder_file(folder, "pomod.db"), *backups = folder_file(folder, "backups");
        StoreReport report = {};
        store_ store = NULL;
        int64_t next;
        GArray *claims;

        g_assert_true(g_file_get_contents(path, &sql, NULL, NULL));
        g_assert_true(g_file_set_contents(file, "", 0, NULL));
        file_sql(folder, sql);
        store = store_must_report(folder, T0, &report);
        g_assert_cmpint(report.migrated_from, ==, 1);
        store_report_done(&report);
        g_assert_cmpuint(count_names(backups, "pomod-20260101T000000Z.db"), ==, 1);
        put_claim(store, claim_of(1, CLAIM_BY_RULE, PROFILE));

        g_assert_cmpint(store_backup_restore(store, "pomod-20260101T000000Z.db", T0 + USEC_PER_SEC, &report),
                        ==, 0);
        store_report_done(&report);
        claims = load_claims(store, &next);
        g_assert_cmpuint(claims->len, ==, 1);
        g_assert_cmpint(next, ==, 2);
        g_array_unref(claims);
}

/* Damage elsewhere in the file does not lift what is in force, with a backup or without one. */
static void test_damage(void) {
        for (unsigned with_backup = 0; with_backup < 2; with_backup++) {
                folder_ folder = folder_new();
                store_ store = store_must_open(folder);
                StoreReport report = {};
                int64_t next;
                GArray *claims;

                if (with_backup)
                        make(folder, T0);
                put_claim(store, claim_of(1, CLAIM_BY_RULE, PROFILE));
                store = store_close(store);
                file_sql(folder,
                                "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'settings'");
                store = store_must_open(folder);
                g_assert_cmpint(store_recover(store, T0 + USEC_PER_SEC, &report), ==, 0);
                g_assert_cmpint(report.restored != NULL, ==, with_backup);
                store_report_done(&report);
                claims = load_claims(store, &next);
                g_assert_cmpuint(claims->len, ==, 1);
                g_assert_cmpstr(g_array_index(claims, Claim, 0).rule, ==, "office");
                g_array_unref(claims);
        }
}

/* Another account's claims are no business of who has the uid now. */
static void test_other_account(void) {
        folder_ folder = folder_new();
        StoreReport report = {};
        store_ store = NULL;
        int64_t next;
        GArray *claims;

        g_assert_cmpint(store_open(folder, geteuid(), "alice", true, T0, &store, &report), ==, 0);
        store_report_done(&report);
        put_claim(store, claim_of(1, CLAIM_BY_USER, PROFILE));
        store = store_close(store);
        g_assert_cmpint(store_open(folder, geteuid(), "bob", true, T0, &store, &report), ==, 0);
        g_assert_true(report.set_aside_account);
        store_report_done(&report);
        claims = load_claims(store, &next);
        g_assert_cmpuint(claims->len, ==, 0);
        g_array_unref(claims);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/rules", test_rules);
        g_test_add_func("/store/rules/since", test_since);
        g_test_add_func("/store/rules/damaged", test_damaged_rule);
        g_test_add_func("/store/claims", test_claims);
        g_test_add_func("/store/claims/read", test_read_claims);
        g_test_add_func("/store/claims/restore", test_restore);
        g_test_add_func("/store/claims/restore/version-1", test_restore_version_1);
        g_test_add_func("/store/claims/damage", test_damage);
        g_test_add_func("/store/claims/account", test_other_account);
        return g_test_run();
}
