/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>

#include "common/host-name.h"
#include "daemon/core/plugin.h"
#include "tests/unit/check.h"

static void add(Plugin *plugin, const char *key, PluginType type, bool standing) {
        PluginSetting setting = {
                .key = g_strdup(key),
                .sentence = g_strdup("what it does"),
                .type = type,
                .standing = standing,
        };

        if (type == PLUGIN_CHOICE)
                setting.choices = g_strsplit("soft hard", " ", -1);
        if (strcmp(key, "volume") == 0 || strcmp(key, "wait") == 0) {
                setting.bounded = true;
                setting.min = type == PLUGIN_NUMBER ? -5 : 1000000;
                setting.max = type == PLUGIN_NUMBER ? 100 : 60000000;
        }
        g_array_append_val(plugin->settings, setting);
}

static Plugin *bells(void) {
        Plugin *plugin = plugin_new();

        strcpy(plugin->name, "bells");
        add(plugin, "text", PLUGIN_TEXT, false);
        add(plugin, "words", PLUGIN_WORDS, false);
        add(plugin, "loud", PLUGIN_YES_NO, false);
        add(plugin, "volume", PLUGIN_NUMBER, false);
        add(plugin, "count", PLUGIN_NUMBER, false);
        add(plugin, "wait", PLUGIN_DURATION, false);
        add(plugin, "kind", PLUGIN_CHOICE, false);
        add(plugin, "block", PLUGIN_NAMES, false);
        add(plugin, "device", PLUGIN_TEXT, true);
        return plugin;
}

static const struct {
        int line;
        const char *key, *value;
        const char *says; /* NULL: it fits */
} values[] = {
        { __LINE__, "text", "anything at all", NULL },
        { __LINE__, "text", "", NULL },
        { __LINE__, "words", "a;b, c", NULL },
        { __LINE__, "loud", "yes", NULL },
        { __LINE__, "loud", "no", NULL },
        { __LINE__, "loud", "Yes", "yes or no" },
        { __LINE__, "loud", "", "yes or no" },
        { __LINE__, "count", "12", NULL },
        { __LINE__, "count", "-9223372036854775808", NULL },
        { __LINE__, "count", "9223372036854775808", "a whole number" },
        { __LINE__, "count", "1.5", "a whole number" },
        { __LINE__, "count", " 1", "a whole number" },
        { __LINE__, "count", "+1", "a whole number" },
        { __LINE__, "count", "", "a whole number" },
        { __LINE__, "volume", "-5", NULL },
        { __LINE__, "volume", "100", NULL },
        { __LINE__, "volume", "-6", "from -5 to 100" },
        { __LINE__, "volume", "101", "from -5 to 100" },
        { __LINE__, "wait", "1m", NULL },
        { __LINE__, "wait", "61s", "from 1s to 1m" },
        { __LINE__, "wait", "0s", "from 1s to 1m" },
        { __LINE__, "wait", "25", "a duration like 25m" },
        { __LINE__, "kind", "hard", NULL },
        { __LINE__, "kind", "har", "one of soft, hard" },
        { __LINE__, "block", "reddit.com; @mine,news.ycombinator.com;", NULL },
        { __LINE__, "block", "Reddit.COM", NULL },
        { __LINE__, "block", "https://reddit.com", "\"https://reddit.com\", which is no name of a host" },
        { __LINE__, "block", "münchen.de; xn--mnchen-3ya.de", NULL },
        { __LINE__, "block", "münchen.de/zoo", "\"münchen.de/zoo\"" },
        { __LINE__, "block", "@Mine", "\"@Mine\"" },
        { __LINE__, "block", "@", "\"@\"" },
        { __LINE__, "block", "reddit.com;1.2.3.4", "\"1.2.3.4\"" },
};

