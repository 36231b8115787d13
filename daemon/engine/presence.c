/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/presence.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/engine/user.h"

#define KEY_BYTES (CAP_RULE_BYTES + 16u)

/* Of the table: the plugin with whom it acts for. */
static const char *key_of(uid_t uid, const char *plugin, char buf[KEY_BYTES]) {
        snprintf(buf, KEY_BYTES, "%" PRIu32 "/%s", (uint32_t) uid, plugin);
        return buf;
}

static void host_free(gpointer data) {
        PluginHost *host = data;

        g_free((char *) host->connection);
        g_free((char *) host->version);
        g_free(host);
}

const PluginHost *presence_find(const Engine *engine, uid_t uid, const char *plugin) {
        char key[KEY_BYTES];

        return engine->hosts ? g_hash_table_lookup(engine->hosts, key_of(uid, plugin, key)) : NULL;
}

bool presence_has(const Engine *engine, uid_t uid, const char *plugin) {
        return presence_find(engine, uid, plugin) || presence_find(engine, PRESENCE_OF_COMPUTER, plugin);
}

void presence_each(const Engine *engine, uid_t uid, void (*func)(const char *plugin, void *userdata),
                void *userdata) {
        GHashTableIter iter;
        gpointer value;

        if (!engine->hosts)
                return;
        g_hash_table_iter_init(&iter, engine->hosts);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const PluginHost *host = value;

                if (host->uid == uid)
                        func(host->plugin, userdata);
        }
}

static unsigned count(const Engine *engine, uid_t uid) {
        GHashTableIter iter;
        unsigned n = 0;
        gpointer host;

        g_hash_table_iter_init(&iter, engine->hosts);
        while (g_hash_table_iter_next(&iter, NULL, &host))
                n += ((const PluginHost *) host)->uid == uid;
        return n;
}

int presence_put(Engine *engine, const PluginHost *host, Refusal *ret_refusal) {
        const PluginHost *known = presence_find(engine, host->uid, host->plugin);
        char key[KEY_BYTES];
        PluginHost *copy;

        if (known && strcmp(known->connection, host->connection) != 0)
                return refuse(ret_refusal, REFUSAL_BUSY,
                                "the plugin %s has a host already, the process %" PRIu32
                                "; it has one at a time: end that one first",
                                host->plugin, known->pid);
        if (!engine->hosts)
                engine->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, host_free);
        if (!known && count(engine, host->uid) >= CAP_HOSTS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u plugins are registered already, which is the most there can be",
                                CAP_HOSTS);
        copy = g_new(PluginHost, 1);
        *copy = *host;
        copy->connection = g_strdup(host->connection);
        copy->version = g_strdup(host->version);
        g_hash_table_replace(engine->hosts, g_strdup(key_of(host->uid, host->plugin, key)), copy);
        return 0;
}

bool presence_take(Engine *engine, const char *connection, const uid_t *uid, uid_t *ret_uid) {
        GHashTableIter iter;
        gpointer value;

        if (!engine->hosts)
                return false;
        g_hash_table_iter_init(&iter, engine->hosts);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const PluginHost *host = value;

                if ((connection && strcmp(host->connection, connection) != 0) || (uid && host->uid != *uid))
                        continue;
                *ret_uid = host->uid;
                g_hash_table_iter_remove(&iter);
                return true;
        }
        return false;
}

void presence_done(Engine *engine) {
        g_clear_pointer(&engine->hosts, g_hash_table_unref);
}
