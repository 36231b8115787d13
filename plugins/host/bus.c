/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/lib/memory.h"
#include "common/names.h"
#include "plugins/host/bus-private.h"
#include "plugins/host/sentence.h"

#define DRIVER "org.freedesktop.DBus"

static bool is_from(sd_bus_message *message, const char *sender) {
        return strcmp(sd_bus_message_get_sender(message) ?: "", sender) == 0;
}

/* ---- what the bus tells ---- */

static void owner_set(Bus *bus, const char *owner) {
        free(bus->owner);
        bus->owner = owner && *owner ? memory_copy(owner) : NULL;
        bus->retry_usec = BUS_RETRY_MIN_USEC;
        if (bus->owner) {
                bus_begin(bus);
                return;
        }
        bus_drop_calls(bus);
        bus_retry_off(bus);
        bus_silent(bus, "pomod is not running");
}

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        const char *name, *old_owner, *new_owner;

        if (!is_from(message, DRIVER) ||
                        sd_bus_message_read(message, "sss", &name, &old_owner, &new_owner) < 0 ||
                        strcmp(name, POMOD_BUS_NAME) != 0)
                return 0;
        /* It says more than the answer that is still under way. */
        bus->owner_call = sd_bus_slot_unref(bus->owner_call);
        owner_set(bus, new_owner);
        return 0;
}

static int on_owner(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        const char *owner = NULL;

        bus->owner_call = sd_bus_slot_unref(bus->owner_call);
        if (is_from(reply, DRIVER) && !sd_bus_message_is_method_error(reply, NULL))
                (void) sd_bus_message_read(reply, "s", &owner);
        owner_set(bus, owner);
        return 0;
}

/* Where Seq leaps, others were told as one with it. */
static void on_event(Bus *bus, uint64_t seq, const char *kind, sd_bus_message *details) {
        bool leaps = bus->event_seq > 0 && seq > bus->event_seq + 1;

        bus->event_seq = seq;
        if (!bus->events)
                return;
        bus->config.handler.event(bus->config.userdata, seq, kind, details);
        if (leaps)
                bus_ask_timer(bus);
}

static int on_signal(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        const char *plugin, *kind;
        uint64_t seq;

        if (!bus_is_from_owner(bus, message))
                return 0;
        if (sd_bus_message_is_signal(message,
                            bus->config.system ? POMOD_INTERFACE_MANAGER : POMOD_INTERFACE_FOCUS,
                            "DesiredChanged") > 0) {
                if (sd_bus_message_read(message, "s", &plugin) < 0 || strcmp(plugin, bus->config.name) == 0)
                        bus_ask(bus);
                return 0;
        }
        if (sd_bus_message_is_signal(message, POMOD_INTERFACE_TIMER, "Event") <= 0 ||
                        sd_bus_message_read(message, "ts", &seq, &kind) < 0)
                return 0;
        /* This process was stopped, or slow: the last signal, and what came before it is old. */
        if (strcmp(kind, "unsubscribed") == 0)
                bus_begin(bus);
        else
                on_event(bus, seq, kind, message);
        return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        /* The connection itself is let go of by the retry: this is called from within it. */
        if (is_from(message, "org.freedesktop.DBus.Local"))
                bus_failed(bus, NULL, -ECONNRESET);
        return 0;
}

/* ---- the connection ---- */

static void bus_disconnect(Bus *bus) {
        bus_drop_calls(bus);
        bus->owner_call = sd_bus_slot_unref(bus->owner_call);
        bus->owner_match = sd_bus_slot_unref(bus->owner_match);
        bus->disconnect_match = sd_bus_slot_unref(bus->disconnect_match);
        bus->signal_filter = sd_bus_slot_unref(bus->signal_filter);
        free(steal(bus->owner));
        bus->answered = false;
        client_disconnect(bus->client);
}

