/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/bus.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clients/lib/client.h"
#include "clients/lib/memory.h"
#include "common/duration.h"
#include "common/names.h"
#include "plugins/host/answer.h"
#include "plugins/host/bus-private.h"
#include "plugins/host/note.h"
#include "plugins/host/sentence.h"

#define DRIVER "org.freedesktop.DBus"

static void bus_connect(Bus *bus);

/* ---- who is believed ---- */

/* A match rule is no proof: anybody may send a signal to a unique name, or an answer. */
static bool is_from(sd_bus_message *message, const char *sender) {
        return sender && strcmp(sd_bus_message_get_sender(message) ?: "", sender) == 0;
}

static void calls_drop_all(Bus *bus) {
        bus->subscribe_call = sd_bus_slot_unref(bus->subscribe_call);
        bus->register_call = sd_bus_slot_unref(bus->register_call);
        bus->desired_call = sd_bus_slot_unref(bus->desired_call);
        bus->timer_call = sd_bus_slot_unref(bus->timer_call);
        bus->report_call = sd_bus_slot_unref(bus->report_call);
        bus->released_call = sd_bus_slot_unref(bus->released_call);
        bus->asked_again = false;
}

static void retry_off(Bus *bus) {
        (void) sd_event_source_set_enabled(bus->retry, SD_EVENT_OFF);
}

static void retry_later(Bus *bus) {
        if (sd_event_source_set_time_relative(bus->retry, bus->retry_usec) >= 0)
                (void) sd_event_source_set_enabled(bus->retry, SD_EVENT_ONESHOT);
        bus->retry_usec *= 2;
        if (bus->retry_usec > BUS_RETRY_MAX_USEC)
                bus->retry_usec = BUS_RETRY_MAX_USEC;
}

static void silent(Bus *bus, const char *why) {
        bus->answered = false;
        bus->config.handler.silent(bus->config.userdata, why);
}

/* What pomod answered is no answer: it is asked again. */
static void failed(Bus *bus, sd_bus_message *reply, int r) {
        const sd_bus_error *error = reply ? sd_bus_message_get_error(reply) : NULL;
        cleanup_free_ char *why = memory_copy(error && error->message ? error->message : strerror(-r));

        calls_drop_all(bus);
        retry_later(bus);
        silent(bus, why);
}

/* Of an answer: whether it is one, of pomod. */
static int reply_check(Bus *bus, sd_bus_message *reply) {
        if (sd_bus_message_is_method_error(reply, NULL))
                return -sd_bus_message_get_errno(reply);
        return is_from(reply, bus->owner) ? 0 : -EPERM;
}

/* ---- subscribe, register, ask ---- */

int bus_call_new(Bus *bus, bool manager, const char *interface, const char *member,
                sd_bus_message **ret_call) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r;

        if (!bus->owner)
                return -ENOTCONN;
        r = sd_bus_message_new_method_call(client_bus(bus->client), &call, POMOD_BUS_NAME,
                        manager ? POMOD_OBJECT_PATH : client_user_path(bus->client), interface, member);
        if (r >= 0)
                r = sd_bus_message_set_auto_start(call, false);
        if (r >= 0)
                *ret_call = steal(call);
        return r;
}

/* One that a host may make, of root's object or the user's. */
static int host_call_new(Bus *bus, const char *member, sd_bus_message **ret_call) {
        return bus_call_new(bus, bus->config.system,
                        bus->config.system ? POMOD_INTERFACE_MANAGER : POMOD_INTERFACE_FOCUS, member,
                        ret_call);
}

static int call_send(Bus *bus, sd_bus_message *call, sd_bus_slot **slot, sd_bus_message_handler_t handler) {
        *slot = sd_bus_slot_unref(*slot);
        return sd_bus_call_async(client_bus(bus->client), slot, call, handler, bus, BUS_ANSWER_USEC);
}

static int on_subscribed(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        int r = reply_check(bus, reply);

        bus->subscribe_call = sd_bus_slot_unref(bus->subscribe_call);
        if (r < 0)
                failed(bus, reply, r);
        return 0;
}

static int subscribe(Bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = bus_call_new(bus, true, POMOD_INTERFACE_MANAGER, "Subscribe", &call);

        if (r >= 0)
                r = bus->config.handler.event
                                    ? sd_bus_message_append(call, "a{sv}", 2, "plugin", "s", bus->config.name,
                                                      "what", "as", 2, "desired", "events")
                                    : sd_bus_message_append(call, "a{sv}", 2, "plugin", "s", bus->config.name,
                                                      "what", "as", 1, "desired");
        return r < 0 ? r : call_send(bus, call, &bus->subscribe_call, on_subscribed);
}

