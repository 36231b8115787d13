/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "clients/lib/watcher.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/lib/fields.h"
#include "clients/lib/memory.h"
#include "clients/lib/watcher-private.h"
#include "common/cleanup.h"
#include "common/names.h"

#define RETRY_FIRST_USEC 100000ULL
#define RETRY_MAX_USEC   30000000ULL

static int watcher_connect(Watcher *watcher);

static void watcher_disconnect(Watcher *watcher) {
        watcher_forget(watcher);
        watcher->wake_call = sd_bus_slot_unref(watcher->wake_call);
        watcher->owner_match = sd_bus_slot_unref(watcher->owner_match);
        watcher->disconnect_match = sd_bus_slot_unref(watcher->disconnect_match);
        watcher->signal_filter = sd_bus_slot_unref(watcher->signal_filter);
        client_disconnect(watcher->client);
}

/* ---- trying again ---- */

static int watcher_ask(Watcher *watcher);

static void watcher_retry_later(Watcher *watcher) {
        if (sd_event_source_set_time_relative(watcher->retry, watcher->retry_usec) >= 0)
                (void) sd_event_source_set_enabled(watcher->retry, SD_EVENT_ONESHOT);

        watcher->retry_usec *= 2;
        if (watcher->retry_usec > RETRY_MAX_USEC)
                watcher->retry_usec = RETRY_MAX_USEC;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *userdata) {
        Watcher *watcher = userdata;
        int r;

        if (watcher_is_connected(watcher))
                r = watcher_ask(watcher);
        else {
                watcher_disconnect(watcher);
                r = watcher_connect(watcher);
        }
        if (r < 0) {
                watcher_away_because(watcher);
                watcher_retry_later(watcher);
        }
        return 0;
}

/* An answer that was no answer. Where there is simply no daemon, the change of its name will tell of one. */
static void watcher_failed(Watcher *watcher, int r, const sd_bus_error *error) {
        /* A call of the loop whose time runs out has the same name as one whose callee left. */
        if (sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY))
                client_fail(watcher->client, -ETIMEDOUT, NULL);
        else
                client_fail(watcher->client, r, error);
        if (sd_bus_error_has_names(error, SD_BUS_ERROR_NAME_HAS_NO_OWNER, SD_BUS_ERROR_SERVICE_UNKNOWN)) {
                watcher_away(watcher);
                return;
        }
        watcher_away_because(watcher);
        watcher_retry_later(watcher);
}

/* ---- subscribe, then read ---- */

static int on_read(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        TimerState timer = {};
        int r;

        watcher->read_call = sd_bus_slot_unref(watcher->read_call);
        r = -sd_bus_message_get_errno(reply);
        r = r ?: timer_state_read(reply, &timer);
        if (r < 0) {
                watcher_failed(watcher, r, sd_bus_message_get_error(reply));
                return 0;
        }

        if (watcher->known)
                timer_state_done(&watcher->timer);
        watcher->timer = timer;
        watcher->known = true;
        watcher->event_seq = timer.seq;
        watcher->explained = false;
        free(watcher->owner);
        watcher->owner = memory_copy(sd_bus_message_get_sender(reply) ?: "");
        watcher->retry_usec = RETRY_FIRST_USEC;
        watcher_ask_schedule(watcher, false);
        watcher->holding = watcher->explain_call;
        if (!watcher->holding)
                watcher_tell(watcher);
        return 0;
}

static int watcher_read(Watcher *watcher) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r;

        if (!watcher_is_connected(watcher))
                return -ENOTCONN;
        r = client_message_bare(watcher->client, "org.freedesktop.DBus.Properties", "GetAll", &call);
        if (r < 0)
                return r;
        r = sd_bus_message_append(call, "s", POMOD_INTERFACE_TIMER);
        if (r < 0)
                return r;
        watcher->read_call = sd_bus_slot_unref(watcher->read_call);
        return sd_bus_call_async(client_bus(watcher->client), &watcher->read_call, call, on_read, watcher, 0);
}

static int on_subscribed(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;

        watcher->subscribe_call = sd_bus_slot_unref(watcher->subscribe_call);
        if (sd_bus_message_is_method_error(reply, NULL))
                watcher_failed(watcher, -sd_bus_message_get_errno(reply), sd_bus_message_get_error(reply));
        return 0;
}

