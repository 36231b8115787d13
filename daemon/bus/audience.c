/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/audience.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/names.h"
#include "daemon/bus/access.h"
#include "daemon/bus/desired.h"
#include "daemon/bus/listeners.h"
#include "daemon/bus/message-size.h"
#include "daemon/bus/pace.h"
#include "daemon/bus/records.h"
#include "daemon/bus/timer.h"
#include "daemon/engine/journal.h"

struct Audience {
        Bus *bus;
        uid_t uid;
        NameSet *members;
        GHashTable *wants; /* name of a member → Wants, both owned */
        GHashTable *told;  /* what was last told of plugins: a desired_look(); NULL: nobody wants it */
        AudienceEmpty empty;
        TimerProperties announced;
        Pace changes, bells;

        /* What waits until the source comes due. */
        sd_event_source *due; /* made when something first waits */
        bool waits;
        TimerProperties properties; /* owned */
        sd_bus_message *event;      /* the last; NULL none */
        GHashTable *plugins; /* a set of owned names: of these, what should hold has changed; NULL none */
};

static bool somebody_wants(const Audience *audience, unsigned kind) {
        GHashTableIter iter;
        void *wants;

        g_hash_table_iter_init(&iter, audience->wants);
        while (g_hash_table_iter_next(&iter, NULL, &wants))
                if (wants_told(wants, kind, NULL))
                        return true;
        return false;
}

static void forget_wants(Audience *audience, const char *name) {
        g_hash_table_remove(audience->wants, name);
        if (audience->told && !somebody_wants(audience, WANTS_DESIRED))
                g_clear_pointer(&audience->told, g_hash_table_unref);
}

static void on_left(NameSet *members, const char *name, void *userdata) {
        Audience *audience = userdata;

        forget_wants(audience, name);
        if (names_set_count(members) == 0)
                audience->empty(audience);
}

Audience *audience_new(Bus *bus, User *user, AudienceEmpty empty) {
        Audience *audience = g_new0(Audience, 1);
        TimerProperties properties;

        audience->bus = bus;
        audience->uid = engine_user_uid(user);
        audience->members = names_set_new(bus->names, on_left, audience);
        audience->wants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        audience->empty = empty;
        timer_properties_get(user, &properties);
        timer_properties_copy(&properties, &audience->announced);
        return audience;
}

static void forget_what_waits(Audience *audience) {
        g_clear_pointer(&audience->plugins, g_hash_table_unref);
        if (!audience->waits)
                return;
        (void) sd_event_source_set_enabled(audience->due, SD_EVENT_OFF);
        timer_properties_done(&audience->properties);
        audience->event = sd_bus_message_unref(audience->event);
        audience->waits = false;
}

Audience *audience_free(Audience *audience) {
        if (!audience)
                return NULL;
        forget_what_waits(audience);
        sd_event_source_disable_unref(audience->due);
        names_set_free(audience->members);
        g_hash_table_unref(audience->wants);
        g_clear_pointer(&audience->told, g_hash_table_unref);
        timer_properties_done(&audience->announced);
        g_free(audience);
        return NULL;
}

uid_t audience_uid(const Audience *audience) {
        return audience->uid;
}

Bus *audience_bus(const Audience *audience) {
        return audience->bus;
}

const NameSet *audience_members(const Audience *audience) {
        return audience->members;
}

int audience_add(Audience *audience, User *user, const char *name, const Wants *wants) {
        int r = result_of(names_set_add(audience->members, name));

        if (r < 0)
                return r;
        g_hash_table_replace(audience->wants, g_strdup(name), g_memdup2(wants, sizeof(*wants)));
        if (!audience->told && (wants->what & WANTS_DESIRED))
                audience->told = desired_look(user);
        return 0;
}

bool audience_remove(Audience *audience, const char *name) {
        forget_wants(audience, name);
        return names_set_remove(audience->members, name);
}

/* ---- signals ---- */

