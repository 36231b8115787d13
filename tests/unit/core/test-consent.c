/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/consent.h"

#include <string.h>

#include "common/cleanup.h"
#include "daemon/core/lists.h"
#include "tests/unit/check.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER  "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LISTS  "mine " DIGEST

static bool is_felt(void *userdata, const char *plugin, const char *key) {
        return strcmp(plugin, "sites") == 0 && g_ascii_strcasecmp(key, "block") == 0;
}

static bool is_category(void *userdata, const char *name) {
        return strcmp(name, "social") == 0;
}

static bool is_granted_all(void *userdata) {
        return userdata != NULL;
}

static Consent consent_of(const Grants *grants) {
        return (Consent){ .grants = grants,
                .is_felt = is_felt,
                .is_category = is_category,
                .is_granted_all = is_granted_all };
}

static Profile profile_of(const char *value) {
        const char *const keys[] = { "Plugins", "sites.Block", "sites.Except", "mute.What" };
        const char *const values[] = { "sites;mute", value, "spared.example", "mail.example" };
        Profile profile;

        g_assert_cmpint(profile_from_keys("deep", keys, values, G_N_ELEMENTS(keys), &profile, NULL), ==, 0);
        return profile;
}

/* "granted|left" */
static char *sort(const Consent *consent, const char *value, const char *copied, bool copies) {
        cleanup_(profile_done) Profile profile = profile_of(value);
        ConsentItems items = copies ? consent_items_copied(consent, &profile, LISTS, copied)
                                    : consent_items(consent, &profile, LISTS);
        cleanup_free_ char *granted = consent_text(items.granted), *left = consent_text(items.left);
        char *text = g_strdup_printf("%s|%s", granted ?: "", left ?: "");

        g_assert_cmpstr(items.plugin, ==, items.left->len > 0 ? "sites" : NULL);
        consent_items_done(&items);
        return text;
}

static void test_items(void) {
        static const struct {
                int line;
                const char *value, *items;
        } rows[] = {
                { __LINE__, "a.example", "|a.example" },
                { __LINE__, "granted.example", "granted.example|" },
                { __LINE__, " A.Example ,, a.example;granted.EXAMPLE", "granted.example|a.example" },
                { __LINE__, "m\u00fcller.example", "|m\u00fcller.example" },
                { __LINE__, "@social", "|@social" },
                { __LINE__, "@mine;@mine", "|@mine " DIGEST },
                { __LINE__, "@nobody;a.example", "|a.example" },
                /* What is no name is nobody's to grant, and never looks like a list with its digest. */
                { __LINE__, "@mine " DIGEST ";@mine " OTHER, "|" },
                { __LINE__, "@Social;@;https://a.example/;*.example;1.2.3.4;..", "|" },
        };
        cleanup_(grants_freep) Grants *grants = grants_new();
        const Consent consent = consent_of(grants);

        grants_add(grants, "deep", "granted.example");
        grants_add(grants, "light", "a.example");
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                cleanup_free_ char *items = sort(&consent, rows[i].value, NULL, false);

                CHECK_STR(rows[i].line, items, rows[i].items);
        }
}

/* What a claim has copied is what counts for it, whatever is granted by now, and whoever is granted all. */
static void test_copied(void) {
        cleanup_(grants_freep) Grants *grants = grants_new();
        Consent consent = consent_of(grants);
        cleanup_free_ char *copied = NULL, *nothing = NULL, *all = NULL;

        grants_add(grants, "deep", "a.example");
        consent.userdata = &consent;
        copied = sort(&consent, "a.example;b.example;@mine", "b.example\n@mine " DIGEST, true);
        g_assert_cmpstr(copied, ==, "b.example\n@mine " DIGEST "|a.example");
        nothing = sort(&consent, "a.example;@mine", NULL, true);
        g_assert_cmpstr(nothing, ==, "|a.example\n@mine " DIGEST);
        all = sort(&consent, "a.example;c.example;@mine", NULL, false);
        g_assert_cmpstr(all, ==, "a.example\nc.example\n@mine " DIGEST "|");
}