static int watcher_subscribe(Watcher *watcher) {
        sd_bus *bus = client_bus(watcher->client);
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = sd_bus_message_new_method_call(
                        bus, &call, POMOD_BUS_NAME, POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, "Subscribe");

        if (r < 0)
                return r;
        r = sd_bus_message_set_auto_start(call, false);
        if (r < 0)
                return r;
        r = client_message_append_options(
                        call, CLIENT_OPTIONS(watcher->uid != WATCHER_UID_OWN
                                                              ? client_option_number("uid", 'u', watcher->uid)
                                                              : client_option_text("uid", NULL)));
        if (r < 0)
                return r;
        return sd_bus_call_async(bus, &watcher->subscribe_call, call, on_subscribed, watcher, 0);
}

/* Both calls go out at once: the bus keeps their order, so what is read is never older than what is told. */
static int watcher_ask(Watcher *watcher) {
        int r;

        watcher_forget(watcher);
        r = watcher_subscribe(watcher);
        return r < 0 ? r : watcher_read(watcher);
}

/* ---- what the bus tells ---- */

static const ClientField event_fields[] = {
        { "Kind", 'p', offsetof(WatcherEvent, interval) },
        { "Reason", 'p', offsetof(WatcherEvent, reason) },
        { "AtRealtimeUSec", 't', offsetof(WatcherEvent, at_real_usec) },
        { "SinceRealtimeUSec", 't', offsetof(WatcherEvent, since_real_usec) },
        {},
};

static int read_event(sd_bus_message *message, uint64_t *ret_seq, WatcherEvent *ret_event) {
        WatcherEvent event = { .interval = "", .reason = "" };
        uint64_t seq;
        int r = sd_bus_message_read(message, "ts", &seq, &event.kind);

        if (r >= 0)
                r = fields_read(message, event_fields, &event);
        if (r < 0)
                return r;
        *ret_seq = seq;
        *ret_event = event;
        return r;
}

static void on_event(Watcher *watcher, sd_bus_message *message) {
        WatcherEvent event;
        uint64_t seq;
        bool leaps;

        if (read_event(message, &seq, &event) < 0)
                return;
        if (strcmp(event.kind, "unsubscribed") == 0) {
                /* This program was stopped, or slow: the last signal, and what came before it is old. */
                if (watcher_ask(watcher) < 0)
                        watcher_retry_later(watcher);
                return;
        }
        /* Changes that came fast were told as one, so that each of those in between can have moved it. */
        leaps = seq > watcher->event_seq + 1;
        watcher->event_seq = seq;
        if (leaps || watcher_event_moves_schedule(&event))
                watcher_ask_schedule(watcher, true);
        watcher->telling = true;
        if (watcher->event_callback)
                watcher->event_callback(watcher, &event, watcher->event_userdata);
        watcher->telling = false;
}

static int on_signal(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        bool is_event = sd_bus_message_is_signal(message, POMOD_INTERFACE_TIMER, "Event") > 0;
        int r;

        if (!is_event && !sd_bus_message_is_signal(
                                         message, "org.freedesktop.DBus.Properties", "PropertiesChanged"))
                return 0;
        /* Anybody may send us a signal; before the first read there is nothing to apply it to. */
        if (!watcher->known || !watcher->owner ||
                        strcmp(sd_bus_message_get_sender(message) ?: "", watcher->owner) != 0 ||
                        strcmp(sd_bus_message_get_path(message) ?: "", client_user_path(watcher->client)) !=
                                        0)
                return 0;

        if (is_event) {
                on_event(watcher, message);
                return 0;
        }

        r = timer_state_update(&watcher->timer, message);
        if (r == 0)
                return 0;
        if (r < 0) /* half of it may be applied: only a fresh read is right again */
                r = watcher_read(watcher);
        else {
                watcher_ask_schedule(watcher, false);
                watcher_tell(watcher);
        }
        if (r < 0)
                watcher_retry_later(watcher);
        return 0;
}

