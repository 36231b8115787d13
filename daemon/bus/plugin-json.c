/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/plugin-json.h"

#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/text.h"

#define DEPTH_MAX 8

DEFINE_CLEANUP(json_object *, json_object_put);
DEFINE_CLEANUP(json_tokener *, json_tokener_free);
DEFINE_CLEANUP(Plugin *, plugin_free);

/* What is being read, and what was wrong with it first. */
typedef struct Reader {
        const char *where; /* "settings[2]" or the plugin's name */
        char *sentence;    /* owned; NULL: nothing was wrong */
} Reader;

static void complain(Reader *reader, const char *key, const char *wanted) {
        if (!reader->sentence)
                reader->sentence = g_strdup_printf("\"%s\" of %s is not %s", key, reader->where, wanted);
}

static json_object *member(json_object *object, const char *key) {
        json_object *found = NULL;

        return json_object_object_get_ex(object, key, &found) ? found : NULL;
}

/* A copy; NULL where it is null or absent, and that is fine. */
static char *read_text_or_none(Reader *reader, json_object *object, const char *key, size_t most) {
        json_object *value = member(object, key);

        if (!value)
                return NULL;
        if (json_object_is_type(value, json_type_string) &&
                        strlen(json_object_get_string(value)) == (size_t) json_object_get_string_len(value) &&
                        text_check(json_object_get_string(value), most) == 0)
                return g_strdup(json_object_get_string(value));
        complain(reader, key, "a short line of text");
        return NULL;
}

static char *read_text(Reader *reader, json_object *object, const char *key, size_t most) {
        char *text = read_text_or_none(reader, object, key, most);

        if (!text)
                complain(reader, key, "there, as a line of text");
        return text;
}

static int read_word(Reader *reader, json_object *object, const char *key, const EnumWords *words) {
        cleanup_free_ char *word = read_text(reader, object, key, CAP_RULE_BYTES);
        const int value = enum_words_from_string(words, word);

        if (word && value < 0)
                complain(reader, key, "one of the words that there are");
        return MAX(value, 0);
}

static bool read_flag(Reader *reader, json_object *object, const char *key) {
        json_object *value = member(object, key);

        if (!value || !json_object_is_type(value, json_type_boolean)) {
                complain(reader, key, "true or false");
                return false;
        }
        return json_object_get_boolean(value);
}

/* Absent: false. */
static bool read_number(Reader *reader, json_object *object, const char *key, int64_t *ret_number) {
        json_object *value = member(object, key);

        if (!value)
                return false;
        if (!json_object_is_type(value, json_type_int)) {
                complain(reader, key, "a whole number");
                return false;
        }
        *ret_number = json_object_get_int64(value);
        return true;
}

static char **read_choices(Reader *reader, json_object *object) {
        json_object *list = member(object, "choices");
        GPtrArray *choices;

        if (!list || !json_object_is_type(list, json_type_array) || json_object_array_length(list) == 0 ||
                        json_object_array_length(list) > CAP_PLUGIN_SETTINGS) {
                complain(reader, "choices", "a list of words");
                return NULL;
        }
        choices = g_ptr_array_new();
        for (size_t i = 0; i < json_object_array_length(list); i++) {
                const char *choice = json_object_get_string(json_object_array_get_idx(list, i));

                if (choice && text_check(choice, CAP_RULE_BYTES) == 0)
                        g_ptr_array_add(choices, g_strdup(choice));
                else
                        complain(reader, "choices", "a list of words");
        }
        g_ptr_array_add(choices, NULL);
        return (char **) g_ptr_array_free(choices, FALSE);
}

