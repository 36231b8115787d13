/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a host tells pomod. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "common/names.h"
#include "plugins/host/bus-private.h"
#include "plugins/host/note.h"

#define REPORTED_CLAIMS 200u /* in one report: a message has its size */

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

static int report(Bus *bus, const BusClaim *claims, size_t n_claims);

/* One wrong claim is no reason to say nothing at all. */
static int on_reported(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        const sd_bus_error *error = sd_bus_message_get_error(reply);

        bus->report_call = sd_bus_slot_unref(bus->report_call);
        if (!error)
                return 0;
        note_warning("pomod does not take the report: %s", error->message ?: error->name);
        if (bus->report_has_claims)
                (void) report(bus, NULL, 0);
        return 0;
}

static int report(Bus *bus, const BusClaim *claims, size_t n_claims) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = bus_host_call_new(bus, "Report", &call);

        if (r >= 0)
                r = sd_bus_message_append(call, "stss", bus->config.name, bus->report_generation,
                                bus->report_state, bus->report_message);
        if (r >= 0)
                r = sd_bus_message_open_container(call, 'a', "{sv}");
        if (r >= 0 && n_claims > 0)
                r = append_claims(call, claims, n_claims < REPORTED_CLAIMS ? n_claims : REPORTED_CLAIMS);
        if (r >= 0)
                r = sd_bus_message_close_container(call);
        bus->report_has_claims = n_claims > 0;
        bus->report_call = sd_bus_slot_unref(bus->report_call);
        return r < 0 ? r : bus_send(bus, call, on_reported, bus, &bus->report_call);
}

void bus_report(Bus *bus, uint64_t generation, const char *state, const char *message, const BusClaim *claims,
                size_t n_claims) {
        int r;

        if (!bus->answered)
                return;
        bus->report_generation = generation;
        bus->report_state = state;
        free(bus->report_message);
        bus->report_message = memory_copy(message ?: "");
        r = report(bus, claims, n_claims);
        if (r < 0)
                note_warning("cannot report to pomod: %s", strerror(-r));
}

/* ---- released by hand ---- */

static int on_released_noted(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Bus *bus = userdata;
        const sd_bus_error *error = sd_bus_message_get_error(reply);

        bus->released_call = sd_bus_slot_unref(bus->released_call);
        if (error)
                note_warning("pomod does not put on record what was released by hand: %s",
                                error->message ?: error->name);
        else if (bus_is_from_owner(bus, reply))
                bus->released_done(bus->config.userdata);
        return 0;
}

void bus_note_released(Bus *bus, const char *reason, void (*done)(void *userdata)) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = bus_host_call_new(bus, "NoteReleased", &call);

        if (r >= 0)
                r = sd_bus_message_append(call, "ssa{sv}", bus->config.name, reason, 0);
        bus->released_call = sd_bus_slot_unref(bus->released_call);
        bus->released_done = done;
        if (r >= 0)
                r = bus_send(bus, call, on_released_noted, bus, &bus->released_call);
        if (r < 0)
                note_warning("cannot tell pomod what was released by hand: %s", strerror(-r));
}