static int on_owner_changed(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        const char *name, *old_owner, *new_owner;

        /* A match rule is no proof of the sender: anybody may send a signal to a unique name. */
        if (strcmp(sd_bus_message_get_sender(message) ?: "", "org.freedesktop.DBus") != 0 ||
                        sd_bus_message_read(message, "sss", &name, &old_owner, &new_owner) < 0 ||
                        strcmp(name, POMOD_BUS_NAME) != 0)
                return 0;
        (void) sd_event_source_set_enabled(watcher->retry, SD_EVENT_OFF);
        watcher->retry_usec = RETRY_FIRST_USEC;
        if (!*new_owner)
                watcher_away(watcher);
        else if (watcher_ask(watcher) < 0)
                watcher_retry_later(watcher);
        return 0;
}

static int on_disconnected(sd_bus_message *message, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;

        if (strcmp(sd_bus_message_get_sender(message) ?: "", "org.freedesktop.DBus.Local") != 0)
                return 0;
        /* The connection itself is let go of by the retry: this is called from within it. */
        watcher_failed(watcher, -ECONNRESET, NULL);
        return 0;
}

/* ---- the connection ---- */

static int watcher_connect(Watcher *watcher) {
        sd_bus *bus;
        int r = client_connect(watcher->client);

        if (r < 0)
                return r;
        bus = client_bus(watcher->client);
        r = sd_bus_match_signal_async(bus, &watcher->disconnect_match, "org.freedesktop.DBus.Local",
                        "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local", "Disconnected",
                        on_disconnected, NULL, watcher);
        if (r < 0)
                return r;
        /* The name as argument: any other connection that comes or goes wakes nobody. */
        r = sd_bus_add_match_async(bus, &watcher->owner_match,
                        "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" POMOD_BUS_NAME
                        "'",
                        on_owner_changed, NULL, watcher);
        if (r < 0)
                return r;
        /* A filter and no match: what is meant for this connection arrives without asking the bus for it. */
        r = sd_bus_add_filter(bus, &watcher->signal_filter, on_signal, watcher);
        if (r < 0)
                return r;
        return watcher_ask(watcher);
}

/* Another bus is the one now. */
static void on_moved(Client *client, void *userdata) {
        Watcher *watcher = userdata;

        (void) sd_event_source_set_enabled(watcher->retry, SD_EVENT_OFF);
        watcher->retry_usec = RETRY_FIRST_USEC;
        watcher_disconnect(watcher);
        if (watcher_connect(watcher) >= 0)
                return;
        watcher_away_because(watcher);
        watcher_retry_later(watcher);
}

static int on_first(sd_event_source *source, void *userdata) {
        watcher_away_because(userdata);
        return 0;
}

int watcher_new(sd_event *event, const char *address, uint32_t uid, WatcherCallback callback, void *userdata,
                Watcher **ret_watcher) {
        cleanup_(watcher_unrefp) Watcher *watcher = NULL;
        int r;

        watcher = memory_new(Watcher, 1);
        watcher->uid = uid;
        watcher->callback = callback;
        watcher->userdata = userdata;
        watcher->retry_usec = RETRY_FIRST_USEC;

        watcher->client = client_new(address, CLIENT_NO_AUTO_START);
        if (uid != WATCHER_UID_OWN)
                client_set_uid(watcher->client, uid);
        client_set_moved_callback(watcher->client, on_moved, watcher);
        if ((r = client_attach_event(watcher->client, event)) < 0 ||
                        (r = sd_event_add_time(event, &watcher->retry, CLOCK_BOOTTIME, UINT64_MAX, 1000,
                                         on_retry, watcher)) < 0 ||
                        (r = sd_event_source_set_enabled(watcher->retry, SD_EVENT_OFF)) < 0)
                return r;

        r = watcher_connect(watcher);
        if (r == -EINVAL || (r < 0 && sd_event_add_defer(event, &watcher->first, on_first, watcher) < 0))
                return r;
        if (r < 0)
                watcher_retry_later(watcher);
        *ret_watcher = steal(watcher);
        return 0;
}

Watcher *watcher_unref(Watcher *watcher) {
        if (!watcher)
                return NULL;
        assert(!watcher->telling);
        if (watcher->client)
                watcher_disconnect(watcher);
        sd_event_source_disable_unref(watcher->retry);
        sd_event_source_disable_unref(watcher->first);
        client_unref(watcher->client);
        free(watcher);
        return NULL;
}

void watcher_set_event_callback(Watcher *watcher, WatcherEventCallback callback, void *userdata) {
        watcher->event_callback = callback;
        watcher->event_userdata = userdata;
}
