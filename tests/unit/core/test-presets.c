/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>

#include "daemon/core/presets.h"
#include "daemon/core/rules.h"

/* Each is a text that is printed as it is written, of rules or of one profile of its name. */
static void check_table(const Preset *table, size_t n, bool of_profiles) {
        for (size_t i = 0; i < n; i++) {
                RuleSet set;
                Refusal refusal;
                char *printed;

                g_test_message("%s", table[i].name);
                g_assert_cmpuint(strlen(table[i].description), >, 20);
                g_assert_cmpint(rule_set_parse(table[i].text, &set, &refusal), ==, 0);
                if (of_profiles)
                        g_assert_nonnull(rule_set_find_profile(&set, table[i].name));
                g_assert_cmpuint(set.rules->len, >=, of_profiles ? 0 : 1);
                g_assert_cmpuint(set.profiles->len, ==, of_profiles ? 1 : 0);
                printed = rule_set_print(&set);
                g_assert_cmpstr(printed, ==, table[i].text);
                g_free(printed);
                rule_set_done(&set);
        }
}

static void test_parse(void) {
        const Preset *table;
        size_t n;

        table = presets(&n);
        g_assert_cmpuint(n, >=, 4);
        check_table(table, n, false);
        table = presets_of_profiles(&n);
        g_assert_cmpuint(n, >=, 3);
        check_table(table, n, true);
}

/* One after the other, they are one set of rules. */
static void test_fit_together(void) {
        GString *text = g_string_new(NULL);
        RuleSet set;
        size_t n;
        const Preset *table = presets(&n);

        for (size_t i = 0; i < n; i++)
                g_string_append(text, table[i].text);
        g_assert_cmpint(rule_set_parse(text->str, &set, NULL), ==, 0);
        rule_set_done(&set);
        g_string_free(text, TRUE);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/core/presets/parse", test_parse);
        g_test_add_func("/core/presets/together", test_fit_together);
        return g_test_run();
}
