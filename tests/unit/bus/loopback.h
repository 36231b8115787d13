/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Messages of a connection to ourselves, which nobody reads: written, sealed, and read again. */

#include <glib.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>

#include "common/cleanup.h"

typedef struct Loopback {
        sd_bus *bus;
        int other_end;
        sd_bus_message *message;
} Loopback;

static inline sd_bus_message *loopback_message(const Loopback *loopback) {
        sd_bus_message *message = NULL;

        g_assert_cmpint(sd_bus_message_new_method_call(loopback->bus, &message, "org.x", "/x", "org.x", "X"),
                        >=, 0);
        return message;
}

static inline void loopback_set_up(Loopback *loopback, gconstpointer data) {
        int fds[2];

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
        loopback->other_end = fds[1];
        g_assert_cmpint(sd_bus_new(&loopback->bus), >=, 0);
        g_assert_cmpint(sd_bus_set_fd(loopback->bus, fds[0], fds[0]), >=, 0);
        g_assert_cmpint(sd_bus_start(loopback->bus), >=, 0);
        loopback->message = loopback_message(loopback);
}

static inline void loopback_tear_down(Loopback *loopback, gconstpointer data) {
        sd_bus_message_unref(loopback->message);
        sd_bus_close(loopback->bus);
        sd_bus_unref(loopback->bus);
        close_fd(loopback->other_end);
}

/* To be read from its beginning. */
static inline void loopback_rewind(sd_bus_message *message) {
        g_assert_cmpint(sd_bus_message_seal(message, 1, 0), >=, 0);
        g_assert_cmpint(sd_bus_message_rewind(message, 1), >=, 0);
}