static void test_grants(void) {
        cleanup_(grants_freep) Grants *grants = grants_new();
        GPtrArray *items;
        RuleSet set;

        g_assert_false(grants_have(NULL, "deep", "a.example"));
        grants_add(grants, "deep", "a.example");
        grants_add(grants, "deep", "a.example");
        grants_add(grants, "deep", "b.example");
        grants_add(grants, "light", "a.example");
        items = grants_list(grants, "deep");
        g_assert_cmpuint(items->len, ==, 2);
        g_ptr_array_unref(items);
        grants_drop_item(grants, "deep", "b.example");
        g_assert_true(grants_have(grants, "deep", "a.example"));
        g_assert_false(grants_have(grants, "deep", "b.example"));

        g_assert_cmpint(rule_set_parse("[Profile light]\nPlugins=sites\n", &set, NULL), ==, 0);
        grants_drop_unknown(grants, &set);
        rule_set_done(&set);
        g_assert_false(grants_have(grants, "deep", "a.example"));
        g_assert_true(grants_have(grants, "light", "a.example"));
        grants_drop(grants, "light");
        items = grants_list(grants, "light");
        g_assert_cmpuint(items->len, ==, 0);
        g_ptr_array_unref(items);
}

static void test_filter(void) {
        static const struct {
                int line;
                const char *value, *granted, *filtered;
        } rows[] = {
                { __LINE__, "a.example; B.example,@social", "b.example\n@social", "B.example;@social" },
                { __LINE__, "a.example", NULL, "" },
                { __LINE__, "a.example", "", "" },
                { __LINE__, "", "a.example", "" },
                { __LINE__, "@mine;a.example", "@mine " DIGEST, "@mine" },
                { __LINE__, "@mine;a.example", "@mine " OTHER "\n@mine\na.example", "a.example" },
                { __LINE__, "a.example.org", "a.example", "" },
                { __LINE__, "@mine " OTHER, "@mine " OTHER, "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                GHashTable *set = consent_set_new(rows[i].granted);
                char *filtered = consent_filter(rows[i].value, LISTS, set);

                CHECK_STR(rows[i].line, filtered, rows[i].filtered);
                g_free(filtered);
                g_hash_table_unref(set);
        }
}

/* A bar has no room for three names of 253 bytes, and what would help is behind them. */
static void test_brief_of_long_names(void) {
        cleanup_free_ char *failure = NULL, *brief = NULL, *expected = NULL;
        GPtrArray *left = g_ptr_array_new_with_free_func(g_free);

        g_ptr_array_add(left, g_strnfill(150, 'a'));
        g_ptr_array_add(left, g_strnfill(150, 'b'));
        failure = consent_failure("sites", "deep", left);
        brief = consent_failure_brief(failure);
        expected = g_strdup_printf("sites: not granted: %s, %.48s; pomoctl focus profile grant deep",
                        (char *) left->pdata[0], (char *) left->pdata[1]);
        g_assert_cmpstr(brief, ==, expected);
        g_ptr_array_unref(left);
}

static void test_sentences(void) {
        static const char mine[] = "@mine " DIGEST;
        const char *const names[] = { "a.example", mine, "@social", "d.example", "e.example" };
        cleanup_free_ char *failure = NULL, *brief = NULL, *mended = NULL, *all = NULL;
        GPtrArray *left = g_ptr_array_new();

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                g_ptr_array_add(left, (void *) names[i]);
        failure = consent_failure("sites", "deep", left);
        g_assert_cmpstr(failure, ==,
                        "sites: not granted for everyone on this computer: a.example, @mine, @social and 2 more; an administrator can grant it: pomoctl focus profile grant deep");
        g_assert_true(consent_failure_lacks(failure));
        brief = consent_failure_brief(failure);
        g_assert_cmpstr(brief, ==,
                        "sites: not granted: a.example, @mine, @social and 2 more; pomoctl focus profile grant deep");
        g_assert_null(consent_failure_brief("sites: not running since 09:00"));
        g_assert_null(consent_failure_brief(NULL));
        mended = consent_failure_mended(failure);
        g_assert_false(consent_failure_lacks(mended));
        g_assert_cmpstr(mended, ==, "sites: not granted when it began");
        g_assert_null(consent_failure_mended(mended));
        g_assert_null(consent_failure_mended("sites: not running since 09:00"));
        g_assert_null(consent_failure_mended(NULL));
        g_assert_false(consent_failure_lacks(NULL));
        all = consent_names(left, 5);
        g_assert_cmpstr(all, ==, "a.example, @mine, @social, d.example, e.example");
        g_ptr_array_unref(left);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/core/consent/items", test_items);
        g_test_add_func("/core/consent/copied", test_copied);
        g_test_add_func("/core/consent/grants", test_grants);
        g_test_add_func("/core/consent/filter", test_filter);
        g_test_add_func("/core/consent/sentences", test_sentences);
        g_test_add_func("/core/consent/brief-of-long-names", test_brief_of_long_names);
        return g_test_run();
}
