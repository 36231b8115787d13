/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/bus.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/export.h"
#include "daemon/bus/hosts.h"
#include "daemon/bus/internal.h"
#include "daemon/bus/logind.h"
#include "daemon/bus/objects.h"
#include "daemon/bus/polkit.h"
#include "daemon/bus/subscribers.h"
#include "daemon/engine/journal.h"

Bus *bus_new(const BusConfig *config) {
        Bus *bus = g_new0(Bus, 1);

        bus->event = sd_event_ref(config->event);
        bus->engine = config->engine;
        bus->many_users = config->many_users;
        bus->plugin_dirs = config->plugin_dirs;
        bus->version = POMOD_VERSION;
        bus->own_uid = getuid();
        bus->address = g_strdup(config->address);
        bus->creds = creds_cache_new(CREDS_CACHE_ENTRIES);
        return bus;
}

static int connect_address(const char *address, sd_bus **ret_bus) {
        cleanup_(sd_bus_unrefp) sd_bus *sdbus = NULL;
        int r = sd_bus_new(&sdbus);

        if (r >= 0)
                r = sd_bus_set_address(sdbus, address);
        if (r >= 0)
                r = sd_bus_set_bus_client(sdbus, 1);
        if (r >= 0)
                r = sd_bus_start(sdbus);
        if (r >= 0)
                *ret_bus = steal(sdbus);
        return r < 0 ? r : 0;
}

static int connect_bus(const char *address, sd_bus **ret_bus) {
        if (strcmp(address, "system") == 0)
                return sd_bus_open_system_with_description(ret_bus, "pomod");
        if (strcmp(address, "session") == 0)
                return sd_bus_open_user_with_description(ret_bus, "pomod");
        return connect_address(address, ret_bus);
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        journal_info("The bus %s is gone. Everything is stored; pomod ends here, to be started again.",
                        bus->address);
        sd_event_exit(bus->event, 0);
        return 0;
}

/*
 * A match rule is no proof of who sent a signal: anybody may send one to a unique name, and sd-bus would
 * believe that a subscriber has left. All that pomod listens to is told to everybody; to it alone speaks only
 * the bus.
 */
static int on_message(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        const char *sender = sd_bus_message_get_sender(message);
        bool from_bus = sender && strcmp(sender, "org.freedesktop.DBus") == 0;

        if (from_bus || sd_bus_message_is_signal(message, NULL, NULL) <= 0)
                return 0;
        /* No sender: of sd-bus itself, that the connection has ended. */
        return sender && (sd_bus_message_get_destination(message) ||
                                         sd_bus_message_is_signal(message, "org.freedesktop.DBus", NULL) > 0);
}

static void on_change(
                User *user, unsigned changed, const EngineEvent *events, unsigned n_events, void *userdata) {
        Bus *bus = userdata;

        subscribers_announce(bus->subscribers, user, changed, events, n_events);
        if (changed & CHANGED_FOCUS)
                hosts_desired_changed(bus->hosts, engine_user_uid(user));
}

int bus_start(Bus *bus) {
        int r = connect_bus(bus->address, &bus->bus);

        if (r >= 0)
                r = sd_bus_add_filter(bus->bus, NULL, on_message, bus);
        if (r >= 0)
                r = sd_bus_match_signal(bus->bus, NULL, "org.freedesktop.DBus.Local",
                                "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
                                on_disconnected, bus);
        if (r < 0)
                return r;
        bus->subscribers = subscribers_new(bus);
        bus->polkit = polkit_new(bus);
        bus->exports = exports_new(bus);
        r = hosts_new(bus, &bus->hosts);
        if (r >= 0)
                r = objects_new(bus, &bus->objects);
        if (r >= 0)
                r = sd_bus_request_name(bus->bus, POMOD_BUS_NAME, 0);
        if (r >= 0)
                r = sd_bus_attach_event(bus->bus, bus->event, SD_EVENT_PRIORITY_NORMAL);
        if (r < 0)
                return r;
        engine_set_listener(bus->engine, on_change, bus);
        bus->logind = logind_start(bus);
        return 0;
}

Bus *bus_free(Bus *bus) {
        if (!bus)
                return NULL;
        if (bus->subscribers)
                engine_set_listener(bus->engine, NULL, NULL);
        bus->logind = logind_free(bus->logind);
        bus->exports = exports_free(bus->exports);
        bus->polkit = polkit_free(bus->polkit);
        bus->hosts = hosts_free(bus->hosts);
        bus->subscribers = subscribers_free(bus->subscribers);
        sd_bus_flush_close_unref(bus->bus);
        bus->objects = objects_free(bus->objects);
        creds_cache_free(bus->creds);
        sd_event_unref(bus->event);
        g_free(bus->address);
        g_free(bus);
        return NULL;
}
