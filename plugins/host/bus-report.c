/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a host tells pomod, and what a plugin asks of it. */

#include <errno.h>
#include <stdlib.h>

#include "clients/lib/memory.h"
#include "common/names.h"
#include "plugins/host/bus-private.h"
#include "plugins/host/note.h"

#define REPORTED_CLAIMS 200u /* in one report: a message has its size */

static int host_call_new(Bus *bus, const char *member, sd_bus_message **ret_call) {
        return bus_call_new(bus, bus->config.system,
                        bus->config.system ? POMOD_INTERFACE_MANAGER : POMOD_INTERFACE_FOCUS, member,
                        ret_call);
}

static int append_claims(sd_bus_message *call, const BusClaim *claims, size_t n) {
        int r;

        if ((r = sd_bus_message_open_container(call, 'e', "sv")) < 0 ||
                        (r = sd_bus_message_append_basic(call, 's', "claims")) < 0 ||
                        (r = sd_bus_message_open_container(call, 'v', "aa{sv}")) < 0 ||
                        (r = sd_bus_message_open_container(call, 'a', "a{sv}")) < 0)
                return r;
        for (size_t i = 0; i < n; i++) {
                r = sd_bus_message_append(call, "a{sv}", 3, "Uid", "u", claims[i].uid, "Claim", "t",
                                claims[i].id, "Message", "s", claims[i].sentence);
                if (r < 0)
                        return r;
        }
        if ((r = sd_bus_message_close_container(call)) < 0 || (r = sd_bus_message_close_container(call)) < 0)
                return r;
        return sd_bus_message_close_container(call);
}

static int on_reported(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        const sd_bus_error *error = sd_bus_message_get_error(reply);

        bus->report_call = sd_bus_slot_unref(bus->report_call);
        if (error)
                note_warning("pomod does not take the report: %s", error->message ?: error->name);
        return 0;
}

static int report(Bus *bus, uint64_t generation, const char *state, const char *message,
                const BusClaim *claims, size_t n_claims) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = host_call_new(bus, "Report", &call);

        if (r >= 0)
                r = sd_bus_message_append(call, "stss", bus->config.name, generation, state, message ?: "");
        if (r >= 0)
                r = sd_bus_message_open_container(call, 'a', "{sv}");
        if (r >= 0 && n_claims > 0)
                r = append_claims(call, claims, n_claims < REPORTED_CLAIMS ? n_claims : REPORTED_CLAIMS);
        if (r >= 0)
                r = sd_bus_message_close_container(call);
        bus->report_call = sd_bus_slot_unref(bus->report_call);
        return r < 0 ? r
                     : sd_bus_call_async(client_bus(bus->client), &bus->report_call, call, on_reported, bus,
                                       BUS_ANSWER_USEC);
}

void bus_report(Bus *bus, uint64_t generation, const char *state, const char *message, const BusClaim *claims,
                size_t n_claims) {
        int r;

        if (!bus->answered)
                return;
        r = report(bus, generation, state, message, claims, n_claims);
        if (r < 0)
                note_warning("cannot report to pomod: %s", strerror(-r));
}

int bus_message_new(Bus *bus, const char *interface, const char *member, sd_bus_message **ret_message) {
        return bus_call_new(bus, false, interface, member, ret_message);
}

int bus_send(Bus *bus, sd_bus_message *message, sd_bus_message_handler_t handler, void *userdata,
                sd_bus_slot **ret_slot) {
        return sd_bus_call_async(
                        client_bus(bus->client), ret_slot, message, handler, userdata, BUS_ANSWER_USEC);
}
