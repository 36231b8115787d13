/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/table.h"

#include <errno.h>
#include <stdlib.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "plugins/host/described.h"
#include "tests/unit/check.h"

DEFINE_CLEANUP(Plugin *, table_free);

static int do_apply(void *state, const PomoDesired *desired) {
        return 0;
}

static int do_release(PomoHost *host, const PomoHostCalls *calls) {
        return 0;
}

static const char *const choices[] = { "soft", "hard", NULL };

#define SETTING(...)                                                                  \
        (PomoSetting) {                                                               \
                sizeof(PomoSetting), __VA_ARGS__, NULL, "S", POMO_TEXT, 0, NULL, 0, 0 \
        }

static PomoPlugin sound(const PomoSetting *settings, size_t n) {
        return (PomoPlugin){ .abi = POMO_PLUGIN_ABI,
                .scope = POMO_SYSTEM,
                .size = sizeof(PomoPlugin),
                .name = "sites",
                .version = "1.2",
                .sentence = "Blocks sites",
                .settings = settings,
                .n_settings = n,
                .apply = do_apply,
                .release = do_release };
}

/* An empty sentence: it is taken. */
static void check_at(int line, const PomoPlugin *table, size_t n_bytes, const char *sentence) {
        cleanup_(table_freep) Plugin *plugin = NULL;
        cleanup_free_ char *got = NULL;
        int r = table_copy(table, n_bytes, "/p/sites.so", &plugin, &got);

        CHECK_INT(line, r, *sentence ? -EINVAL : 0);
        CHECK_STR(line, got ? got : "", sentence);
        CHECK(line, !plugin == !!*sentence);
}

#define REFUSED(change, sentence)                                                             \
        do {                                                                                  \
                PomoPlugin t = sound(NULL, 0);                                                \
                                                                                              \
                change;                                                                       \
                check_at(__LINE__, &t, sizeof(t), *(sentence) ? "/p/sites.so" sentence : ""); \
        } while (0)

static void test_table(void) {
        char text[CAP_PLUGIN_SENTENCE_BYTES + 2];

        REFUSED((void) t, "");
        REFUSED(t.abi = 7,
                        " is built for ABI 7 of plugins, and this host has ABI 1; build it with the pomo-plugin.h of this pomod");
        REFUSED(t.size = 96,
                        " has a pomo_plugin_1 of 96 bytes, and one of ABI 1 has at least 104; build it with the pomo-plugin.h of this pomod");
        REFUSED(t.size = 0,
                        " has a pomo_plugin_1 of 0 bytes, and one of ABI 1 has at least 104; build it with the pomo-plugin.h of this pomod");
        REFUSED(t.size = SIZE_MAX, "");
        REFUSED(t.name = "mute", " says that its name is \"mute\"; so its file has to be mute.so");
        REFUSED(t.name = NULL,
                        " says that its name is \"\"; it can be up to 32 of a-z, 0-9 and -, and begins with a letter");
        REFUSED(t.name = "Sites",
                        " says that its name is \"Sites\"; it can be up to 32 of a-z, 0-9 and -, and begins with a letter");
        REFUSED(t.name = "../sites",
                        " says that its name is \"../sites\"; it can be up to 32 of a-z, 0-9 and -, and begins with a letter");
        REFUSED(t.scope = 3, " has the scope 3, and this host knows POMO_SESSION, 1, and POMO_SYSTEM, 2");
        REFUSED(t.scope = 0, " has the scope 0, and this host knows POMO_SESSION, 1, and POMO_SYSTEM, 2");
        REFUSED(t.apply = NULL, " has no apply(), which a plugin cannot do without");
        REFUSED(t.release = NULL, " has no release(), which a plugin cannot do without");
        REFUSED(t.version = "", " has a version that is empty; it can be 1 to 64 bytes");
        REFUSED(t.version = "\x1b[1m",
                        " has a version that is broken by a control character; it can be 1 to 64 bytes");
        REFUSED(t.sentence = NULL, " has a sentence that is missing; it can be 1 to 512 bytes");
        REFUSED(t.sentence = "\xff", " has a sentence that is not UTF-8; it can be 1 to 512 bytes");
        REFUSED(t.n_settings = 1, " says that it has 1 settings, and has no list of them");
        REFUSED(t.n_settings = CAP_PLUGIN_SETTINGS + 1, " has 65 settings, and can have 64");

        memset(text, 'a', sizeof(text));
        text[CAP_PLUGIN_SENTENCE_BYTES + 1] = '\0';
        REFUSED(t.sentence = text, " has a sentence that is too long; it can be 1 to 512 bytes");
        text[CAP_PLUGIN_SENTENCE_BYTES] = '\0';
        REFUSED(t.sentence = text, "");
}

