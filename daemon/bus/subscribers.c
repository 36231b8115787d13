/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/subscribers.h"

#include <errno.h>
#include <glib.h>

#include "common/caps.h"
#include "daemon/bus/audience.h"
#include "daemon/bus/listeners.h"
#include "daemon/bus/names.h"
#include "daemon/bus/timer.h"

/* Nobody watches the user any more. */
static void free_audience(void *audience) {
        engine_unwatch(audience_bus(audience)->engine, audience_uid(audience));
        audience_free(audience);
}

static void audience_freep(Audience **audience) {
        audience_free(*audience);
}

GHashTable *subscribers_new(void) {
        return g_hash_table_new_full(NULL, NULL, NULL, free_audience);
}

void subscribers_end(Bus *bus) {
        g_clear_pointer(&bus->subscribers, g_hash_table_unref);
}

static Audience *find(const Bus *bus, uid_t uid) {
        return g_hash_table_lookup(bus->subscribers, GUINT_TO_POINTER(uid));
}

static void end(Audience *audience) {
        g_hash_table_remove(audience_bus(audience)->subscribers, GUINT_TO_POINTER(audience_uid(audience)));
}

static unsigned count(Audience *audience) {
        return names_set_count(audience_members(audience));
}

/* Who was unsubscribed and stays takes a place on: else one user's connections would fill the bus in turn. */
static int check_caps(const Bus *bus, uid_t uid, Audience *audience, Refusal *ret_refusal) {
        bool shared = bus->many_users;
        unsigned per_uid = shared ? CAP_SUBSCRIBERS_PER_UID : CAP_SUBSCRIBERS_PRIVATE;
        unsigned in_all = shared ? CAP_SUBSCRIBERS : CAP_SUBSCRIBERS_PRIVATE;
        unsigned total = 0;
        GHashTableIter iter;
        void *other;

        if ((audience ? count(audience) : 0) + listeners_count_deaf(bus->listeners, uid) >= per_uid)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u connections are subscribed to this user, or do not read what they were told, which is the most there can be; end one",
                                per_uid);
        g_hash_table_iter_init(&iter, bus->subscribers);
        while (g_hash_table_iter_next(&iter, NULL, &other))
                total += count(other);
        if (total >= in_all)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u connections are subscribed in all, which is the most there can be",
                                in_all);
        return 0;
}

int subscribers_add(Bus *bus, sd_bus_message *message, User *user, const Wants *wants, uint64_t *ret_seq,
                Refusal *ret_refusal) {
        const char *name = sd_bus_message_get_sender(message);
        const uid_t uid = engine_user_uid(user);
        cleanup_(audience_freep) Audience *made = NULL;
        Audience *audience = find(bus, uid);
        TimerProperties properties;
        int r = 0;

        if (!name)
                return -ENXIO;
        if (!audience || !names_set_has(audience_members(audience), name)) {
                r = check_caps(bus, uid, audience, ret_refusal);
                if (r == 0)
                        r = listeners_add(bus->listeners, name, bus->caller, ret_refusal);
                if (r == 0 && !audience)
                        audience = made = audience_new(bus, user, end);
        }
        if (r == 0)
                r = audience_add(audience, user, name, wants);
        if (r != 0)
                return r;
        if (made) {
                g_hash_table_insert(bus->subscribers, GUINT_TO_POINTER(uid), steal(made));
                engine_watch(user);
        }
        timer_properties_get(user, &properties);
        *ret_seq = properties.seq;
        return 0;
}

static void remove_name(Audience *audience, const char *name) {
        if (audience_remove(audience, name) && count(audience) == 0)
                end(audience);
}

void subscribers_remove(Bus *bus, sd_bus_message *message, uid_t uid) {
        const char *name = sd_bus_message_get_sender(message);
        Audience *audience = find(bus, uid);

        if (name && audience)
                remove_name(audience, name);
}

/* Root may watch many users by one connection. */
void subscribers_expel(Bus *bus, const char *name) {
        GList *audiences = g_hash_table_get_values(bus->subscribers);

        for (const GList *l = audiences; l; l = l->next)
                if (names_set_has(audience_members(l->data), name)) {
                        audience_tell_end(l->data, name, listeners_sentence());
                        remove_name(l->data, name);
                }
        g_list_free(audiences);
}

void subscribers_announce(
                Bus *bus, User *user, unsigned changed, const EngineEvent *events, unsigned n_events) {
        Audience *audience = find(bus, engine_user_uid(user));

        if (audience)
                audience_tell(audience, user, changed, events, n_events);
}

void subscribers_let_out(Bus *bus, uid_t uid) {
        Audience *audience = find(bus, uid);
        const NameSet *members = audience ? audience_members(audience) : NULL;

        if (!audience)
                return;
        for (unsigned i = 0; i < names_set_count(members); i++)
                audience_tell_end(audience, names_set_get(members, i),
                                "the uid belongs to another account now; subscribe again if you are of that account");
        g_hash_table_remove(bus->subscribers, GUINT_TO_POINTER(uid));
        engine_unwatch(bus->engine, uid);
}
