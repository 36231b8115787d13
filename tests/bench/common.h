/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the bench's helpers share: a connection, the clocks, and words for a failure. Each helper is one
 * figure. */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/names.h"

static inline uint64_t clock_usec(clockid_t clock) {
        struct timespec ts;
        clock_gettime(clock, &ts);
        return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}

__attribute__((noreturn, format(printf, 2, 3))) static inline void die(int r, const char *format, ...) {
        va_list args;
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        fprintf(stderr, ": %s\n", strerror(r < 0 ? -r : r));
        exit(EXIT_FAILURE);
}

static inline sd_bus *bus_connect(const char *address) {
        sd_bus *bus = NULL;
        int r = sd_bus_new(&bus);
        if (r >= 0)
                r = sd_bus_set_address(bus, address);
        if (r >= 0)
                r = sd_bus_set_bus_client(bus, 1);
        if (r >= 0)
                r = sd_bus_start(bus);
        if (r < 0)
                die(r, "no connection to %s", address);
        return bus;
}

/* The object of whoever runs the bench. */
static inline const char *user_path(void) {
        static char path[64];
        snprintf(path, sizeof(path), "%s/_%u", POMOD_USER_PATH, (unsigned) getuid());
        return path;
}

/* All properties of Timer; dies where there is no answer. ret_reply may be NULL. */
static inline void get_all(sd_bus *bus, const char *name, sd_bus_message **ret_reply) {
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        int r = sd_bus_call_method(bus, name, user_path(), "org.freedesktop.DBus.Properties", "GetAll",
                        &error, ret_reply, "s", POMOD_INTERFACE_TIMER);
        if (r < 0)
                die(r, "GetAll failed: %s", error.message);
}

static inline void subscribe(sd_bus *bus, const char *name) {
        int r = sd_bus_call_method(bus, name, POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, "Subscribe", NULL,
                        NULL, "a{sv}", 0);
        if (r < 0)
                die(r, "Subscribe failed");
}

/* The kind of an Event, "-" for any other message. */
static inline const char *event_kind(sd_bus_message *m) {
        const char *kind = "-";
        uint64_t seq;
        if (m && sd_bus_message_is_signal(m, POMOD_INTERFACE_TIMER, "Event") > 0)
                sd_bus_message_read(m, "ts", &seq, &kind);
        return kind;
}

/* Every value of an a{sv} of basic types, read and thrown away; returns how many there were. */
static inline int read_all_values(sd_bus_message *reply) {
        int n = 0;
        int r = sd_bus_message_enter_container(reply, 'a', "{sv}");
        while (r >= 0 && (r = sd_bus_message_enter_container(reply, 'e', "sv")) > 0) {
                const char *name, *contents;
                char type;
                union {
                        const char *s;
                        uint64_t t;
                        uint32_t u;
                        int b;
                } value;
                if ((r = sd_bus_message_read_basic(reply, 's', &name)) < 0 ||
                                (r = sd_bus_message_peek_type(reply, &type, &contents)) < 0 ||
                                (r = sd_bus_message_enter_container(reply, 'v', contents)) < 0 ||
                                (r = sd_bus_message_read_basic(reply, contents[0], &value)) < 0 ||
                                (r = sd_bus_message_exit_container(reply)) < 0 ||
                                (r = sd_bus_message_exit_container(reply)) < 0)
                        break;
                n++;
        }
        return r < 0 ? r : n;
}

/* A thousand connections need more than the usual 1,024 descriptors. */
static inline void raise_descriptor_limit(void) {
        struct rlimit limit;
        if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
                limit.rlim_cur = limit.rlim_max;
                setrlimit(RLIMIT_NOFILE, &limit);
        }
}