/* What the symbol has is less than what the table says. */
static void test_symbol(void) {
        PomoPlugin table = sound(NULL, 0);

        check_at(__LINE__, &table, 40,
                        "/p/sites.so has a pomo_plugin_1 of 40 bytes, and one of ABI 1 has at least 104; build it with the pomo-plugin.h of this pomod");
        check_at(__LINE__, &table, PLUGIN_FIRST_SIZE, "");
        check_at(__LINE__, &table, SIZE_MAX, "");
}

#define SETTING_REFUSED(change, sentence)                                                     \
        do {                                                                                  \
                PomoSetting s = SETTING("names");                                             \
                PomoPlugin t = sound(&s, 1);                                                  \
                                                                                              \
                change;                                                                       \
                check_at(__LINE__, &t, sizeof(t), *(sentence) ? "/p/sites.so" sentence : ""); \
        } while (0)

static void test_settings(void) {
        SETTING_REFUSED((void) s, "");
        SETTING_REFUSED(s.key = NULL,
                        ": a setting has the key \"\"; it can be up to 64 of a-z, 0-9 and -, and begins with a letter");
        SETTING_REFUSED(s.key = "9a",
                        ": a setting has the key \"9a\"; it can be up to 64 of a-z, 0-9 and -, and begins with a letter");
        SETTING_REFUSED(s.type = 8, ": the setting \"names\" has the type 8, and this host knows 1 to 7");
        SETTING_REFUSED(s.type = 0, ": the setting \"names\" has the type 0, and this host knows 1 to 7");
        SETTING_REFUSED(s.flags = 6,
                        ": the setting \"names\" has the flags 0x6, of which this host knows 0x3");
        SETTING_REFUSED(s.flags = POMO_FOR_EVERYONE,
                        ": the setting \"names\" has POMO_FOR_EVERYONE, which only POMO_NAMES of a POMO_SYSTEM plugin has");
        SETTING_REFUSED((s.type = POMO_NAMES, s.flags = POMO_FOR_EVERYONE), "");
        SETTING_REFUSED(s.sentence = NULL,
                        ": the setting \"names\" has a sentence that is missing; it can be 1 to 512 bytes");
        SETTING_REFUSED(s.sentence = "a\nb",
                        ": the setting \"names\" has a sentence that is broken by a control character; it can be 1 to 512 bytes");
        SETTING_REFUSED(s.choices = choices,
                        ": the setting \"names\" has choices, which only the type POMO_CHOICE has");
        SETTING_REFUSED(s.type = POMO_CHOICE,
                        ": the setting \"names\" is of the type POMO_CHOICE and has no choices");
        SETTING_REFUSED((s.type = POMO_CHOICE, s.choices = choices), "");
        SETTING_REFUSED((s.min = 1, s.max = 2),
                        ": the setting \"names\" has a min or a max, which only POMO_NUMBER and POMO_DURATION have");
        SETTING_REFUSED((s.type = POMO_NUMBER, s.min = 3, s.max = 2),
                        ": the setting \"names\" has a min of 3 above its max of 2");
        SETTING_REFUSED((s.type = POMO_NUMBER, s.min = 1, s.max = 2, s.fallback = "3"),
                        ": the setting \"names\" has a fallback that does not fit: 3 is out of range; it can be 1 to 2");
        SETTING_REFUSED((s.type = POMO_CHOICE, s.choices = choices, s.fallback = "wet"),
                        ": the setting \"names\" has a fallback that does not fit: \"wet\" is none of its choices: soft, hard");
        SETTING_REFUSED(s.size = 56,
                        ": its first setting says that it has 56 bytes, and a setting of ABI 1 has at least 64");
        SETTING_REFUSED(s.size = 67,
                        ": its first setting says that it has 67 bytes, which is no sizeof(PomoSetting)");
}

