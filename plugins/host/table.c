/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/table.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "plugins/host/sentence.h"
#include "plugins/host/value.h"

DEFINE_CLEANUP(Plugin *, table_free);

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"

static bool is_word(const char *text, size_t cap) {
        size_t n = strnlen(text, cap + 1);

        return n > 0 && n <= cap && strchr(LETTERS, text[0]) && strspn(text, LETTERS DIGITS "-") == n;
}

static const char *text_fault(const char *text, int r) {
        return !text          ? "missing"
               : !*text       ? "empty"
               : r == -E2BIG  ? "too long"
               : r == -EILSEQ ? "not UTF-8"
                              : "broken by a control character";
}

/* ---- a setting ---- */

/* The plugin says WHAT wrong of one of its settings. */
__attribute__((format(printf, 4, 5))) static int wrong(
                const char *path, const PomoSetting *setting, char **ret_sentence, const char *format, ...) {
        cleanup_free_ char *what = NULL;
        char excerpt[TEXT_EXCERPT_MAX];
        va_list ap;

        va_start(ap, format);
        what = memory_format_va(format, ap);
        va_end(ap);
        return sentence_set(ret_sentence, -EINVAL, "%s: the setting \"%s\" %s", path,
                        text_excerpt(setting->key, excerpt), what);
}

static int check_choices(const char *path, const PomoSetting *setting, char **ret_sentence) {
        size_t n = 0;

        if (setting->type != POMO_CHOICE)
                return setting->choices ? wrong(path, setting, ret_sentence,
                                                          "has choices, which only the type POMO_CHOICE has")
                                        : 0;
        for (; setting->choices && setting->choices[n]; n++) {
                int r = text_check(setting->choices[n], CAP_PLUGIN_CHOICE_BYTES);

                if (n == CAP_PLUGIN_CHOICES)
                        return wrong(path, setting, ret_sentence, "has more than %u choices",
                                        CAP_PLUGIN_CHOICES);
                if (r < 0 || !*setting->choices[n])
                        return wrong(path, setting, ret_sentence,
                                        "has a choice that is %s; it can be 1 to %u bytes",
                                        text_fault(setting->choices[n], r), CAP_PLUGIN_CHOICE_BYTES);
        }
        return n == 0 ? wrong(path, setting, ret_sentence, "is of the type POMO_CHOICE and has no choices")
                      : 0;
}

static int check_range(const char *path, const PomoSetting *setting, char **ret_sentence) {
        if (setting->min == 0 && setting->max == 0)
                return 0;
        if (setting->type != POMO_NUMBER && setting->type != POMO_DURATION)
                return wrong(path, setting, ret_sentence,
                                "has a min or a max, which only POMO_NUMBER and POMO_DURATION have");
        if (setting->min > setting->max)
                return wrong(path, setting, ret_sentence,
                                "has a min of %" PRId64 " above its max of %" PRId64, setting->min,
                                setting->max);
        return 0;
}

static int check_flags(const char *path, const PomoSetting *setting, bool system, char **ret_sentence) {
        const uint32_t known = POMO_STANDING | POMO_FOR_EVERYONE;

        if (setting->flags & ~known)
                return wrong(path, setting, ret_sentence,
                                "has the flags 0x%" PRIx32 ", of which this host knows 0x%" PRIx32,
                                setting->flags, known);
        if (setting->flags & POMO_FOR_EVERYONE && (setting->type != POMO_NAMES || !system))
                return wrong(path, setting, ret_sentence,
                                "has POMO_FOR_EVERYONE, which only POMO_NAMES of a POMO_SYSTEM plugin has");
        return 0;
}

static int check_setting(const char *path, const PomoSetting *setting, bool system, char **ret_sentence) {
        cleanup_free_ char *why = NULL;
        char excerpt[TEXT_EXCERPT_MAX];
        int r;

        if (!setting->key || !is_word(setting->key, CAP_PLUGIN_KEY_BYTES))
                return sentence_set(ret_sentence, -EINVAL,
                                "%s: a setting has the key \"%s\"; it can be up to %u of a-z, 0-9 and -, and begins with a letter",
                                path, setting->key ? text_excerpt(setting->key, excerpt) : "",
                                CAP_PLUGIN_KEY_BYTES);
        if (setting->type < POMO_TEXT || setting->type > POMO_NAMES)
                return wrong(path, setting, ret_sentence,
                                "has the type %" PRIu32 ", and this host knows 1 to %d", setting->type,
                                POMO_NAMES);
        r = text_check(setting->sentence, CAP_PLUGIN_SENTENCE_BYTES);
        if (r < 0 || !*setting->sentence)
                return wrong(path, setting, ret_sentence,
                                "has a sentence that is %s; it can be 1 to %u bytes",
                                text_fault(setting->sentence, r), CAP_PLUGIN_SENTENCE_BYTES);
        r = check_flags(path, setting, system, ret_sentence);
        if (r >= 0)
                r = check_choices(path, setting, ret_sentence);
        if (r >= 0)
                r = check_range(path, setting, ret_sentence);
        if (r >= 0 && setting->fallback && value_check(setting, setting->fallback, &why) < 0)
                r = wrong(path, setting, ret_sentence, "has a fallback that does not fit: %s", why);
        return r;
}

