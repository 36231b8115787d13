/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/presence.h"

#include <errno.h>
#include <string.h>

#include "common/caps.h"
#include "daemon/bus/names.h"
#include "daemon/bus/plugin-files.h"
#include "daemon/engine/reports.h"

const Param register_params[3] = {
        { "plugin", ARG_PLUGIN, offsetof(RegisterParams, plugin) },
        { "version", OPTION_TEXT, offsetof(RegisterParams, version), CAP_VERSION_BYTES },
        { "pid", OPTION_NUMBER, offsetof(RegisterParams, pid), INT32_MAX, offsetof(RegisterParams, has_pid) },
};

static void on_left(NameSet *registered, const char *name, void *userdata) {
        const Bus *bus = userdata;

        engine_hosts_remove(bus->engine, name);
}

void presence_start(Bus *bus) {
        bus->registered = names_set_new(bus->names, on_left, bus);
}

void presence_end(Bus *bus) {
        if (!bus->registered)
                return;
        bus->registered = names_set_free(bus->registered);
        engine_hosts_remove(bus->engine, NULL);
}

static int check(const RegisterParams *params, Refusal *ret_refusal) {
        if (!params->version || !params->has_pid || params->pid == 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the %s of the plugin's host is missing; version (s) and pid (u) are both wanted",
                                params->version ? "pid" : "version");
        return 0;
}

/* Where its file says for whom it acts. A user's connection could else pass for the host of what root's
 * blocks. */
static int check_scope(Call *call, const char *plugin) {
        const Plugin *described = plugin_files_find(call->bus->plugin_files, plugin).plugin;
        const PluginScope scope = call->user ? PLUGIN_OF_SESSION : PLUGIN_OF_SYSTEM;

        if (!described || described->scope == scope)
                return 0;
        return refuse(&call->refusal, REFUSAL_NOT_POSSIBLE,
                        call->user ? "the plugin %s acts on the whole computer: its host is root's and registers with Manager"
                                   : "the plugin %s acts in the session of a user: its host registers with Focus of that user",
                        plugin);
}

/* Whose word a host holds, by which it tells another pomod from this one. */
static int append_store(Call *call, const char *store) {
        int r = reply_open(&call->reply, 'a', "{sv}");

        if (r >= 0)
                r = reply_open_entry(&call->reply, "Store", "s");
        if (r >= 0)
                r = reply_append(&call->reply, "s", store);
        if (r >= 0)
                r = reply_close_entry(&call->reply);
        return r < 0 ? r : reply_close(&call->reply);
}

int presence_register(Call *call) {
        const RegisterParams *params = call->given;
        const char *store;
        PluginHost host = {
                .connection = sd_bus_message_get_sender(call->message),
                .version = params->version,
                .pid = (uint32_t) params->pid,
        };
        int r = host.connection ? check(params, &call->refusal) : -ENXIO, added;

        if (r == 0)
                r = check_scope(call, params->plugin);
        if (r == 0)
                r = engine_get_identity(call->bus->engine, &store, &call->refusal);
        if (r != 0)
                return r;
        g_strlcpy(host.plugin, params->plugin, sizeof(host.plugin));
        /* Watched first: nobody leaves unnoticed. */
        r = added = names_set_add(call->bus->registered, host.connection);
        if (r >= 0)
                r = call->user ? user_hosts_add(call->user, &host, &call->refusal)
                               : engine_hosts_add(call->bus->engine, &host, &call->refusal);
        if (r != 0 && added > 0)
                (void) names_set_remove(call->bus->registered, host.connection);
        return r != 0 ? r : append_store(call, store);
}

bool presence_is_host(const Call *call, uid_t uid, const char *plugin) {
        const PluginHost *host = presence_find(call->bus->engine, uid, plugin);
        const char *sender = sd_bus_message_get_sender(call->message);

        return host && sender && strcmp(host->connection, sender) == 0;
}

int presence_check_host(Call *call, uid_t uid, const char *plugin) {
        if (presence_is_host(call, uid, plugin))
                return 0;
        return refuse(&call->refusal, REFUSAL_NOT_POSSIBLE,
                        "this connection is not the host of the plugin %s; it has to be registered for it first, with Register",
                        plugin);
}
