/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/subscribers.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "common/caps.h"
#include "common/names.h"
#include "daemon/bus/access.h"
#include "daemon/bus/names.h"
#include "daemon/bus/records.h"
#include "daemon/bus/timer.h"
#include "daemon/engine/journal.h"

/* Those who watch one user, and what they were last told. */
typedef struct Audience {
        Bus *bus;
        uid_t uid;
        NameSet *members;
        TimerProperties announced;
} Audience;

static void audience_free(void *p) {
        Audience *audience = p;

        if (!audience)
                return;
        names_set_free(audience->members);
        timer_properties_done(&audience->announced);
        g_free(audience);
}

static void audience_freep(Audience **audience) {
        audience_free(*audience);
}

GHashTable *subscribers_new(void) {
        return g_hash_table_new_full(NULL, NULL, NULL, audience_free);
}

static Audience *audience_find(const Bus *bus, uid_t uid) {
        return g_hash_table_lookup(bus->subscribers, GUINT_TO_POINTER(uid));
}

static void audience_end(Audience *audience) {
        Bus *bus = audience->bus;

        engine_unwatch(bus->engine, audience->uid);
        g_hash_table_remove(bus->subscribers, GUINT_TO_POINTER(audience->uid));
}

static void on_left(NameSet *members, const char *name, void *userdata) {
        if (names_set_count(members) == 0)
                audience_end(userdata);
}

static Audience *audience_new(Bus *bus, uid_t uid, const TimerProperties *properties) {
        Audience *audience = g_new0(Audience, 1);

        audience->bus = bus;
        audience->uid = uid;
        audience->members = names_set_new(bus->names, on_left, audience);
        timer_properties_copy(properties, &audience->announced);
        return audience;
}

static int check_caps(const Bus *bus, const Audience *audience, Refusal *ret_refusal) {
        bool shared = bus->many_users;
        unsigned per_uid = shared ? CAP_SUBSCRIBERS_PER_UID : CAP_SUBSCRIBERS_PRIVATE;
        unsigned in_all = shared ? CAP_SUBSCRIBERS : CAP_SUBSCRIBERS_PRIVATE;
        unsigned total = 0;
        GHashTableIter iter;
        void *other;

        if (audience && names_set_count(audience->members) >= per_uid)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u connections are subscribed to this user, which is the most there can be; end one",
                                per_uid);
        g_hash_table_iter_init(&iter, bus->subscribers);
        while (g_hash_table_iter_next(&iter, NULL, &other))
                total += names_set_count(((Audience *) other)->members);
        if (total >= in_all)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u connections are subscribed in all, which is the most there can be",
                                in_all);
        return 0;
}

int subscribers_add(Bus *bus, sd_bus_message *message, User *user, uint64_t *ret_seq, Refusal *ret_refusal) {
        const char *name = sd_bus_message_get_sender(message);
        const uid_t uid = engine_user_uid(user);
        cleanup_(audience_freep) Audience *made = NULL;
        Audience *audience = audience_find(bus, uid);
        TimerProperties properties;
        int r = 0;

        if (!name)
                return -ENXIO;
        timer_properties_get(user, &properties);
        if (!audience || !names_set_has(audience->members, name)) {
                r = check_caps(bus, audience, ret_refusal);
                if (r == 0 && !audience)
                        audience = made = audience_new(bus, uid, &properties);
                if (r == 0)
                        r = result_of(names_set_add(audience->members, name));
        }
        if (r != 0)
                return r;
        if (made) {
                g_hash_table_insert(bus->subscribers, GUINT_TO_POINTER(uid), steal(made));
                engine_watch(user);
        }
        *ret_seq = properties.seq;
        return 0;
}

void subscribers_remove(Bus *bus, sd_bus_message *message, uid_t uid) {
        const char *name = sd_bus_message_get_sender(message);
        Audience *audience = audience_find(bus, uid);

        if (name && audience && names_set_remove(audience->members, name) &&
                        names_set_count(audience->members) == 0)
                audience_end(audience);
}