/* ---- all of them ---- */

static int check_list(const PomoPlugin *table, const char *path, char **ret_sentence) {
        if (table->n_settings > CAP_PLUGIN_SETTINGS)
                return sentence_set(ret_sentence, -EINVAL, "%s has %zu settings, and can have %u", path,
                                table->n_settings, CAP_PLUGIN_SETTINGS);
        if (table->n_settings > 0 && !table->settings)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s says that it has %zu settings, and has no list of them", path,
                                table->n_settings);
        return 0;
}

/* A copy that is zero behind the end of what the plugin has, with texts of its own. */
static int copy_setting(Plugin *plugin, const char *bytes, size_t size, char **ret_sentence) {
        PomoSetting *setting = &plugin->settings[plugin->n_settings];
        size_t own;
        int r;

        memcpy(&own, bytes, sizeof(own));
        if (own != size)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s: a setting says that it has %zu bytes, and the first one has %zu; all of a plugin have the same",
                                plugin->path, own, size);
        memcpy(setting, bytes, size < sizeof(*setting) ? size : sizeof(*setting));
        r = check_setting(plugin->path, setting, plugin->system, ret_sentence);
        for (size_t i = 0; r >= 0 && i < plugin->n_settings; i++)
                if (strcmp(plugin->settings[i].key, setting->key) == 0)
                        r = wrong(plugin->path, setting, ret_sentence, "is there twice");
        return r;
}

static void own_texts(PomoSetting *setting) {
        size_t n = 0;
        const char **choices;

        setting->size = sizeof(*setting);
        setting->key = memory_copy(setting->key);
        setting->sentence = memory_copy(setting->sentence);
        setting->fallback = setting->fallback ? memory_copy(setting->fallback) : NULL;
        if (!setting->choices)
                return;
        while (setting->choices[n])
                n++;
        choices = memory_new(const char *, n + 1);
        for (size_t i = 0; i < n; i++)
                choices[i] = memory_copy(setting->choices[i]);
        setting->choices = choices;
}

static int copy_settings(Plugin *plugin, const PomoPlugin *table, char **ret_sentence) {
        const char *bytes = (const char *) table->settings;
        size_t size;
        int r;

        r = check_list(table, plugin->path, ret_sentence);
        if (r < 0 || table->n_settings == 0)
                return r;
        memcpy(&size, bytes, sizeof(size));
        if (size < SETTING_FIRST_SIZE)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s: its first setting says that it has %zu bytes, and a setting of ABI %u has at least %zu",
                                plugin->path, size, POMO_PLUGIN_ABI, SETTING_FIRST_SIZE);
        if (size % _Alignof(PomoSetting) != 0 || size > CAP_PLUGIN_SETTING_BYTES)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s: its first setting says that it has %zu bytes, which is no sizeof(PomoSetting)",
                                plugin->path, size);

        plugin->settings = memory_new(PomoSetting, table->n_settings);
        for (size_t i = 0; i < table->n_settings; i++) {
                r = copy_setting(plugin, bytes + i * size, size, ret_sentence);
                if (r < 0)
                        return r;
                own_texts(&plugin->settings[plugin->n_settings++]);
        }
        return 0;
}

/* ---- the plugin ---- */

static int check_abi(const PomoPlugin *table, size_t n_bytes, const char *path, char **ret_sentence) {
        if (n_bytes < sizeof(table->abi) || table->abi != POMO_PLUGIN_ABI)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s is built for ABI %" PRIu32
                                " of plugins, and this host has ABI %u; build it with the pomo-plugin.h of this pomod",
                                path, n_bytes < sizeof(table->abi) ? 0 : table->abi, POMO_PLUGIN_ABI);
        if (n_bytes < PLUGIN_FIRST_SIZE || table->size < PLUGIN_FIRST_SIZE)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s has a pomo_plugin_1 of %zu bytes, and one of ABI %u has at least %zu; build it with the pomo-plugin.h of this pomod",
                                path, n_bytes < PLUGIN_FIRST_SIZE ? n_bytes : table->size, POMO_PLUGIN_ABI,
                                PLUGIN_FIRST_SIZE);
        return 0;
}

