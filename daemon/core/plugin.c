/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/plugin.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "common/host-name.h"
#include "common/text.h"

static const char *const plugin_scope_words[_PLUGIN_SCOPE_MAX] = {
        [PLUGIN_OF_SESSION] = "session",
        [PLUGIN_OF_SYSTEM] = "system",
};
DEFINE_ENUM_WORDS(PluginScope, plugin_scope, plugin_scope_words);

static const char *const plugin_type_words[_PLUGIN_TYPE_MAX] = {
        [PLUGIN_TEXT] = "text",
        [PLUGIN_WORDS] = "words",
        [PLUGIN_YES_NO] = "yes-no",
        [PLUGIN_NUMBER] = "number",
        [PLUGIN_DURATION] = "duration",
        [PLUGIN_CHOICE] = "choice",
        [PLUGIN_NAMES] = "names",
};
DEFINE_ENUM_WORDS(PluginType, plugin_type, plugin_type_words);

static void clear_setting(gpointer data) {
        PluginSetting *setting = data;

        g_free(setting->key);
        g_free(setting->sentence);
        g_free(setting->fallback);
        g_strfreev(setting->choices);
}

Plugin *plugin_new(void) {
        Plugin *plugin = g_new0(Plugin, 1);

        plugin->settings = g_array_new(FALSE, TRUE, sizeof(PluginSetting));
        g_array_set_clear_func(plugin->settings, clear_setting);
        return plugin;
}

Plugin *plugin_free(Plugin *plugin) {
        if (!plugin)
                return NULL;
        g_free(plugin->version);
        g_free(plugin->sentence);
        g_array_unref(plugin->settings);
        g_free(plugin);
        return NULL;
}

static const PluginSetting *find(const Plugin *plugin, const char *key) {
        for (guint i = 0; i < plugin->settings->len; i++) {
                const PluginSetting *setting = &g_array_index(plugin->settings, PluginSetting, i);

                if (g_ascii_strcasecmp(setting->key, key) == 0)
                        return setting;
        }
        return NULL;
}

const PluginSetting *plugin_find_setting(const Plugin *plugin, const char *key, bool standing) {
        const PluginSetting *setting = find(plugin, key);

        return setting && setting->standing == standing ? setting : NULL;
}

/* ---- values ---- */

/* What is wrong with a value, and what would be right. */
typedef struct Judged {
        const Plugin *plugin;
        const PluginSetting *setting;
        const char *value;
        Refusal *ret_refusal;
} Judged;

static int refuse_value(const Judged *judged, const char *wanted) {
        char buf[TEXT_EXCERPT_MAX];

        return refuse(judged->ret_refusal, REFUSAL_INVALID_ARGUMENT, "%s.%s is \"%s\"; it has to be %s",
                        judged->plugin->name, judged->setting->key, text_excerpt(judged->value, buf), wanted);
}

static int refuse_bounds(const Judged *judged) {
        const PluginSetting *setting = judged->setting;
        char from[DURATION_TEXT_MAX], to[DURATION_TEXT_MAX];
        cleanup_free_ char *wanted = NULL;

        if (setting->type == PLUGIN_DURATION)
                wanted = g_strdup_printf("from %s to %s",
                                duration_format((uint64_t) MAX(setting->min, 0), from),
                                duration_format((uint64_t) MAX(setting->max, 0), to));
        else
                wanted = g_strdup_printf("from %" PRIi64 " to %" PRIi64, setting->min, setting->max);
        return refuse_value(judged, wanted);
}

static bool is_beyond(const PluginSetting *setting, int64_t number) {
        return setting->bounded && (number < setting->min || number > setting->max);
}

static int check_number(const Judged *judged) {
        const char *digits = judged->value + (judged->value[0] == '-');
        char *end;
        int64_t number;

        errno = 0;
        number = g_ascii_strtoll(judged->value, &end, 10);
        if (!g_ascii_isdigit(digits[0]) || *end != '\0' || errno != 0)
                return refuse_value(judged, "a whole number");
        return is_beyond(judged->setting, number) ? refuse_bounds(judged) : 0;
}

static int check_duration(const Judged *judged) {
        uint64_t usec;

        if (duration_parse(judged->value, &usec) < 0)
                return refuse_value(judged, "a duration like 25m or 1h30m");
        return is_beyond(judged->setting, (int64_t) usec) ? refuse_bounds(judged) : 0;
}

