/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/duration.h"
#include "common/names.h"
#include "common/text.h"
#include "daemon/bus/interface.h"
#include "daemon/bus/pages.h"
#include "daemon/bus/plugin-files.h"
#include "daemon/bus/records.h"
#include "daemon/bus/request.h"
#include "daemon/bus/values.h"
#include "daemon/engine/read.h"
#include "daemon/engine/reports.h"

/* Where root sets what holds always; clients name the same. */
#define CONF_DIR "/etc/pomod/plugins"

/* ---- which there are ---- */

/* Installed, or with a host that is there or said something. */
static bool is_known(Call *call, const char *plugin) {
        return plugin_files_find(call->bus->plugin_files, plugin).installed ||
               user_reports_has(call->user, plugin);
}

static int refuse_unknown(Call *call, const char *plugin) {
        return refuse(&call->refusal, REFUSAL_NO_SUCH_PLUGIN,
                        "there is no plugin \"%s\" here: none of that name is installed, and none runs",
                        plugin);
}

/* ---- List ---- */

typedef struct ListPlugins {
        const char *after;
        unsigned limit;
} ListPlugins;

static const Param list_params[] = {
        { "after", OPTION_TEXT, offsetof(ListPlugins, after), CAP_RULE_BYTES },
        { "limit", OPTION_PAGE, offsetof(ListPlugins, limit) },
};