/* NAME of .../NAME.so; NULL: it is called otherwise. */
static char *name_of_file(const char *path) {
        const char *base = strrchr(path, '/'), *suffix;

        base = base ? base + 1 : path;
        suffix = strrchr(base, '.');
        return suffix && strcmp(suffix, ".so") == 0 ? memory_copy_n(base, (size_t) (suffix - base)) : NULL;
}

static int check_name(const PomoPlugin *table, const char *path, char **ret_sentence) {
        cleanup_free_ char *name = name_of_file(path);
        char excerpt[TEXT_EXCERPT_MAX];

        if (!table->name || !is_word(table->name, CAP_PLUGIN_NAME_BYTES))
                return sentence_set(ret_sentence, -EINVAL,
                                "%s says that its name is \"%s\"; it can be up to %u of a-z, 0-9 and -, and begins with a letter",
                                path, table->name ? text_excerpt(table->name, excerpt) : "",
                                CAP_PLUGIN_NAME_BYTES);
        if (!name || strcmp(name, table->name) != 0)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s says that its name is \"%s\"; so its file has to be %s.so", path,
                                table->name, table->name);
        return 0;
}

static int check_texts(const PomoPlugin *table, const char *path, char **ret_sentence) {
        int r = text_check(table->version, CAP_PLUGIN_VERSION_BYTES);

        if (r < 0 || !*table->version)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s has a version that is %s; it can be 1 to %u bytes", path,
                                text_fault(table->version, r), CAP_PLUGIN_VERSION_BYTES);
        r = text_check(table->sentence, CAP_PLUGIN_SENTENCE_BYTES);
        if (r < 0 || !*table->sentence)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s has a sentence that is %s; it can be 1 to %u bytes", path,
                                text_fault(table->sentence, r), CAP_PLUGIN_SENTENCE_BYTES);
        return 0;
}

static int check_rest(const PomoPlugin *table, const char *path, char **ret_sentence) {
        if (table->scope != POMO_SESSION && table->scope != POMO_SYSTEM)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s has the scope %" PRIu32
                                ", and this host knows POMO_SESSION, 1, and POMO_SYSTEM, 2",
                                path, table->scope);
        if (!table->apply || !table->release)
                return sentence_set(ret_sentence, -EINVAL, "%s has no %s(), which a plugin cannot do without",
                                path, table->apply ? "release" : "apply");
        return 0;
}

int table_copy(const PomoPlugin *table, size_t n_bytes, const char *path, Plugin **ret_plugin,
                char **ret_sentence) {
        cleanup_(table_freep) Plugin *plugin = NULL;
        size_t size;
        int r;

        assert(table && path && ret_plugin);
        r = check_abi(table, n_bytes, path, ret_sentence);
        if (r >= 0)
                r = check_name(table, path, ret_sentence);
        if (r >= 0)
                r = check_texts(table, path, ret_sentence);
        if (r >= 0)
                r = check_rest(table, path, ret_sentence);
        if (r < 0)
                return r;

        plugin = memory_new(Plugin, 1);
        size = table->size < n_bytes ? table->size : n_bytes;
        memcpy(&plugin->table, table, size < sizeof(plugin->table) ? size : sizeof(plugin->table));
        plugin->path = memory_copy(path);
        plugin->system = table->scope == POMO_SYSTEM;
        r = copy_settings(plugin, table, ret_sentence);
        if (r < 0)
                return r;
        plugin->table.name = plugin->name = memory_copy(table->name);
        plugin->table.version = plugin->version = memory_copy(table->version);
        plugin->table.sentence = plugin->sentence = memory_copy(table->sentence);
        plugin->table.settings = plugin->settings;
        *ret_plugin = steal(plugin);
        return 0;
}

static void free_setting(PomoSetting *setting) {
        free((char *) setting->key);
        free((char *) setting->sentence);
        free((char *) setting->fallback);
        for (size_t i = 0; setting->choices && setting->choices[i]; i++)
                free((char *) setting->choices[i]);
        free((void *) setting->choices);
}

void table_free(Plugin *plugin) {
        if (!plugin)
                return;
        for (size_t i = 0; i < plugin->n_settings; i++)
                free_setting(&plugin->settings[i]);
        free(plugin->settings);
        free(plugin->name);
        free(plugin->version);
        free(plugin->sentence);
        free(plugin->path);
        free(plugin);
}

const PomoSetting *table_setting(const Plugin *plugin, const char *key, bool standing) {
        for (size_t i = 0; i < plugin->n_settings; i++)
                if (strcasecmp(plugin->settings[i].key, key) == 0 &&
                                standing == !!(plugin->settings[i].flags & POMO_STANDING))
                        return &plugin->settings[i];
        return NULL;
}