/* One message for each: the contents are made once and copied, the destination is what differs. */
static int copy_for(
                Audience *audience, const char *name, sd_bus_message *contents, sd_bus_message **ret_copy) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *copy = NULL;
        int r = sd_bus_message_new_signal(audience->bus->bus, &copy, sd_bus_message_get_path(contents),
                        sd_bus_message_get_interface(contents), sd_bus_message_get_member(contents));

        if (r >= 0)
                r = sd_bus_message_rewind(contents, 1);
        if (r >= 0)
                r = sd_bus_message_copy(copy, contents, 1);
        if (r >= 0)
                r = sd_bus_message_set_destination(copy, name);
        if (r >= 0)
                *ret_copy = steal(copy);
        return r;
}

/* To those who want signals of a kind, about that plugin (NULL: about none). */
static int send_to_all(Audience *audience, sd_bus_message *contents, unsigned kind, const char *plugin) {
        int r = sd_bus_message_seal(contents, 1, 0);
        const size_t bytes = r < 0 ? 0 : message_size(contents);

        for (unsigned i = 0; r >= 0 && i < names_set_count(audience->members); i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *copy = NULL;
                const char *name = names_set_get(audience->members, i);

                if (!wants_told(g_hash_table_lookup(audience->wants, name), kind, plugin))
                        continue;
                r = copy_for(audience, name, contents, &copy);
                if (r >= 0)
                        r = listeners_send(audience->bus->listeners, copy, bytes);
        }
        return r < 0 ? r : 0;
}

static int signal_new(const Audience *audience, const char *interface, const char *member,
                sd_bus_message **ret_message) {
        char path[USER_PATH_MAX];

        return sd_bus_message_new_signal(
                        audience->bus->bus, ret_message, user_path(audience->uid, path), interface, member);
}

static int send_properties(Audience *audience, const TimerProperties *now) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        TimerProperties copy;
        int n = 0, r;

        r = signal_new(audience, "org.freedesktop.DBus.Properties", "PropertiesChanged", &message);
        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, POMOD_INTERFACE_TIMER);
        if (r >= 0)
                r = n = timer_properties_append_changed(message, &audience->announced, now);
        if (r >= 0 && n > 0)
                r = sd_bus_message_append(message, "as", 0);
        if (r < 0 || n == 0)
                return r;
        timer_properties_copy(now, &copy);
        timer_properties_done(&audience->announced);
        audience->announced = copy;
        return send_to_all(audience, message, WANTS_TIMER, NULL);
}

static int event_new(const Audience *audience, const EngineEvent *event, sd_bus_message **ret_message) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = signal_new(audience, POMOD_INTERFACE_TIMER, "Event", &message);

        if (r >= 0)
                r = event_append(&(Reply){ .message = message }, event);
        if (r >= 0)
                *ret_message = steal(message);
        return r;
}

static int send_event(Audience *audience, const EngineEvent *event) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = event_new(audience, event, &message);

        return r < 0 ? r : send_to_all(audience, message, WANTS_EVENTS, NULL);
}

/* Says when to read again, and nothing of what. */
static int send_desired(Audience *audience, const char *plugin) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = signal_new(audience, POMOD_INTERFACE_FOCUS, "DesiredChanged", &message);

        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, plugin);
        return r < 0 ? r : send_to_all(audience, message, WANTS_DESIRED, plugin);
}

static int send_all_desired(Audience *audience) {
        GHashTableIter iter;
        void *plugin;
        int r = 0;

        if (!audience->plugins)
                return 0;
        g_hash_table_iter_init(&iter, audience->plugins);
        while (r >= 0 && g_hash_table_iter_next(&iter, &plugin, NULL))
                r = send_desired(audience, plugin);
        return r;
}

/* ---- what is told when ---- */

/* Properties first: whoever acts on an event reads a cache that is right. What waited is older than these
 * events, and part of these properties. */
