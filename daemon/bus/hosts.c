/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/hosts.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/caps.h"
#include "common/names.h"
#include "daemon/bus/desired.h"
#include "daemon/bus/names.h"
#include "daemon/bus/records.h"
#include "daemon/engine/journal.h"
#include "daemon/engine/reports.h"

struct Hosts {
        Bus *bus;
        NameSet *members;
        sd_event_source *look; /* enabled while there are users to be looked at */
        GHashTable *told; /* uid → table of what hosts know of: plugin → text; while somebody is subscribed */
        GHashTable *changed; /* set of uids */
};

static int on_look(sd_event_source *source, void *userdata);

int hosts_new(Bus *bus, Hosts **ret_hosts) {
        Hosts *hosts = g_new0(Hosts, 1);
        int r;

        hosts->bus = bus;
        hosts->told = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
        hosts->changed = g_hash_table_new(NULL, NULL);
        hosts->members = names_set_new(bus->names, NULL, NULL);
        r = sd_event_add_defer(bus->event, &hosts->look, on_look, hosts);
        if (r >= 0)
                r = sd_event_source_set_enabled(hosts->look, SD_EVENT_OFF);
        if (r < 0) {
                hosts_free(hosts);
                return r;
        }
        *ret_hosts = hosts;
        return 0;
}

Hosts *hosts_free(Hosts *hosts) {
        if (!hosts)
                return NULL;
        sd_event_source_unref(hosts->look);
        names_set_free(hosts->members);
        g_hash_table_unref(hosts->changed);
        g_hash_table_unref(hosts->told);
        g_free(hosts);
        return NULL;
}

/* ---- who is told ---- */

/* A claim keeps what it copied, so that it is known by its id; its end and its lock are what can change. */
static void note_plugin(GHashTable *plugins, const char *plugin, const Claim *claim) {
        GString *text = g_hash_table_lookup(plugins, plugin);

        if (!text) {
                text = g_string_new(NULL);
                g_hash_table_insert(plugins, g_strdup(plugin), text);
        }
        g_string_append_printf(text, "%" PRIi64 " %" PRIu64 " %" PRIu64 " %s %d %" PRIu64 "\n", claim->id,
                        claim->until_boot_usec, claim->until_real_usec, claim->boot_id, (int) claim->lock,
                        claim->lock_delay_usec);
}

static void string_free(void *string) {
        g_string_free(string, TRUE);
}

static GHashTable *look_at_user(const User *user) {
        GHashTable *plugins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free);
        unsigned place = 0;
        Claim claim;

        while (desired_next(user, &place, &claim))
                for (char **plugin = claim.profile.plugins; plugin && *plugin; plugin++)
                        note_plugin(plugins, *plugin, &claim);
        return plugins;
}

/* The plugins of one table of which the other says something else. */
static void compare(GHashTable *plugins, GHashTable *others, GHashTable *names) {
        GHashTableIter iter;
        void *plugin, *text;

        if (!plugins)
                return;
        g_hash_table_iter_init(&iter, plugins);
        while (g_hash_table_iter_next(&iter, &plugin, &text)) {
                const GString *other = others ? g_hash_table_lookup(others, plugin) : NULL;

                if (!other || !g_string_equal(text, other))
                        g_hash_table_add(names, g_strdup(plugin));
        }
}

static int tell(Hosts *hosts, const char *plugin) {
        int r = 0;

        for (unsigned i = 0; r >= 0 && i < names_set_count(hosts->members); i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

                r = sd_bus_message_new_signal(hosts->bus->bus, &message, POMOD_OBJECT_PATH,
                                POMOD_INTERFACE_MANAGER, "DesiredChanged");
                if (r >= 0)
                        r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, plugin);
                if (r >= 0)
                        r = sd_bus_message_set_destination(message, names_set_get(hosts->members, i));
                if (r >= 0)
                        r = sd_bus_send(hosts->bus->bus, message, NULL);
        }
        return r;
}