static bool is_key(const char *key) {
        if (!g_ascii_islower(key[0]))
                return false;
        return key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static void read_setting(Reader *reader, json_object *object, Plugin *plugin) {
        PluginSetting setting = {
                .key = read_text(reader, object, "key", CAP_RULE_BYTES),
                .type = (PluginType) read_word(reader, object, "type", &plugin_type_enum),
                .sentence = read_text(reader, object, "sentence", CAP_NOTE_BYTES),
                .fallback = read_text_or_none(reader, object, "fallback", CAP_PROFILE_VALUE_BYTES),
                .standing = read_flag(reader, object, "standing"),
                .for_everyone = read_flag(reader, object, "for-everyone"),
        };
        const PluginSetting *put;

        if (setting.type == PLUGIN_CHOICE)
                setting.choices = read_choices(reader, object);
        setting.bounded = read_number(reader, object, "min", &setting.min);
        if (read_number(reader, object, "max", &setting.max) != setting.bounded)
                complain(reader, "max", "there with min, or absent with it");
        if (setting.key && !is_key(setting.key))
                complain(reader, "key", "a key: small letters, digits and dashes, a letter first");
        for (guint i = 0; setting.key && i < plugin->settings->len; i++)
                if (strcmp(g_array_index(plugin->settings, PluginSetting, i).key ?: "", setting.key) == 0)
                        complain(reader, "key", "given once alone");
        g_array_append_val(plugin->settings, setting);
        put = &g_array_index(plugin->settings, PluginSetting, plugin->settings->len - 1);
        if (!reader->sentence && put->fallback && plugin_check_value(plugin, put, put->fallback, NULL) != 0)
                complain(reader, "fallback", "a value that the setting itself takes");
}

static void read_settings(Reader *reader, json_object *object, Plugin *plugin) {
        json_object *list = member(object, "settings");

        if (!list || !json_object_is_type(list, json_type_array) ||
                        json_object_array_length(list) > CAP_PLUGIN_SETTINGS) {
                complain(reader, "settings", "a list of at most 64 settings");
                return;
        }
        for (size_t i = 0; !reader->sentence && i < json_object_array_length(list); i++) {
                json_object *setting = json_object_array_get_idx(list, i);
                cleanup_free_ char *where = g_strdup_printf("settings[%zu]", i);
                Reader inner = { .where = where };

                if (setting && json_object_is_type(setting, json_type_object))
                        read_setting(&inner, setting, plugin);
                else
                        complain(reader, "settings", "a list of objects");
                if (!reader->sentence)
                        reader->sentence = inner.sentence;
                else
                        g_free(inner.sentence);
        }
}

static void read_plugin(Reader *reader, json_object *object, Plugin *plugin) {
        cleanup_free_ char *name = read_text(reader, object, "name", CAP_RULE_BYTES);
        int64_t abi = 0;

        if (name && strcmp(name, plugin->name) != 0)
                complain(reader, "name", "the name of the file");
        plugin->version = read_text(reader, object, "version", CAP_TITLE_BYTES);
        if (!read_number(reader, object, "abi", &abi) || abi < 0 || abi > UINT32_MAX)
                complain(reader, "abi", "there, as a number");
        plugin->abi = (uint32_t) abi;
        plugin->scope = (PluginScope) read_word(reader, object, "scope", &plugin_scope_enum);
        plugin->sentence = read_text(reader, object, "sentence", CAP_NOTE_BYTES);
        read_settings(reader, object, plugin);
}

int plugin_json_parse(
                const char *json, size_t size, const char *name, Plugin **ret_plugin, char **ret_sentence) {
        cleanup_(json_tokener_freep) json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
        cleanup_(json_object_putp) json_object *object = NULL;
        cleanup_(plugin_freep) Plugin *plugin = plugin_new();
        Reader reader = { .where = name };

        assert(size <= CAP_PLUGIN_FILE_BYTES && strlen(name) <= CAP_RULE_BYTES);
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        object = json_tokener_parse_ex(tokener, json, (int) size);
        if (!object || !json_object_is_type(object, json_type_object)) {
                *ret_sentence = g_strdup("it is no JSON object");
                return -EBADMSG;
        }
        g_strlcpy(plugin->name, name, sizeof(plugin->name));
        read_plugin(&reader, object, plugin);
        if (reader.sentence) {
                *ret_sentence = reader.sentence;
                return -EBADMSG;
        }
        *ret_plugin = steal(plugin);
        return 0;
}