static int check_choice(const Judged *judged) {
        char **choices = judged->setting->choices;
        cleanup_free_ char *words = NULL, *wanted = NULL;

        assert(choices);
        if (g_strv_contains((const char *const *) choices, judged->value))
                return 0;
        words = g_strjoinv(", ", choices);
        wanted = g_strconcat("one of ", words, NULL);
        return refuse_value(judged, wanted);
}

/* "@mine": of a list or a category. */
static bool is_list(const char *word) {
        return word[0] == '@' && word[1] != '\0' && strlen(word + 1) <= CAP_RULE_BYTES &&
               word[1 + strspn(word + 1, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static int check_word(const Judged *judged, const char *word) {
        char buf[TEXT_EXCERPT_MAX];

        if (*word == '\0' || judged->setting->type != PLUGIN_NAMES || is_list(word) || host_name_may_be(word))
                return 0;
        return refuse(judged->ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "%s.%s names \"%s\", which is no name of a host; it can be like reddit.com or müller.de, or a list like @mine",
                        judged->plugin->name, judged->setting->key, text_excerpt(word, buf));
}

/* Lists take a semicolon or a comma, as in the text form of rules. */
static int check_words(const Judged *judged) {
        char **words = g_strsplit_set(judged->value, ";,", -1);
        int r = 0;

        for (char **word = words; r == 0 && *word; word++)
                r = check_word(judged, g_strstrip(*word));
        g_strfreev(words);
        return r;
}

int plugin_check_value(
                const Plugin *plugin, const PluginSetting *setting, const char *value, Refusal *ret_refusal) {
        const Judged judged = { plugin, setting, value, ret_refusal };

        assert(plugin_find_setting(plugin, setting->key, setting->standing) == setting);
        switch (setting->type) {
        case PLUGIN_WORDS:
        case PLUGIN_NAMES:
                return check_words(&judged);
        case PLUGIN_YES_NO:
                return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0
                                       ? 0
                                       : refuse_value(&judged, "yes or no");
        case PLUGIN_NUMBER:
                return check_number(&judged);
        case PLUGIN_DURATION:
                return check_duration(&judged);
        case PLUGIN_CHOICE:
                return check_choice(&judged);
        default:
                return 0;
        }
}

/* ---- profiles ---- */

/* "block, allow": of a profile. */
static char *keys_join(const Plugin *plugin) {
        GString *keys = g_string_new(NULL);

        for (guint i = 0; i < plugin->settings->len; i++) {
                const PluginSetting *setting = &g_array_index(plugin->settings, PluginSetting, i);

                if (!setting->standing)
                        g_string_append_printf(keys, "%s%s", keys->len > 0 ? ", " : "", setting->key);
        }
        return g_string_free(keys, FALSE);
}

static int refuse_key(const Plugin *plugin, const char *key, Refusal *ret_refusal) {
        cleanup_free_ char *keys = keys_join(plugin);
        const PluginSetting *standing = plugin_find_setting(plugin, key, true);

        if (standing)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "%s.%s holds always, and is no key of a profile; it is set for the plugin itself",
                                plugin->name, standing->key);
        if (keys[0] == '\0')
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the plugin %s has no settings in a profile, and no \"%s\"", plugin->name,
                                key);
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "the plugin %s has no setting \"%s\" in a profile; there can be %s", plugin->name,
                        key, keys);
}

int plugin_check_profile(const Plugin *plugin, const Profile *profile, Refusal *ret_refusal) {
        int r = 0;

        for (unsigned i = 0; r == 0 && i < profile->n_settings; i++) {
                const ProfileSetting *set = &profile->settings[i];
                const PluginSetting *setting;

                if (strcmp(set->plugin, plugin->name) != 0)
                        continue;
                setting = plugin_find_setting(plugin, set->key, false);
                r = setting ? plugin_check_value(plugin, setting, set->value, ret_refusal)
                            : refuse_key(plugin, set->key, ret_refusal);
                for (unsigned j = 0; r == 0 && j < i; j++)
                        if (strcmp(profile->settings[j].plugin, plugin->name) == 0 &&
                                        g_ascii_strcasecmp(profile->settings[j].key, set->key) == 0)
                                r = refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                                "%s.%s is given twice, as %s, too; give it once",
                                                plugin->name, set->key, profile->settings[j].key);
        }
        return r;
}