static void look_again(Hosts *hosts, uid_t uid, GHashTable *names) {
        GHashTable *before = g_hash_table_lookup(hosts->told, GUINT_TO_POINTER(uid));
        GHashTable *now = NULL;
        User *user;

        if (engine_enter(hosts->bus->engine, uid, "Manager.DesiredChanged", &user, NULL) == 0) {
                now = look_at_user(user);
                (void) engine_leave(user, 0, NULL);
        }
        compare(before, now, names);
        compare(now, before, names);
        if (now)
                g_hash_table_insert(hosts->told, GUINT_TO_POINTER(uid), now);
        else
                g_hash_table_remove(hosts->told, GUINT_TO_POINTER(uid));
}

/* From the loop, not from the engine's midst: here, it can be asked. */
static int on_look(sd_event_source *source, void *userdata) {
        Hosts *hosts = userdata;
        GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        GHashTableIter iter;
        void *key;
        int r = 0;

        g_hash_table_iter_init(&iter, hosts->changed);
        while (g_hash_table_iter_next(&iter, &key, NULL)) {
                uid_t uid = GPOINTER_TO_UINT(key);

                g_hash_table_iter_remove(&iter);
                look_again(hosts, uid, names);
                g_hash_table_iter_init(&iter, hosts->changed); /* asking may have added to them */
        }
        g_hash_table_iter_init(&iter, names);
        while (r >= 0 && g_hash_table_iter_next(&iter, &key, NULL))
                r = tell(hosts, key);
        if (r < 0 && r != -ENOTCONN)
                journal_error("Could not tell the plugin hosts of a change: %s.", strerror(-r));
        g_hash_table_unref(names);
        return 0;
}

void hosts_desired_changed(Hosts *hosts, uid_t uid) {
        if (names_set_count(hosts->members) == 0) {
                g_hash_table_remove_all(hosts->told);
                return;
        }
        g_hash_table_add(hosts->changed, GUINT_TO_POINTER(uid));
        (void) sd_event_source_set_enabled(hosts->look, SD_EVENT_ONESHOT);
}

static int note_user(User *user, void *userdata) {
        Hosts *hosts = userdata;

        g_hash_table_insert(hosts->told, GUINT_TO_POINTER(engine_user_uid(user)), look_at_user(user));
        return 0;
}

int hosts_add(Hosts *hosts, sd_bus_message *message, Refusal *ret_refusal) {
        const unsigned most = hosts->bus->many_users ? CAP_SUBSCRIBERS_PER_UID : CAP_SUBSCRIBERS_PRIVATE;
        const char *name = sd_bus_message_get_sender(message);

        if (!name)
                return -ENXIO;
        if (names_set_has(hosts->members, name))
                return 0;
        if (names_set_count(hosts->members) >= most)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u connections of root are subscribed, which is the most there can be; end one",
                                most);
        if (names_set_count(hosts->members) == 0) {
                g_hash_table_remove_all(hosts->told);
                (void) engine_each_user(hosts->bus->engine, "Manager.Subscribe", note_user, hosts, NULL);
        }
        return result_of(names_set_add(hosts->members, name));
}

void hosts_remove(Hosts *hosts, sd_bus_message *message) {
        const char *name = sd_bus_message_get_sender(message);

        if (name)
                (void) names_set_remove(hosts->members, name);
}

/* ---- methods of Manager ---- */

int hosts_desired(Call *call) {
        Engine *engine = call->bus->engine;
        Desired desired;
        int r = desired_begin(&desired, call, engine_desired_generation(engine));

        if (r == 0)
                r = engine_each_user(
                                engine, call->method->name, desired_append_user, &desired, &call->refusal);
        return r != 0 ? r : reply_close(&call->reply);
}

int hosts_report(Call *call) {
        char state[SNIPPET_BYTES + 4];
        const PluginReport report = report_make(call->given, state);

        return engine_reports_put(call->bus->engine, &report, &call->refusal);
}

static int append_user_reports(User *user, void *list) {
        int r = reports_append(list, user_reports(user));

        return ((const ReportList *) list)->page.more
                               ? 0
                               : r; /* a page that is over is no failure of the user's */
}

int hosts_list_reports(Call *call) {
        Engine *engine = call->bus->engine;
        ReportList list;
        int r = reports_begin(&list, call, NULL);

        if (r == 0)
                r = reports_append(&list, engine_reports(engine));
        if (r == 0)
                r = engine_each_user(engine, call->method->name, append_user_reports, &list, NULL);
        return reports_end(&list, r);
}
