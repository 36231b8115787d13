/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/listeners.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

#include "common/caps.h"
#include "common/duration.h"
#include "daemon/bus/calls.h"
#include "daemon/bus/names.h"
#include "daemon/engine/journal.h"

/* A listener is late by this much at most. */
#define ACCURACY_USEC (100 * USEC_PER_MSEC)

typedef struct Listener {
        Listeners *listeners;
        char *name;
        uid_t uid;
        uint64_t bytes;    /* that were sent since it last answered */
        sd_bus_slot *ping; /* waits for its answer, for as long as the connection lives */
        uint64_t due_usec; /* by when it has to answer, on MONOTONIC; 0: it need not */
        bool deaf;
} Listener;

struct Listeners {
        Bus *bus;
        uint64_t within_usec;
        ListenerDeaf deaf;
        sd_event_source *timer; /* enabled while one of them has to answer */
        NameSet *known;
        GHashTable *by_name; /* name → Listener, which it owns */
        GQueue due;          /* of Listener, the first due first */
        unsigned n_pings;
        bool refused; /* the bus lets nobody be asked, which was said */
};

/* ---- when they have to answer ---- */

static void arm(Listeners *listeners) {
        const Listener *first = g_queue_peek_head(&listeners->due);

        if (!first) {
                (void) sd_event_source_set_enabled(listeners->timer, SD_EVENT_OFF);
                return;
        }
        if (sd_event_source_set_time(listeners->timer, first->due_usec) < 0 ||
                        sd_event_source_set_enabled(listeners->timer, SD_EVENT_ONESHOT) < 0)
                journal_warning("No timer for those who do not read what they are told.");
}

static void need_not_answer(Listener *listener) {
        if (listener->due_usec == 0)
                return;
        listener->due_usec = 0;
        g_queue_remove(&listener->listeners->due, listener);
        arm(listener->listeners);
}

/* Later ones go behind, as all have the same time; one that is due now goes first. */
static void has_to_answer(Listener *listener, uint64_t due_usec, bool first) {
        Listeners *listeners = listener->listeners;

        if (listener->due_usec > 0)
                g_queue_remove(&listeners->due, listener);
        listener->due_usec = due_usec;
        if (first)
                g_queue_push_head(&listeners->due, listener);
        else
                g_queue_push_tail(&listeners->due, listener);
        arm(listeners);
}

static int on_due(sd_event_source *source, uint64_t usec, void *userdata) {
        Listeners *listeners = userdata;
        const uint64_t now = monotonic_usec();
        Listener *listener;

        while ((listener = g_queue_peek_head(&listeners->due)) && listener->due_usec <= now) {
                need_not_answer(listener);
                listener->deaf = true;
                listeners->deaf(listeners->bus, listener->name);
        }
        arm(listeners);
        return 0;
}

/* ---- the question ---- */

static void drop_ping(Listener *listener) {
        if (!listener->ping)
                return;
        listener->ping = sd_bus_slot_unref(listener->ping);
        listener->listeners->n_pings--;
}

/* The bus answers in its place where it does not let it be asked. What is too full for a question is deaf. */
static void hear_the_bus(Listener *listener, const sd_bus_error *error) {
        Listeners *listeners = listener->listeners;

        if (sd_bus_error_has_name(error, SD_BUS_ERROR_LIMITS_EXCEEDED))
                return;
        if (sd_bus_error_has_name(error, SD_BUS_ERROR_ACCESS_DENIED) && !listeners->refused) {
                listeners->refused = true;
                journal_warning("The bus does not let pomod ask whether its signals are read: %s.",
                                error->message);
        }
        listener->bytes = 0;
        listener->deaf = false;
        need_not_answer(listener);
}

static int on_answer(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        const char *sender = sd_bus_message_get_sender(message);
        Listener *listener = userdata;

        drop_ping(listener);
        if (!sender || strcmp(sender, listener->name) != 0) {
                hear_the_bus(listener, sd_bus_message_get_error(message));
                return 1;
        }
        listener->bytes = 0;
        listener->deaf = false;
        need_not_answer(listener);
        return 1;
}

static bool has_share(const Listeners *listeners, uid_t uid) {
        GHashTableIter iter;
        unsigned n = 0;
        void *other;

        if (listeners->n_pings >= CAP_PINGS)
                return false;
        g_hash_table_iter_init(&iter, listeners->by_name);
        while (g_hash_table_iter_next(&iter, NULL, &other))
                n += ((const Listener *) other)->ping && ((const Listener *) other)->uid == uid;
        return n < CAP_PINGS_PER_UID;
}

