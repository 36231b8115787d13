/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a host asks of pomod, and begins anew with each owner of its name. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clients/lib/fields.h"
#include "clients/lib/memory.h"
#include "common/names.h"
#include "plugins/host/answer.h"
#include "plugins/host/bus-private.h"
#include "plugins/host/fetch.h"

/* ---- without an answer ---- */

void bus_drop_calls(Bus *bus) {
        bus->subscribe_call = sd_bus_slot_unref(bus->subscribe_call);
        bus->register_call = sd_bus_slot_unref(bus->register_call);
        bus->desired_call = sd_bus_slot_unref(bus->desired_call);
        bus->timer_call = sd_bus_slot_unref(bus->timer_call);
        bus->report_call = sd_bus_slot_unref(bus->report_call);
        bus->released_call = sd_bus_slot_unref(bus->released_call);
        bus->asked_again = false;
        fetch_stop(bus);
}

void bus_retry_off(Bus *bus) {
        (void) sd_event_source_set_enabled(bus->retry, SD_EVENT_OFF);
}

static void retry_later(Bus *bus) {
        if (sd_event_source_set_time_relative(bus->retry, bus->retry_usec) >= 0)
                (void) sd_event_source_set_enabled(bus->retry, SD_EVENT_ONESHOT);
        bus->retry_usec *= 2;
        if (bus->retry_usec > BUS_RETRY_MAX_USEC)
                bus->retry_usec = BUS_RETRY_MAX_USEC;
}

void bus_silent(Bus *bus, const char *why) {
        bus->answered = false;
        bus->config.handler.silent(bus->config.userdata, why);
}

void bus_failed(Bus *bus, sd_bus_message *reply, int r) {
        const sd_bus_error *error = reply ? sd_bus_message_get_error(reply) : NULL;
        cleanup_free_ char *why = memory_copy(error && error->message ? error->message : strerror(-r));

        bus_drop_calls(bus);
        retry_later(bus);
        bus_silent(bus, why);
}

/* 0: it is an answer, and pomod's. A negative errno. */
static int reply_check(Bus *bus, sd_bus_message *reply) {
        if (sd_bus_message_is_method_error(reply, NULL))
                return -sd_bus_message_get_errno(reply);
        return bus_is_from_owner(bus, reply) ? 0 : -EPERM;
}

/* ---- subscribe, register, ask ---- */

static int call_send(Bus *bus, sd_bus_message *call, sd_bus_slot **slot, sd_bus_message_handler_t handler) {
        *slot = sd_bus_slot_unref(*slot);
        return sd_bus_call_async(client_bus(bus->client), slot, call, handler, bus, BUS_ANSWER_USEC);
}

static int on_subscribed(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        int r = reply_check(bus, reply);

        bus->subscribe_call = sd_bus_slot_unref(bus->subscribe_call);
        if (r < 0)
                bus_failed(bus, reply, r);
        return 0;
}

static int subscribe(Bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = bus_call_new(bus, true, POMOD_INTERFACE_MANAGER, "Subscribe", &call);

        if (r >= 0)
                r = bus->events ? sd_bus_message_append(call, "a{sv}", 2, "plugin", "s", bus->config.name,
                                                  "what", "as", 2, "desired", "events")
                                : sd_bus_message_append(call, "a{sv}", 2, "plugin", "s", bus->config.name,
                                                  "what", "as", 1, "desired");
        return r < 0 ? r : call_send(bus, call, &bus->subscribe_call, on_subscribed);
}

/* "": it does not say. */
static void read_store(Bus *bus, sd_bus_message *reply) {
        static const ClientField fields[] = { { "Store", 'p', 0, NULL }, {} };
        const char *store = NULL;

        if (sd_bus_message_has_signature(reply, "a{sv}") > 0)
                (void) fields_read(reply, fields, &store);
        free(bus->store);
        bus->store = memory_copy(store ?: "");
}

static int on_registered(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        int r = reply_check(bus, reply);

        bus->register_call = sd_bus_slot_unref(bus->register_call);
        if (r >= 0)
                read_store(bus, reply);
        else
                bus_failed(bus, reply, r);
        return 0;
}

static int do_register(Bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = bus_host_call_new(bus, "Register", &call);

        if (r >= 0)
                r = sd_bus_message_append(call, "sa{sv}", bus->config.name, 2, "version", "s", bus->version,
                                "pid", "u", (uint32_t) getpid());
        return r < 0 ? r : call_send(bus, call, &bus->register_call, on_registered);
}

static int ask(Bus *bus);

static void on_complete(Bus *bus, HeldAnswer *answer, bool complete) {
        bus->answered = true;
        if (complete)
                bus->retry_usec = BUS_RETRY_MIN_USEC;
        else
                retry_later(bus);
        if (bus->asked_again) {
                bus->asked_again = false;
                (void) ask(bus);
        }
        bus->config.handler.answered(bus->config.userdata, answer);
}

static int on_desired(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        HeldAnswer answer;
        int r = reply_check(bus, reply);

        bus->desired_call = sd_bus_slot_unref(bus->desired_call);
        if (r >= 0)
                r = answer_read(reply, bus->config.name, &answer);
        if (r < 0) {
                bus_failed(bus, reply, r);
                return 0;
        }
        answer.same_run = bus->answered_by && strcmp(bus->answered_by, bus->owner) == 0;
        free(bus->answered_by);
        bus->answered_by = memory_copy(bus->owner);
        fetch_stop(bus);
        fetch_begin(bus, &answer, on_complete);
        return 0;
}

static int ask(Bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = bus_host_call_new(bus, "Desired", &call);

        if (r >= 0)
                r = sd_bus_message_append(call, "sa{sv}", bus->config.name, 0);
        return r < 0 ? r : call_send(bus, call, &bus->desired_call, on_desired);
}

void bus_ask(Bus *bus) {
        if (bus->desired_call || bus->fetch)
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

        bus->event_seq = 0;
        if (!bus->events)
                return 0;
        r = bus_call_new(bus, false, "org.freedesktop.DBus.Properties", "GetAll", &call);
        if (r >= 0)
                r = sd_bus_message_append(call, "s", POMOD_INTERFACE_TIMER);
        return r < 0 ? r : call_send(bus, call, &bus->timer_call, on_timer);
}

void bus_ask_timer(Bus *bus) {
        if (bus->owner && !bus->timer_call && ask_timer(bus) < 0)
                retry_later(bus);
}

/* All go out at once: the bus keeps their order, so that nothing is missed between what is told and what is
 * read. */
void bus_begin(Bus *bus) {
        int r;

        bus_drop_calls(bus);
        bus_retry_off(bus);
        r = subscribe(bus);
        if (r >= 0)
                r = do_register(bus);
        if (r >= 0)
                r = ask(bus);
        if (r >= 0)
                r = ask_timer(bus);
        if (r < 0)
                bus_failed(bus, NULL, r);
}

void bus_set_plugin(Bus *bus, const char *version, bool events) {
        bus->version = version;
        bus->events = events;
        if (bus->owner)
                bus_begin(bus);
}
