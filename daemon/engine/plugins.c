/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/plugins.h"

#include <assert.h>
#include <string.h>

#include "daemon/engine/publish.h"

int user_plugins_load(User *user) {
        GPtrArray *disabled = g_ptr_array_new_with_free_func(g_free);
        GArray *values = plugin_values_new();
        int r;

        assert(user->store);
        r = store_plugins_load(user->store, disabled, values);
        if (r < 0) {
                g_ptr_array_unref(disabled);
                g_array_unref(values);
                return r;
        }
        user_plugins_done(user);
        user->disabled_plugins = disabled;
        user->plugin_values = values;
        return 0;
}

void user_plugins_done(User *user) {
        g_clear_pointer(&user->disabled_plugins, g_ptr_array_unref);
        g_clear_pointer(&user->plugin_values, g_array_unref);
}

static bool is_disabled(const User *user, const char *plugin, guint *ret_place) {
        return user->disabled_plugins &&
               g_ptr_array_find_with_equal_func(user->disabled_plugins, plugin, g_str_equal, ret_place);
}

static void enable(User *user, const char *plugin) {
        guint place;

        if (is_disabled(user, plugin, &place))
                g_ptr_array_remove_index_fast(user->disabled_plugins, place);
}

/* What should hold is another thing: whether the plugin gets claims, or a setting that goes with them. */
static int commit(User *user, const Request *request) {
        const bool set = request->type == REQUEST_PLUGIN_SET;
        StoreWrite write;
        News news = {};
        int r = store_write_begin(user->store, &write);

        if (r < 0)
                return r;
        publish_add_now(user, &news, CHANGED_SETTINGS | CHANGED_FOCUS, HAPPENED_SETTINGS_CHANGED, 0);
        if (set || request->type == REQUEST_PLUGIN_RESET)
                r = write_plugin_value(&write, request->name, request->key, set ? request->text : NULL);
        else
                r = write_plugin_enabled(&write, request->name, request->type == REQUEST_PLUGIN_ENABLE);
        r = user_publish_stored(user, &write, r, &news);
        if (r < 0)
                return r;
        if (set || request->type == REQUEST_PLUGIN_RESET)
                plugin_values_put(
                                user->plugin_values, request->name, request->key, set ? request->text : NULL);
        else if (request->type == REQUEST_PLUGIN_DISABLE)
                g_ptr_array_add(user->disabled_plugins, g_strdup(request->name));
        else
                enable(user, request->name);
        user->focus.generation = ++user->engine->generation;
        user->focus.attendance_usec = 0;
        user_publish(user, &news);
        return 0;
}

static int disable(User *user, const Request *request, Refusal *ret_refusal) {
        int r = plugin_check_disable(user->focus.claims, &user->engine->now, request->name, ret_refusal);

        if (r != 0)
                return r;
        if (user->disabled_plugins->len >= CAP_PLUGINS_DISABLED)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u plugins are disabled, which is the most there can be; enable one",
                                user->disabled_plugins->len);
        return commit(user, request);
}

int user_plugins_request(User *user, const Request *request, Refusal *ret_refusal) {
        const char *had;
        int r;

        assert(user->store && user->disabled_plugins && request->name);
        switch (request->type) {
        case REQUEST_PLUGIN_ENABLE:
                return is_disabled(user, request->name, NULL) ? commit(user, request) : 0;
        case REQUEST_PLUGIN_DISABLE:
                return is_disabled(user, request->name, NULL) ? 0 : disable(user, request, ret_refusal);
        default:
                assert(request->key);
                had = plugin_values_find(user->plugin_values, request->name, request->key);
        }
        if (request->type == REQUEST_PLUGIN_RESET)
                return had ? commit(user, request) : 0;
        if (had && strcmp(had, request->text) == 0)
                return 0;
        r = plugin_values_check_room(
                        user->plugin_values, request->name, request->key, request->text, ret_refusal);
        return r != 0 ? r : commit(user, request);
}