static void ping(Listener *listener) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        Listeners *listeners = listener->listeners;

        if (listener->ping || !has_share(listeners, listener->uid))
                return;
        if (sd_bus_message_new_method_call(listeners->bus->bus, &call, listener->name, "/",
                            "org.freedesktop.DBus.Peer", "Ping") >= 0 &&
                        sd_bus_message_set_auto_start(call, 0) >= 0 &&
                        sd_bus_call_async(listeners->bus->bus, &listener->ping, call, on_answer, listener,
                                        UINT64_MAX) >= 0)
                listeners->n_pings++;
}

/* One whose question has no place has to answer all the same: the places are taken by those of the same user
 * who do not. */
static void ask(Listener *listener) {
        if (listener->due_usec > 0 || listener->deaf)
                return;
        ping(listener);
        has_to_answer(listener, monotonic_usec() + listener->listeners->within_usec, false);
}

static void hurry(Listener *listener) {
        const uint64_t now = monotonic_usec();

        if (listener->due_usec > now)
                has_to_answer(listener, now, true);
}

/* ---- who they are ---- */

static void listener_free(void *p) {
        Listener *listener = p;

        drop_ping(listener);
        if (listener->due_usec > 0)
                g_queue_remove(&listener->listeners->due, listener);
        g_free(listener->name);
        g_free(listener);
}

static void on_left(NameSet *known, const char *name, void *userdata) {
        Listeners *listeners = userdata;

        g_hash_table_remove(listeners->by_name, name);
        arm(listeners);
}

Listeners *listeners_new(Bus *bus, uint64_t within_usec, ListenerDeaf deaf) {
        Listeners *listeners = g_new0(Listeners, 1);

        listeners->bus = bus;
        listeners->within_usec = within_usec;
        listeners->deaf = deaf;
        listeners->known = names_set_new(bus->names, on_left, listeners);
        listeners->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, listener_free);
        g_queue_init(&listeners->due);
        if (sd_event_add_time(bus->event, &listeners->timer, CLOCK_MONOTONIC, 0, ACCURACY_USEC, on_due,
                            listeners) < 0 ||
                        sd_event_source_set_enabled(listeners->timer, SD_EVENT_OFF) < 0)
                return listeners_free(listeners);
        return listeners;
}

Listeners *listeners_free(Listeners *listeners) {
        if (!listeners)
                return NULL;
        names_set_free(listeners->known);
        g_hash_table_unref(listeners->by_name);
        sd_event_source_disable_unref(listeners->timer);
        g_free(listeners);
        return NULL;
}

/* Who unsubscribes is known on: nobody is trusted again by subscribing again. */
int listeners_add(Listeners *listeners, const char *name, uid_t uid, Refusal *ret_refusal) {
        Listener *listener = g_hash_table_lookup(listeners->by_name, name);
        int r;

        if (!listener) {
                r = names_set_add(listeners->known, name);
                if (r < 0)
                        return r;
                listener = g_new0(Listener, 1);
                listener->listeners = listeners;
                listener->name = g_strdup(name);
                listener->uid = uid;
                g_hash_table_insert(listeners->by_name, listener->name, listener);
        }
        if (!listener->deaf)
                return 0;
        ping(listener);
        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                        "this connection has not answered org.freedesktop.DBus.Peer.Ping, so that signals would pile up for it; answer, and subscribe again");
}

unsigned listeners_count_deaf(const Listeners *listeners, uid_t uid) {
        GHashTableIter iter;
        unsigned n = 0;
        void *other;

        g_hash_table_iter_init(&iter, listeners->by_name);
        while (g_hash_table_iter_next(&iter, NULL, &other))
                n += ((const Listener *) other)->deaf && ((const Listener *) other)->uid == uid;
        return n;
}

int listeners_send(Listeners *listeners, sd_bus_message *signal, size_t bytes) {
        Listener *listener = g_hash_table_lookup(listeners->by_name, sd_bus_message_get_destination(signal));
        int r = sd_bus_send(listeners->bus->bus, signal, NULL);

        if (r < 0 || !listener)
                return r;
        if (listeners->bus->calls)
                calls_charge(listeners->bus->calls, listener->uid, bytes);
        listener->bytes += bytes;
        if (listener->bytes >= CAP_UNREAD_BYTES)
                ask(listener);
        if (listener->bytes >= CAP_UNREAD_BYTES_MOST)
                hurry(listener);
        return r;
}

const char *listeners_sentence(void) {
        return "This connection was sent many signals and did not answer org.freedesktop.DBus.Peer.Ping in time, so that it is told no more; subscribe again, and read again what you show.";
}
