/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A bus that the test plays: it notes what it is asked, and knows of the connections that it is told of. */

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>

#include "common/cleanup.h"

#define PLAYED_NAME "org.freedesktop.DBus"
#define PLAYED_PATH "/org/freedesktop/DBus"

typedef struct Played {
        sd_bus *bus, *peer; /* the room's end, and that of the bus */
        sd_bus_slot *vtable;
        GHashTable *connected; /* unique names */
        GPtrArray *asked;      /* "AddMatch …", "RemoveMatch …", "NameHasOwner …" */
        bool refuses_matches;
} Played;

static inline int played_on_hello(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        return sd_bus_reply_method_return(message, "s", ":1.1");
}

static inline const char *played_note(Played *played, sd_bus_message *message) {
        const char *text;

        g_assert_cmpint(sd_bus_message_read(message, "s", &text), >, 0);
        g_ptr_array_add(played->asked, g_strdup_printf("%s %s", sd_bus_message_get_member(message), text));
        return text;
}

static inline int played_on_match(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Played *played = userdata;

        played_note(played, message);
        if (played->refuses_matches)
                return sd_bus_reply_method_errorf(message, SD_BUS_ERROR_LIMITS_EXCEEDED, "There are enough");
        return sd_bus_reply_method_return(message, NULL);
}

static inline int played_on_has_owner(sd_bus_message *message, void *userdata, sd_bus_error *error) {
        Played *played = userdata;
        int has = g_hash_table_contains(played->connected, played_note(played, message));

        return sd_bus_reply_method_return(message, "b", has);
}

static const sd_bus_vtable played_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Hello", NULL, "s", played_on_hello, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("AddMatch", "s", NULL, played_on_match, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("RemoveMatch", "s", NULL, played_on_match, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("NameHasOwner", "s", "b", played_on_has_owner, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
};

/* Both ends do what there is to do, until there is nothing. */
static inline void played_run(Played *played) {
        int room, peer;

        do {
                room = sd_bus_process(played->bus, NULL);
                peer = sd_bus_process(played->peer, NULL);
                g_assert_cmpint(room, >=, 0);
                g_assert_cmpint(peer, >=, 0);
        } while (room > 0 || peer > 0);
}

static inline void played_set_up(Played *played, gconstpointer data) {
        sd_id128_t id;
        int fds[2];

        played->connected = g_hash_table_new(g_str_hash, g_str_equal);
        played->asked = g_ptr_array_new_with_free_func(g_free);
        g_assert_cmpint(sd_id128_randomize(&id), >=, 0);
        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
        g_assert_cmpint(sd_bus_new(&played->peer), >=, 0);
        g_assert_cmpint(sd_bus_set_fd(played->peer, fds[1], fds[1]), >=, 0);
        g_assert_cmpint(sd_bus_set_server(played->peer, 1, id), >=, 0);
        g_assert_cmpint(sd_bus_set_anonymous(played->peer, 1), >=, 0);
        g_assert_cmpint(sd_bus_start(played->peer), >=, 0);
        g_assert_cmpint(sd_bus_add_object_vtable(played->peer, &played->vtable, PLAYED_PATH, PLAYED_NAME,
                                        played_vtable, played),
                        >=, 0);
        g_assert_cmpint(sd_bus_new(&played->bus), >=, 0);
        g_assert_cmpint(sd_bus_set_fd(played->bus, fds[0], fds[0]), >=, 0);
        g_assert_cmpint(sd_bus_set_anonymous(played->bus, 1), >=, 0);
        g_assert_cmpint(sd_bus_set_bus_client(played->bus, 1), >=, 0);
        g_assert_cmpint(sd_bus_start(played->bus), >=, 0);
        played_run(played);
        g_assert_cmpint(sd_bus_is_ready(played->bus), >, 0);
}

static inline void played_tear_down(Played *played, gconstpointer data) {
        sd_bus_close(played->bus);
        sd_bus_unref(played->bus);
        sd_bus_slot_unref(played->vtable);
        sd_bus_close(played->peer);
        sd_bus_unref(played->peer);
        g_hash_table_unref(played->connected);
        g_ptr_array_unref(played->asked);
}

/* How often it was asked something that begins so. */
static inline unsigned played_count(const Played *played, const char *prefix) {
        unsigned n = 0;

        for (unsigned i = 0; i < played->asked->len; i++)
                n += g_str_has_prefix(g_ptr_array_index(played->asked, i), prefix);
        return n;
}

/* A connection has ended, as that sender says. */
static inline void played_say_left(Played *played, const char *sender, const char *name) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *message = NULL;

        g_hash_table_remove(played->connected, name);
        g_assert_cmpint(sd_bus_message_new_signal(
                                        played->peer, &message, PLAYED_PATH, PLAYED_NAME, "NameOwnerChanged"),
                        >=, 0);
        g_assert_cmpint(sd_bus_message_append(message, "sss", name, name, ""), >=, 0);
        g_assert_cmpint(sd_bus_message_set_sender(message, sender), >=, 0);
        g_assert_cmpint(sd_bus_send(played->peer, message, NULL), >=, 0);
        played_run(played);
}