static int send_copy(Bus *bus, const char *name, sd_bus_message *contents) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *copy = NULL;
        int r = sd_bus_message_new_signal(bus->bus, &copy, sd_bus_message_get_path(contents),
                        sd_bus_message_get_interface(contents), sd_bus_message_get_member(contents));

        if (r >= 0)
                r = sd_bus_message_rewind(contents, 1);
        if (r >= 0)
                r = sd_bus_message_copy(copy, contents, 1);
        if (r >= 0)
                r = sd_bus_message_set_destination(copy, name);
        return r < 0 ? r : sd_bus_send(bus->bus, copy, NULL);
}

/* One message for each: the contents are made once and copied, the destination is what differs. */
static int send_to_all(Bus *bus, Audience *audience, sd_bus_message *contents) {
        int r = sd_bus_message_seal(contents, 1, 0);

        for (unsigned i = 0; r >= 0 && i < names_set_count(audience->members); i++)
                r = send_copy(bus, names_set_get(audience->members, i), contents);
        return r < 0 ? r : 0;
}

static int signal_new(Bus *bus, const Audience *audience, const char *interface, const char *member,
                sd_bus_message **ret_message) {
        char path[USER_PATH_MAX];

        return sd_bus_message_new_signal(
                        bus->bus, ret_message, user_path(audience->uid, path), interface, member);
}

static int announce_properties(Bus *bus, Audience *audience, User *user) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        TimerProperties now, copy;
        int n = 0, r;

        timer_properties_get(user, &now);
        r = signal_new(bus, audience, "org.freedesktop.DBus.Properties", "PropertiesChanged", &message);
        if (r >= 0)
                r = sd_bus_message_append_basic(message, SD_BUS_TYPE_STRING, POMOD_INTERFACE_TIMER);
        if (r >= 0)
                r = n = timer_properties_append_changed(message, &audience->announced, &now);
        if (r >= 0 && n > 0)
                r = sd_bus_message_append(message, "as", 0);
        if (r < 0 || n == 0)
                return r;
        timer_properties_copy(&now, &copy);
        timer_properties_done(&audience->announced);
        audience->announced = copy;
        return send_to_all(bus, audience, message);
}

static int announce_event(Bus *bus, Audience *audience, const EngineEvent *event) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = signal_new(bus, audience, POMOD_INTERFACE_TIMER, "Event", &message);

        if (r >= 0)
                r = event_append(&(Reply){ .message = message }, event);
        return r < 0 ? r : send_to_all(bus, audience, message);
}

/* Says when to read again, and nothing of what. */
static int announce_desired(Bus *bus, Audience *audience) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;
        int r = signal_new(bus, audience, POMOD_INTERFACE_FOCUS, "DesiredChanged", &message);

        return r < 0 ? r : send_to_all(bus, audience, message);
}

void subscribers_announce(
                Bus *bus, User *user, unsigned changed, const EngineEvent *events, unsigned n_events) {
        const uid_t uid = engine_user_uid(user);
        Audience *audience = audience_find(bus, uid);
        int r;

        if (!audience)
                return;
        /* Properties first: whoever acts on an event reads a cache that is right. */
        r = announce_properties(bus, audience, user);
        for (unsigned i = 0; r >= 0 && i < n_events; i++)
                r = announce_event(bus, audience, &events[i]);
        if (r >= 0 && changed & CHANGED_FOCUS)
                r = announce_desired(bus, audience);
        if (r < 0 && r != -ENOTCONN)
                journal_error("Could not tell the subscribers of uid %" PRIu32 " of a change: %s.",
                                (uint32_t) uid, strerror(-r));
}

void subscribers_end(Bus *bus) {
        GHashTableIter iter;
        void *audience;

        g_hash_table_iter_init(&iter, bus->subscribers);
        while (g_hash_table_iter_next(&iter, NULL, &audience))
                engine_unwatch(bus->engine, ((const Audience *) audience)->uid);
        g_clear_pointer(&bus->subscribers, g_hash_table_unref);
}

void subscribers_let_out(Bus *bus, uid_t uid) {
        if (g_hash_table_remove(bus->subscribers, GUINT_TO_POINTER(uid)))
                engine_unwatch(bus->engine, uid);
}