static void test_values(void) {
        Plugin *plugin = bells();

        for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
                const PluginSetting *setting = plugin_find_setting(plugin, values[i].key, false);
                Refusal refusal = {};
                int r;

                g_assert_nonnull(setting);
                r = plugin_check_value(plugin, setting, values[i].value, &refusal);
                CHECK_INT(values[i].line, r, values[i].says ? REFUSAL_INVALID_ARGUMENT : 0);
                if (values[i].says && !strstr(refusal.message, values[i].says))
                        check_failed("line %d: \"%s\" does not say \"%s\"", values[i].line, refusal.message,
                                        values[i].says);
        }
        plugin_free(plugin);
}

static const struct {
        int line;
        const char *text;
        const char *says; /* NULL: it fits */
} profiles[] = {
        { __LINE__, "bells.Loud=yes\n", NULL },
        { __LINE__, "bells.loud=yes\nmute.What=anything\n", NULL },
        { __LINE__, "bells.Lound=yes\n",
                        "no setting \"Lound\" in a profile; there can be text, words, loud" },
        { __LINE__, "bells.Device=hw0\n", "bells.device holds always" },
        { __LINE__, "bells.Loud=maybe\n", "bells.loud is \"maybe\"" },
        { __LINE__, "bells.Loud=yes\nbells.loud=no\n", "given twice" },
};

static void test_profiles(void) {
        Plugin *plugin = bells();

        for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++) {
                char *text = g_strconcat("[Profile p]\nPlugins=bells;mute\n", profiles[i].text, NULL);
                Refusal refusal = {};
                RuleSet set;
                int r;

                g_assert_cmpint(rule_set_parse(text, &set, &refusal), ==, 0);
                r = plugin_check_profile(plugin, rule_set_find_profile(&set, "p"), &refusal);
                CHECK_INT(profiles[i].line, r, profiles[i].says ? REFUSAL_INVALID_ARGUMENT : 0);
                if (profiles[i].says && !strstr(refusal.message, profiles[i].says))
                        check_failed("line %d: \"%s\" does not say \"%s\"", profiles[i].line, refusal.message,
                                        profiles[i].says);
                rule_set_done(&set);
                g_free(text);
        }
        plugin_free(plugin);
}

static void test_no_settings(void) {
        Plugin *plugin = plugin_new();
        Refusal refusal;
        RuleSet set;

        strcpy(plugin->name, "mute");
        g_assert_cmpint(rule_set_parse("[Profile p]\nPlugins=mute\nmute.What=all\n", &set, NULL), ==, 0);
        g_assert_cmpint(plugin_check_profile(plugin, rule_set_find_profile(&set, "p"), &refusal), ==,
                        REFUSAL_INVALID_ARGUMENT);
        g_assert_nonnull(strstr(refusal.message, "has no settings in a profile"));
        rule_set_done(&set);
        plugin_free(plugin);
}

static void put(GArray *list, unsigned first, unsigned n) {
        for (unsigned i = first; i < first + n; i++) {
                char key[16];

                g_snprintf(key, sizeof(key), "k%u", i);
                plugin_values_put(list, "bells", key, "v");
        }
}