static void add_name(const char *name, void *names) {
        if (!g_hash_table_contains(names, name))
                g_hash_table_add(names, g_strdup(name));
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Sorted; NULL at the end. */
static char **list_names(const Call *call) {
        GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
        char **installed = plugin_files_list(call->bus->plugin_files), **list;
        guint n = 0;

        for (char **name = installed; *name; name++)
                add_name(*name, names);
        user_reports_each_plugin(call->user, add_name, names);
        g_strfreev(installed);
        list = (char **) g_hash_table_get_keys_as_array(names, &n);
        g_hash_table_unref(names);
        qsort(list, n, sizeof(*list), compare_names);
        return list;
}

/* Of one plugin: what its file says, what its host says, and what the user decided. */
typedef struct Shown {
        const char *name;
        PluginFile file;
        PluginStatus status;
        bool enabled;
} Shown;

static int append_shown(Reply *reply, const void *record) {
        const Shown *shown = record;
        const Plugin *plugin = shown->file.plugin;
        const PluginHost *host = shown->status.host;
        const Field fields[] = {
                field_text("Name", shown->name),
                field_text("Scope", plugin ? plugin_scope_to_string(plugin->scope) : ""),
                field_text("Sentence", plugin ? plugin->sentence : ""),
                field_flag("Installed", shown->file.installed),
                field_text("Problem", shown->file.problem),
                field_flag("Enabled", shown->enabled),
                field_text("State", shown->status.state),
                field_text("Message", shown->status.message),
                field_text("Version", host     ? host->version
                                      : plugin ? plugin->version
                                               : ""),
                field_number("Pid", "u", host ? host->pid : 0),
        };

        return fields_append(reply, fields, ELEMENTSOF(fields));
}

/* As its file says; of one without a file, whoever is there. */
static bool acts_for_all(const Call *call, const Shown *shown) {
        if (shown->file.plugin)
                return shown->file.plugin->scope == PLUGIN_OF_SYSTEM;
        return !presence_find(call->bus->engine, call->uid, shown->name) &&
               presence_find(call->bus->engine, PRESENCE_OF_COMPUTER, shown->name);
}

static int list(Call *call) {
        const ListPlugins *list = call->given;
        char **names = list_names(call);
        Field last = field_text("after", "");
        Page page;
        int r = page_begin(&page, call, list->limit, "a{sv}");

        user_reports_look(call->user);
        for (char **name = names; r == 0 && *name; name++) {
                Shown shown = {
                        .name = *name,
                        .file = plugin_files_find(call->bus->plugin_files, *name),
                        .enabled = user_read_plugin_enabled(call->user, *name),
                };

                user_plugin_status(call->user, *name, acts_for_all(call, &shown), &shown.status);
                if (list->after && strcmp(*name, list->after) <= 0)
                        continue;
                r = page_append(&page, append_shown, &shown);
                if (r == 0)
                        last.text = *name;
        }
        r = page_end(&page, r, &last, 1);
        g_strfreev(names);
        return r;
}

/* ---- Enable, Disable ---- */

static const Param switch_params[] = {
        { "plugin", ARG_PLUGIN, offsetof(Request, name) },
        OPTION_IF_SEQ,
};

static int switch_plugin(Call *call) {
        const Request *request = call->given;

        /* One that is gone can be enabled again. */
        if (!is_known(call, request->name) && user_read_plugin_enabled(call->user, request->name))
                return refuse_unknown(call, request->name);
        return request_plain(call);
}

/* ---- settings ---- */

typedef struct GetSettings {
        const char *plugin;
} GetSettings;

static const Param get_params[] = {
        { "plugin", ARG_PLUGIN, offsetof(GetSettings, plugin) },
};

/* As it would be written. */
static char *bound_text(const PluginSetting *setting, int64_t bound) {
        char buf[DURATION_TEXT_MAX];

        if (!setting->bounded)
                return g_strdup("");
        if (setting->type == PLUGIN_DURATION)
                return g_strdup(duration_format((uint64_t) MAX(bound, 0), buf));
        return g_strdup_printf("%" PRIi64, bound);
}

static int append_setting(Reply *reply, const PluginSetting *setting, const char *value) {
        cleanup_free_ char *minimum = bound_text(setting, setting->min);
        cleanup_free_ char *maximum = bound_text(setting, setting->max);
        const Field fields[] = {
                field_text("Key", setting->key),
                field_text("Type", plugin_type_to_string(setting->type)),
                field_text("Sentence", setting->sentence),
                field_flag("Standing", setting->standing),
                field_flag("ForEveryone", setting->for_everyone),
                field_flag("IsSet", value),
                field_text("Value", value ?: setting->fallback),
                field_text("Default", setting->fallback),
                field_text("Minimum", minimum),
                field_text("Maximum", maximum),
        };
        int r = reply_open_record(reply);

        if (r >= 0)
                r = fields_append_entries(reply, fields, ELEMENTSOF(fields));
        if (r >= 0)
                r = texts_append_entry(reply, "Choices", setting->choices,
                                setting->choices ? g_strv_length(setting->choices) : 0);
        return r < 0 ? r : reply_close(reply);
}

/* What is set and is no setting any more, as of another version: with nothing but its value. */
static int append_unknown(Reply *reply, const Plugin *plugin, const GArray *values) {
        int r = 0;

        for (guint i = 0; r == 0 && values && i < values->len; i++) {
                const PluginValue *value = &g_array_index(values, PluginValue, i);
                const PluginSetting gone = {
                        .key = value->key,
                        .type = PLUGIN_TEXT,
                        .sentence = (char *) "unknown to the plugin as it is installed; reset it",
                        .fallback = (char *) "",
                        .standing = true,
                };

                if (strcmp(value->plugin, plugin->name) == 0 &&
                                !plugin_find_setting(plugin, value->key, true))
                        r = append_setting(reply, &gone, value->value);
        }
        return r;
}

static int get(Call *call) {
        const GetSettings *get = call->given;
        const PluginFile file = plugin_files_find(call->bus->plugin_files, get->plugin);
        const GArray *values;
        int r;

        if (!file.plugin)
                return file.problem ? refuse(&call->refusal, REFUSAL_NOT_POSSIBLE, "%s", file.problem)
                                    : refuse_unknown(call, get->plugin);
        /* What holds for the whole computer is no user's, also if it was while the plugin was a session's. */
        values = file.plugin->scope == PLUGIN_OF_SYSTEM ? NULL : user_read_plugin_values(call->user);
        r = reply_open_records(&call->reply);
        for (guint i = 0; r == 0 && i < file.plugin->settings->len; i++) {
                const PluginSetting *setting = &g_array_index(file.plugin->settings, PluginSetting, i);
                const char *value = values && setting->standing
                                                    ? plugin_values_find(values, get->plugin, setting->key)
                                                    : NULL;

                r = append_setting(&call->reply, setting, value);
        }
        if (r == 0)
                r = append_unknown(&call->reply, file.plugin, values);
        return r != 0 ? r : reply_close(&call->reply);
}

typedef struct SetSetting {
        Request request;
        Value value;
        char text[VALUE_TEXT_MAX];
} SetSetting;

static const Param set_params[] = {
        { "plugin", ARG_PLUGIN, offsetof(Request, name) },
        { "key", ARG_TEXT, offsetof(Request, key), CAP_RULE_BYTES },
        { "value", ARG_VALUE, offsetof(SetSetting, value) },
        OPTION_IF_SEQ,
};

static const Param reset_params[] = {
        { "plugin", ARG_PLUGIN, offsetof(Request, name) },
        { "key", ARG_TEXT, offsetof(Request, key), CAP_RULE_BYTES },
        OPTION_IF_SEQ,
};

static int refuse_key(Call *call, const Plugin *plugin, const char *key) {
        char buf[TEXT_EXCERPT_MAX];

        if (plugin_find_setting(plugin, key, false))
                return refuse(&call->refusal, REFUSAL_NO_SUCH_SETTING,
                                "%s.%s is a key of profiles; it is set there, as in: focus profile set NAME '%s.%s=…'",
                                plugin->name, key, plugin->name, key);
        return refuse(&call->refusal, REFUSAL_NO_SUCH_SETTING,
                        "the plugin %s has no setting \"%s\" that holds always", plugin->name,
                        text_excerpt(key, buf));
}

/* What another version of the plugin had can be taken back, and nothing else. */
static bool is_set(const Call *call, const Request *request) {
        const GArray *values = user_read_plugin_values(call->user);

        return values && plugin_values_find(values, request->name, request->key);
}

/* Of a plugin that says what it has: the key as it is declared there, and a text that fits. */
static int check_described(Call *call, const Plugin *plugin, Request *request) {
        const PluginSetting *setting = plugin_find_setting(plugin, request->key, true);

        if (!setting && !request->text && is_set(call, request))
                return 0;
        if (!setting)
                return refuse_key(call, plugin, request->key);
        if (plugin->scope == PLUGIN_OF_SYSTEM)
                return refuse(&call->refusal, REFUSAL_NOT_POSSIBLE,
                                "the plugin %s acts on the whole computer, so that root sets what holds always, in %s/%s.conf",
                                plugin->name, CONF_DIR, plugin->name);
        request->key = setting->key;
        return request->text ? plugin_check_value(plugin, setting, request->text, &call->refusal) : 0;
}

/* Of one that is not installed for everybody, and runs: its host knows what fits, and says so. */
static int check_undescribed(Call *call, const PluginFile *file, const Request *request) {
        char buf[TEXT_EXCERPT_MAX];

        if (file->problem)
                return refuse(&call->refusal, REFUSAL_NOT_POSSIBLE, "%s", file->problem);
        if (!is_known(call, request->name))
                return refuse_unknown(call, request->name);
        if (!g_ascii_islower(request->key[0]) ||
                        request->key[strspn(request->key, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
                return refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is no key of a setting: small letters, digits and dashes, a letter first",
                                text_excerpt(request->key, buf));
        return 0;
}

static int change(Call *call) {
        Request *request = call->given;
        const PluginFile file = plugin_files_find(call->bus->plugin_files, request->name);
        int r;

        r = file.plugin ? check_described(call, file.plugin, request)
                        : check_undescribed(call, &file, request);
        return r != 0 ? r : request_plain(call);
}

static int set(Call *call) {
        SetSetting *set = call->given;
        char buf[SNIPPET_BYTES + 4];
        int r;

        set->request.text = value_to_text(&set->value, set->text);
        if (!set->request.text)
                return refuse(&call->refusal, REFUSAL_INVALID_ARGUMENT,
                                "the value is of the D-Bus type \"%s\"; it has to be a string, a boolean or an integer",
                                text_snippet(set->value.contents, buf));
        r = text_validate(set->request.text, CAP_PROFILE_VALUE_BYTES, "value", &call->refusal);
        return r != 0 ? r : change(call);
}

static const Method methods[] = {
        { "Plugins.List", READS, list, "aa{sv} plugins, a{sv} more", PARAMS(list_params, ListPlugins) },
        { "Plugins.Enable", WRITES, switch_plugin, NULL, PARAMS(switch_params, Request),
                        .request = REQUEST_PLUGIN_ENABLE },
        { "Plugins.Disable", WRITES, switch_plugin, NULL, PARAMS(switch_params, Request),
                        .request = REQUEST_PLUGIN_DISABLE },
        { "Plugins.Get", READS, get, "aa{sv} settings", PARAMS(get_params, GetSettings) },
        { "Plugins.Set", WRITES, set, NULL, PARAMS(set_params, SetSetting), .request = REQUEST_PLUGIN_SET },
        { "Plugins.Reset", WRITES, change, NULL, PARAMS(reset_params, Request),
                        .request = REQUEST_PLUGIN_RESET },
};

const Interface plugins_interface = INTERFACE_OF_METHODS(POMOD_INTERFACE_PLUGINS, methods);