static void test_list(void) {
        PomoSetting settings[CAP_PLUGIN_SETTINGS + 1];
        PomoPlugin t = sound(settings, 2);
        char keys[CAP_PLUGIN_SETTINGS + 1][8];

        for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
                snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
                settings[i] = SETTING(keys[i]);
        }
        t.n_settings = CAP_PLUGIN_SETTINGS;
        check_at(__LINE__, &t, sizeof(t), "");
        t.n_settings++;
        check_at(__LINE__, &t, sizeof(t), "/p/sites.so has 65 settings, and can have 64");

        t.n_settings = 2;
        settings[1].key = settings[0].key;
        check_at(__LINE__, &t, sizeof(t), "/p/sites.so: the setting \"k0\" is there twice");
        settings[1].size = 72;
        check_at(__LINE__, &t, sizeof(t),
                        "/p/sites.so: a setting says that it has 72 bytes, and the first one has 64; all of a plugin have the same");
}

/* A plugin of a later header: larger structs, of which what is known is read. */
static void test_grown(void) {
        struct {
                PomoSetting known;
                void *later;
        } settings[2] = { { SETTING("a"), NULL }, { SETTING("b"), NULL } };
        struct {
                PomoPlugin known;
                void *later[3];
        } grown = { sound(&settings[0].known, 2), {} };
        cleanup_(table_freep) Plugin *plugin = NULL;

        settings[1].known.flags = POMO_STANDING;
        for (size_t i = 0; i < 2; i++)
                settings[i].known.size = sizeof(settings[0]);
        grown.known.size = sizeof(grown);
        g_assert_cmpint(table_copy(&grown.known, sizeof(grown), "sites.so", &plugin, NULL), ==, 0);
        CHECK_INT(__LINE__, plugin->n_settings, 2);
        CHECK_STR(__LINE__, plugin->settings[1].key, "b");
        CHECK_INT(__LINE__, plugin->settings[1].size, sizeof(PomoSetting));
        CHECK(__LINE__, table_setting(plugin, "b", true) == &plugin->settings[1]);
        CHECK(__LINE__, !table_setting(plugin, "b", false));
        CHECK(__LINE__, plugin->table.name != grown.known.name);
        CHECK(__LINE__, plugin->table.settings == plugin->settings);
}

static void test_describe(void) {
        const PomoSetting settings[] = {
                { sizeof(PomoSetting), "how", "hard", "How \"hard\"", POMO_CHOICE, 0, choices, 0, 0 },
                { sizeof(PomoSetting), "wait", NULL, "S", POMO_DURATION, POMO_STANDING, NULL, 1000000,
                                60000000 },
        };
        PomoPlugin t = sound(settings, 2);
        cleanup_(table_freep) Plugin *plugin = NULL;
        cleanup_free_ char *text = NULL;

        g_assert_cmpint(table_copy(&t, sizeof(t), "sites.so", &plugin, NULL), ==, 0);
        text = described_text(plugin);
        CHECK_STR(__LINE__, text,
                        "{\n  \"name\": \"sites\",\n  \"version\": \"1.2\",\n  \"abi\": 1,\n  \"scope\": \"system\",\n  \"sentence\": \"Blocks sites\",\n  \"settings\": [\n"
                        "    {\n      \"key\": \"how\",\n      \"type\": \"choice\",\n      \"sentence\": \"How \\\"hard\\\"\",\n      \"fallback\": \"hard\",\n      \"standing\": false,\n      \"for-everyone\": false,\n      \"choices\": [\n        \"soft\",\n        \"hard\"\n      ]\n    },\n"
                        "    {\n      \"key\": \"wait\",\n      \"type\": \"duration\",\n      \"sentence\": \"S\",\n      \"fallback\": null,\n      \"standing\": true,\n      \"for-everyone\": false,\n      \"min\": 1000000,\n      \"max\": 60000000\n    }\n  ]\n}\n");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/table/members", test_table);
        g_test_add_func("/table/symbol", test_symbol);
        g_test_add_func("/table/settings", test_settings);
        g_test_add_func("/table/list", test_list);
        g_test_add_func("/table/grown", test_grown);
        g_test_add_func("/table/describe", test_describe);
        return g_test_run();
}