static void test_room(void) {
        GArray *list = plugin_values_new();
        char *large = g_strnfill(CAP_PLUGIN_VALUES_BYTES - 1, 'x');
        Refusal refusal;

        g_assert_cmpint(plugin_values_check_room(list, "mute", "k", large, &refusal), ==, 0);
        g_assert_cmpint(plugin_values_check_room(list, "mute", "kk", large, &refusal), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        plugin_values_put(list, "mute", "k", large);
        g_assert_cmpint(plugin_values_check_room(list, "mute", "k", large, &refusal), ==, 0);
        g_assert_cmpint(plugin_values_check_room(list, "mute", "l", "", &refusal), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(plugin_values_check_room(list, "bells", "l", large, &refusal), ==, 0);
        put(list, 0, CAP_PLUGIN_VALUES - 2);
        g_assert_cmpint(plugin_values_check_room(list, "bells", "new", "v", &refusal), ==, 0);
        put(list, CAP_PLUGIN_VALUES - 2, 1);
        g_assert_cmpint(plugin_values_check_room(list, "bells", "new", "v", &refusal), ==,
                        REFUSAL_LIMITS_EXCEEDED);
        g_assert_cmpint(plugin_values_check_room(list, "bells", "k3", "w", &refusal), ==, 0);
        plugin_values_put(list, "bells", "k3", NULL);
        g_assert_null(plugin_values_find(list, "bells", "k3"));
        g_assert_cmpstr(plugin_values_find(list, "bells", "k4"), ==, "v");
        g_free(large);
        g_array_unref(list);
}

static void test_disable(void) {
        static const struct {
                int line;
                LockKind lock;
                const char *plugin;
                uint64_t until_boot_usec;
                int wanted;
        } rows[] = {
                { __LINE__, LOCK_ADMIN, "bells", 20, REFUSAL_LOCKED },
                { __LINE__, LOCK_DELAY, "bells", 20, REFUSAL_LOCKED },
                { __LINE__, LOCK_NONE, "bells", 20, 0 }, { __LINE__, LOCK_ADMIN, "mute", 20, 0 },
                { __LINE__, LOCK_ADMIN, "bells", 10, 0 }, /* over */
        };
        const Now now = { .boot_usec = 10 };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                GArray *claims = claim_array_new();
                Claim claim = {
                        .id = 7,
                        .lock = rows[i].lock,
                        .until_boot_usec = rows[i].until_boot_usec,
                        .profile = { .name = "deep", .plugins = g_strsplit(rows[i].plugin, ";", -1) },
                };
                Refusal refusal = {};

                g_array_append_val(claims, claim);
                CHECK_INT(rows[i].line, plugin_check_disable(claims, &now, "bells", &refusal),
                                rows[i].wanted);
                if (rows[i].wanted)
                        g_assert_nonnull(strstr(refusal.message, "#7 (deep)"));
                g_array_unref(claims);
        }
}

static void test_host_names(void) {
        static const struct {
                int line;
                const char *name;
                bool valid;
        } rows[] = {
                { __LINE__, "reddit.com", true },
                { __LINE__, "localhost", true },
                { __LINE__, "A.B-C.d1", true },
                { __LINE__, "_dmarc.example.org", true },
                { __LINE__, "xn--mnchen-3ya.de", true },
                { __LINE__, "1and1.com", true },
                { __LINE__, "", false },
                { __LINE__, ".", false },
                { __LINE__, "a.", false },
                { __LINE__, ".a", false },
                { __LINE__, "a..b", false },
                { __LINE__, "-a.b", false },
                { __LINE__, "a-.b", false },
                { __LINE__, "a b", false },
                { __LINE__, "*.a", false },
                { __LINE__, "a/b", false },
                { __LINE__, "a:80", false },
                { __LINE__, "::1", false },
                { __LINE__, "127.1", false },
                { __LINE__, "a.0x7f", false },
                { __LINE__, "a.0xg", true },
                { __LINE__, "m\xc3\xbcnchen.de", false },
        };
        char *label = g_strnfill(HOST_LABEL_BYTES, 'a'), *longer = g_strnfill(HOST_LABEL_BYTES + 1, 'a');
        GString *name = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                CHECK_INT(rows[i].line, host_name_is_valid(rows[i].name), rows[i].valid);
        g_assert_true(host_name_is_valid(label));
        g_assert_false(host_name_is_valid(longer));
        while (name->len < HOST_NAME_BYTES - 1)
                g_string_append(name, "a.");
        g_string_append_c(name, 'a');
        g_string_truncate(name, HOST_NAME_BYTES);
        g_assert_true(host_name_is_valid(name->str));
        g_string_append(name, "aa");
        g_assert_false(host_name_is_valid(name->str));
        g_string_free(name, TRUE);
        g_free(label);
        g_free(longer);
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/core/plugin/values", test_values);
        g_test_add_func("/core/plugin/profiles", test_profiles);
        g_test_add_func("/core/plugin/no-settings", test_no_settings);
        g_test_add_func("/core/plugin/room", test_room);
        g_test_add_func("/core/plugin/disable", test_disable);
        g_test_add_func("/core/plugin/host-names", test_host_names);
        return g_test_run();
}