static void each_word(const PluginSetting *setting, const ProfileSetting *set, PluginNameFunc func,
                void *userdata) {
        char **words = g_strsplit_set(set->value, ";,", -1);

        for (char **word = words; *word; word++) {
                const char *item = g_strstrip(*word);

                if (*item)
                        func(setting, set, item, userdata);
        }
        g_strfreev(words);
}

void plugin_each_name(const Plugin *plugin, const Profile *profile, PluginNameFunc func, void *userdata) {
        for (unsigned i = 0; i < profile->n_settings; i++) {
                const ProfileSetting *set = &profile->settings[i];
                const PluginSetting *setting = strcmp(set->plugin, plugin->name) == 0
                                                               ? plugin_find_setting(plugin, set->key, false)
                                                               : NULL;

                if (setting && setting->type == PLUGIN_NAMES)
                        each_word(setting, set, func, userdata);
        }
}

static void add_list(
                const PluginSetting *setting, const ProfileSetting *set, const char *name, void *userdata) {
        GPtrArray *lists = userdata;

        if (is_list(name) && !g_ptr_array_find_with_equal_func(lists, name + 1, g_str_equal, NULL))
                g_ptr_array_add(lists, g_strdup(name + 1));
}

GPtrArray *plugin_lists_named(const Plugin *plugin, const Profile *profile) {
        GPtrArray *lists = g_ptr_array_new_with_free_func(g_free);

        plugin_each_name(plugin, profile, add_list, lists);
        return lists;
}

/* ---- standing settings ---- */

static void clear_value(gpointer data) {
        PluginValue *value = data;

        g_free(value->plugin);
        g_free(value->key);
        g_free(value->value);
}

GArray *plugin_values_new(void) {
        GArray *values = g_array_new(FALSE, FALSE, sizeof(PluginValue));

        g_array_set_clear_func(values, clear_value);
        return values;
}

static bool is_value_of(const PluginValue *value, const char *plugin, const char *key) {
        return strcmp(value->plugin, plugin) == 0 && strcmp(value->key, key) == 0;
}

const char *plugin_values_find(const GArray *values, const char *plugin, const char *key) {
        for (guint i = 0; i < values->len; i++) {
                const PluginValue *value = &g_array_index(values, PluginValue, i);

                if (is_value_of(value, plugin, key))
                        return value->value;
        }
        return NULL;
}

void plugin_values_put(GArray *values, const char *plugin, const char *key, const char *value) {
        PluginValue put;

        for (guint i = 0; i < values->len; i++)
                if (is_value_of(&g_array_index(values, PluginValue, i), plugin, key)) {
                        g_array_remove_index(values, i);
                        break;
                }
        if (!value)
                return;
        put = (PluginValue){ g_strdup(plugin), g_strdup(key), g_strdup(value) };
        g_array_append_val(values, put);
}

int plugin_values_check_room(const GArray *values, const char *plugin, const char *key, const char *value,
                Refusal *ret_refusal) {
        size_t size = strlen(key) + strlen(value);
        unsigned n = 1;

        for (guint i = 0; i < values->len; i++) {
                const PluginValue *other = &g_array_index(values, PluginValue, i);

                if (is_value_of(other, plugin, key))
                        continue;
                n++;
                if (strcmp(other->plugin, plugin) == 0)
                        size += strlen(other->key) + strlen(other->value);
        }
        if (n > CAP_PLUGIN_VALUES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u settings of plugins are set, which is the most there can be; reset one",
                                CAP_PLUGIN_VALUES);
        if (size > CAP_PLUGIN_VALUES_BYTES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "the settings of the plugin %s would have %zu bytes, and %u are the most they can have",
                                plugin, size, CAP_PLUGIN_VALUES_BYTES);
        return 0;
}

/* ---- which get claims ---- */

int plugin_check_disable(const GArray *claims, const Now *now, const char *plugin, Refusal *ret_refusal) {
        for (guint i = 0; i < claims->len; i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);

                if (claim->lock == LOCK_NONE || !claim_in_force(claim, now) || !claim->profile.plugins ||
                                !g_strv_contains((const char *const *) claim->profile.plugins, plugin))
                        continue;
                return refuse(ret_refusal, REFUSAL_LOCKED,
                                "#%" PRIi64
                                " (%s) is locked and names the plugin %s: disabling it would lift that; release #%" PRIi64
                                " first",
                                claim->id, claim->profile.name, plugin, claim->id);
        }
        return 0;
}