static int tell(Audience *audience, const TimerProperties *now, const EngineEvent *events,
                unsigned n_events) {
        int r = send_properties(audience, now);

        if (r >= 0 && audience->event)
                r = send_to_all(audience, audience->event, WANTS_EVENTS, NULL);
        for (unsigned i = 0; r >= 0 && i < n_events; i++)
                r = send_event(audience, &events[i]);
        if (r >= 0)
                r = send_all_desired(audience);
        forget_what_waits(audience);
        return r;
}

static void journal_failure(const Audience *audience, int r) {
        if (r < 0 && r != -ENOTCONN)
                journal_error("Could not tell the subscribers of uid %" PRIu32 " of a change: %s.",
                                (uint32_t) audience->uid, strerror(-r));
}

static int on_due(sd_event_source *source, uint64_t usec, void *userdata) {
        Audience *audience = userdata;

        pace_take(&audience->changes, monotonic_usec());
        journal_failure(audience, tell(audience, &audience->properties, NULL, 0));
        return 0;
}

static int wait_for(Audience *audience, uint64_t due_usec) {
        int r = 0;

        if (!audience->due)
                r = sd_event_add_time(audience->bus->event, &audience->due, CLOCK_MONOTONIC, 0, USEC_PER_MSEC,
                                on_due, audience);
        if (r >= 0)
                r = sd_event_source_set_time(audience->due, due_usec);
        return r < 0 ? r : sd_event_source_set_enabled(audience->due, SD_EVENT_ONESHOT);
}

static int keep(Audience *audience, uint64_t due_usec, const TimerProperties *now, const EngineEvent *last) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = audience->waits ? 0 : wait_for(audience, due_usec);

        if (r >= 0 && last)
                r = event_new(audience, last, &message);
        if (r < 0)
                return r;
        timer_properties_done(&audience->properties);
        timer_properties_copy(now, &audience->properties);
        audience->waits = true;
        if (message) {
                sd_bus_message_unref(audience->event);
                audience->event = steal(message);
        }
        return 0;
}

/* What rings; that freeform ended is nothing that must not be late. */
static bool is_bell(const EngineEvent *events, unsigned n) {
        for (unsigned i = 0; i < n; i++)
                if (events[i].happening.type == HAPPENED_COMPLETED &&
                                events[i].happening.kind != INTERVAL_FREEFORM)
                        return true;
        return false;
}

/* A listener may look, as what is told is true by now. */
static void note_plugins(Audience *audience, const User *user) {
        GHashTable *now;

        if (!audience->told)
                return;
        now = desired_look(user);
        if (!audience->plugins)
                audience->plugins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        desired_compare(audience->told, now, audience->plugins);
        g_hash_table_unref(audience->told);
        audience->told = now;
}

void audience_tell(Audience *audience, User *user, unsigned changed, const EngineEvent *events,
                unsigned n_events) {
        const uint64_t now_usec = monotonic_usec();
        const uint64_t wait_usec = pace_wait(&audience->changes, now_usec);
        const bool rings = is_bell(events, n_events) && pace_wait(&audience->bells, now_usec) == 0;
        TimerProperties now;
        int r;

        timer_properties_get(user, &now);
        if (changed & CHANGED_FOCUS)
                note_plugins(audience, user);
        if (!rings && (audience->waits || wait_usec > 0)) {
                r = keep(audience, now_usec + wait_usec, &now, n_events > 0 ? &events[n_events - 1] : NULL);
                journal_failure(audience, r);
                return;
        }
        pace_take(rings ? &audience->bells : &audience->changes, now_usec);
        r = tell(audience, &now, events, n_events);
        journal_failure(audience, r);
}

void audience_tell_end(Audience *audience, const char *name, const char *sentence) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = signal_new(audience, POMOD_INTERFACE_TIMER, "Event", &message);

        if (r >= 0)
                r = sd_bus_message_append(message, "tsa{sv}", audience->announced.seq, "unsubscribed", 1,
                                "Message", "s", sentence);
        if (r >= 0)
                r = sd_bus_message_set_destination(message, name);
        if (r >= 0)
                r = sd_bus_send(audience->bus->bus, message, NULL);
        journal_failure(audience, r);
}