static int on_registered(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        int r = reply_check(bus, reply);

        bus->register_call = sd_bus_slot_unref(bus->register_call);
        if (r < 0)
                failed(bus, reply, r);
        return 0;
}

static int do_register(Bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = host_call_new(bus, "Register", &call);

        if (r >= 0)
                r = sd_bus_message_append(call, "sa{sv}", bus->config.name, 2, "version", "s", bus->version,
                                "pid", "u", (uint32_t) getpid());
        return r < 0 ? r : call_send(bus, call, &bus->register_call, on_registered);
}

void bus_set_version(Bus *bus, const char *version) {
        bus->version = version;
        if (bus->owner)
                (void) do_register(bus);
}

static int ask(Bus *bus);

static int on_desired(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        HeldAnswer answer;
        int r = reply_check(bus, reply);

        bus->desired_call = sd_bus_slot_unref(bus->desired_call);
        if (r >= 0)
                r = answer_read(reply, &answer);
        if (r < 0) {
                failed(bus, reply, r);
                return 0;
        }
        answer.same_run = bus->answered_by && strcmp(bus->answered_by, bus->owner) == 0;
        free(bus->answered_by);
        bus->answered_by = memory_copy(bus->owner);
        bus->answered = true;
        bus->retry_usec = BUS_RETRY_MIN_USEC;
        if (bus->asked_again) {
                bus->asked_again = false;
                (void) ask(bus);
        }
        bus->config.handler.answered(bus->config.userdata, &answer);
        answer_clear(&answer);
        return 0;
}

static int ask(Bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = host_call_new(bus, "Desired", &call);

        if (r >= 0)
                r = sd_bus_message_append(call, "sa{sv}", bus->config.name, 0);
        return r < 0 ? r : call_send(bus, call, &bus->desired_call, on_desired);
}

void bus_ask(Bus *bus) {
        if (bus->desired_call)
                bus->asked_again = true;
        else if (bus->owner && ask(bus) < 0)
                retry_later(bus);
}

static int on_timer(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        bus->timer_call = sd_bus_slot_unref(bus->timer_call);
        if (reply_check(bus, reply) >= 0)
                bus->config.handler.timer(bus->config.userdata, reply);
        return 0;
}

static int ask_timer(Bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r;

        if (!bus->config.handler.timer)
                return 0;
        r = bus_call_new(bus, false, "org.freedesktop.DBus.Properties", "GetAll", &call);
        if (r >= 0)
                r = sd_bus_message_append(call, "s", POMOD_INTERFACE_TIMER);
        return r < 0 ? r : call_send(bus, call, &bus->timer_call, on_timer);
}

/* All go out at once: the bus keeps their order, so that nothing is missed between what is told and what is
 * read. */
static void begin(Bus *bus) {
        int r;

        calls_drop_all(bus);
        retry_off(bus);
        r = subscribe(bus);
        if (r >= 0)
                r = do_register(bus);
        if (r >= 0)
                r = ask(bus);
        if (r >= 0)
                r = ask_timer(bus);
        if (r < 0)
                failed(bus, NULL, r);
}

/* ---- what the bus tells ---- */

static void owner_set(Bus *bus, const char *owner) {
        free(bus->owner);
        bus->owner = owner && *owner ? memory_copy(owner) : NULL;
        bus->retry_usec = BUS_RETRY_MIN_USEC;
        if (bus->owner) {
                begin(bus);
                return;
        }
        calls_drop_all(bus);
        retry_off(bus);
        silent(bus, "pomod is not running");
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

static int on_signal(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        const char *plugin, *kind;
        uint64_t seq;

        if (!is_from(message, bus->owner))
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
                begin(bus);
        else if (bus->config.handler.event)
                bus->config.handler.event(bus->config.userdata, seq, kind, message);
        return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;

        /* The connection itself is let go of by the retry: this is called from within it. */
        if (is_from(message, "org.freedesktop.DBus.Local"))
                failed(bus, NULL, -ECONNRESET);
        return 0;
}

/* ---- the connection ---- */

static void bus_disconnect(Bus *bus) {
        calls_drop_all(bus);
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
                failed(bus, NULL, r);
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata) {
        Bus *bus = userdata;
        sd_bus *connection = client_bus(bus->client);

        if (connection && sd_bus_is_open(connection) > 0) {
                if (bus->owner)
                        begin(bus);
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

bool bus_is_answered(const Bus *bus) {
        return bus->answered;
}

int bus_new(const BusConfig *config, Bus **ret_bus, char **ret_sentence) {
        cleanup_(bus_unrefp) Bus *bus = memory_new(Bus, 1);
        int r;

        bus->config = *config;
        bus->version = "unknown";
        bus->retry_usec = BUS_RETRY_MIN_USEC;
        bus->client = client_new(config->address, CLIENT_NO_AUTO_START);
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
        free(bus);
        return NULL;
}