static int bus_listen(Bus *bus) {
        sd_bus *connection;
        int r = client_connect(bus->client);

        if (r < 0)
                return r;
        connection = client_bus(bus->client);
        r = sd_bus_match_signal_async(connection, &bus->disconnect_match, "org.freedesktop.DBus.Local",
                        "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
                        on_disconnected, NULL, bus);
        /* The name as argument: any other connection that comes or goes wakes nobody. */
        if (r >= 0)
                r = sd_bus_add_match_async(connection, &bus->owner_match,
                                "type='signal',sender='" DRIVER
                                "',path='/org/freedesktop/DBus',interface='" DRIVER
                                "',member='NameOwnerChanged',arg0='" POMOD_BUS_NAME "'",
                                on_owner_changed, NULL, bus);
        /* A filter and no match: what is meant for this connection arrives without asking the bus for it. */
        if (r >= 0)
                r = sd_bus_add_filter(connection, &bus->signal_filter, on_signal, bus);
        if (r >= 0)
                r = sd_bus_call_method_async(connection, &bus->owner_call, DRIVER, "/org/freedesktop/DBus",
                                DRIVER, "GetNameOwner", on_owner, bus, "s", POMOD_BUS_NAME);
        return r;
}

static void bus_connect(Bus *bus) {
        int r = bus_listen(bus);

        if (r < 0)
                bus_failed(bus, NULL, r);
}

/* pomod is on another bus now. */
static void on_moved(Client *client, void *userdata) {
        Bus *bus = userdata;

        bus_retry_off(bus);
        bus->retry_usec = BUS_RETRY_MIN_USEC;
        bus_disconnect(bus);
        bus_connect(bus);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata) {
        Bus *bus = userdata;
        sd_bus *connection = client_bus(bus->client);

        if (connection && sd_bus_is_open(connection) > 0) {
                if (bus->owner)
                        bus_begin(bus);
                return 0;
        }
        bus_disconnect(bus);
        bus_connect(bus);
        return 0;
}

static int on_first(sd_event_source *source, void *userdata) {
        bus_connect(userdata);
        return 0;
}

const char *bus_address(const Bus *bus) {
        const char *address;
        sd_bus *connection = client_bus(bus->client);

        return connection && sd_bus_get_address(connection, &address) >= 0 ? address : "";
}

const char *bus_store(const Bus *bus) {
        return bus->store ?: "";
}

bool bus_is_answered(const Bus *bus) {
        return bus->answered;
}

int bus_new(const BusConfig *config, Bus **ret_bus, char **ret_sentence) {
        cleanup_(bus_unrefp) Bus *bus = memory_new(Bus, 1);
        int r;

        bus->config = *config;
        bus->version = config->version ?: "unknown";
        bus->retry_usec = BUS_RETRY_MIN_USEC;
        bus->client = client_new(config->address, CLIENT_NO_AUTO_START);
        client_set_moved_callback(bus->client, on_moved, bus);
        r = client_attach_event(bus->client, config->event);
        if (r >= 0)
                r = sd_event_add_time(
                                config->event, &bus->retry, CLOCK_BOOTTIME, UINT64_MAX, 1000, on_retry, bus);
        if (r >= 0)
                r = sd_event_source_set_enabled(bus->retry, SD_EVENT_OFF);
        /* From the loop, so that the handler is not called before this returns. */
        if (r >= 0)
                r = sd_event_add_defer(config->event, &bus->first, on_first, bus);
        if (r < 0)
                return sentence_set(ret_sentence, r, "cannot listen to the bus: %s", strerror(-r));
        *ret_bus = steal(bus);
        return 0;
}

Bus *bus_unref(Bus *bus) {
        if (!bus)
                return NULL;
        if (bus->client)
                bus_disconnect(bus);
        sd_event_source_disable_unref(bus->retry);
        sd_event_source_disable_unref(bus->first);
        client_unref(bus->client);
        free(bus->answered_by);
        free(bus->report_message);
        free(bus->store);
        free(bus);
        return NULL;
}
