/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Calls of pomod, and whose answers are believed. */

#include <errno.h>
#include <string.h>

#include "common/names.h"
#include "plugins/host/bus-private.h"

bool bus_is_from_owner(const Bus *bus, sd_bus_message *message) {
        return bus->owner && strcmp(sd_bus_message_get_sender(message) ?: "", bus->owner) == 0;
}

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

int bus_host_call_new(Bus *bus, const char *member, sd_bus_message **ret_call) {
        return bus_call_new(bus, bus->config.system,
                        bus->config.system ? POMOD_INTERFACE_MANAGER : POMOD_INTERFACE_FOCUS, member,
                        ret_call);
}

int bus_message_new(Bus *bus, const char *interface, const char *member, sd_bus_message **ret_message) {
        return bus_call_new(bus, false, interface, member, ret_message);
}

int bus_send(Bus *bus, sd_bus_message *message, sd_bus_message_handler_t handler, void *userdata,
                sd_bus_slot **ret_slot) {
        return sd_bus_call_async(
                        client_bus(bus->client), ret_slot, message, handler, userdata, BUS_ANSWER_USEC);
}
