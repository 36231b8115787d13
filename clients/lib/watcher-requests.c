/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a person asks for by way of the watcher: verbs of the timer, and the daemon itself. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/memory.h"
#include "clients/lib/watcher-private.h"
#include "common/cleanup.h"
#include "common/names.h"

typedef struct WatcherCall {
        Watcher *watcher;
        WatcherReply reply;
        void *userdata;
} WatcherCall;

static int on_requested(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        WatcherCall *request = userdata;
        const sd_bus_error *error = sd_bus_message_get_error(message);

        if (request->reply)
                request->reply(request->watcher, error ? error->name : NULL, error ? error->message : NULL,
                                request->userdata);
        return 0;
}

/* Start begins whatever is next. */
static int watcher_send(Watcher *watcher, const char *verb, uint64_t if_seq, ClientOption option,
                WatcherReply reply, void *userdata) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        cleanup_(sd_bus_slot_unrefp) sd_bus_slot *slot = NULL;
        WatcherCall *request;
        int r;

        if (!watcher->known || !watcher_is_connected(watcher))
                return -ENOTCONN;
        r = client_message_new(watcher->client, POMOD_INTERFACE_TIMER, verb,
                        CLIENT_OPTIONS(client_option_number("if-seq", 't', if_seq), option), &call,
                        strcmp(verb, "Start") == 0 ? "s" : "", "");
        if (r < 0)
                return r;

        request = memory_new(WatcherCall, 1);
        *request = (WatcherCall){ .watcher = watcher, .reply = reply, .userdata = userdata };
        r = sd_bus_call_async(client_bus(watcher->client), &slot, call, on_requested, request, 0);
        if (r < 0) {
                free(request);
                return r;
        }
        /* From here on the slot owns the request, and the connection the slot. */
        (void) sd_bus_slot_set_destroy_callback(slot, free);
        (void) sd_bus_slot_set_floating(slot, true);
        return 0;
}

int watcher_request(Watcher *watcher, const char *verb, uint64_t if_seq, const char *option,
                WatcherReply reply, void *userdata) {
        return watcher_send(watcher, verb, if_seq, client_option_flag(option ?: "", option), reply, userdata);
}

int watcher_stop_at(Watcher *watcher, uint64_t at_real_usec, uint64_t if_seq, WatcherReply reply,
                void *userdata) {
        return watcher_send(watcher, "Stop", if_seq,
                        client_option_number("at-realtime-usec", 't', at_real_usec), reply, userdata);
}

static int on_woken(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;

        watcher->wake_call = sd_bus_slot_unref(watcher->wake_call);
        /* That it could not be started is worth telling; that it was, the change of its name tells. */
        if (!sd_bus_message_is_method_error(reply, NULL) || watcher->known)
                return 0;
        client_fail(watcher->client, -sd_bus_message_get_errno(reply), sd_bus_message_get_error(reply));
        watcher_away_because(watcher);
        return 0;
}

int watcher_wake(Watcher *watcher) {
        if (!watcher_is_connected(watcher))
                return -ENOTCONN;
        watcher->wake_call = sd_bus_slot_unref(watcher->wake_call);
        return sd_bus_call_method_async(client_bus(watcher->client), &watcher->wake_call,
                        "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                        "StartServiceByName", on_woken, watcher, "su", POMOD_BUS_NAME, 0);
}
