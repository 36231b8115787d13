/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Sees: a subscribed connection that prints a line for every signal that reaches it (microseconds of
 * BOOTTIME, sender, interface, member, for an Event its kind). "ready" is the first line. With --monitor it
 * sees every message on the bus instead. Ends with the bus or by a signal.
 */

#include "tests/bench/common.h"

static void print_message(sd_bus_message *m) {
        uint64_t now = clock_usec(CLOCK_BOOTTIME);
        const char *sender = sd_bus_message_get_sender(m), *interface = sd_bus_message_get_interface(m),
                   *member = sd_bus_message_get_member(m), *kind = event_kind(m);
        printf("%" PRIu64 " %s %s %s %s\n", now, sender ?: "-", interface ?: "-", member ?: "-", kind);
        fflush(stdout);
}

static int become_monitor(sd_bus *bus) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *call = NULL;
        int r = sd_bus_message_new_method_call(bus, &call, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                        "org.freedesktop.DBus.Monitoring", "BecomeMonitor");
        if (r >= 0)
                r = sd_bus_message_append(call, "asu", 0, 0);
        return r < 0 ? r : sd_bus_call(bus, call, 0, NULL, NULL);
}

int main(int argc, char *argv[]) {
        bool monitor = argc == 4 && strcmp(argv[3], "--monitor") == 0;
        if (argc != 3 && !monitor) {
                fprintf(stderr, "usage: %s ADDRESS NAME [--monitor]\n", argv[0]);
                return 2;
        }
        cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;
        int r;
        if (monitor) {
                if ((r = sd_bus_new(&bus)) < 0 || (r = sd_bus_set_address(bus, argv[1])) < 0 ||
                                (r = sd_bus_set_bus_client(bus, 1)) < 0 ||
                                (r = sd_bus_set_monitor(bus, 1)) < 0 || (r = sd_bus_start(bus)) < 0 ||
                                (r = become_monitor(bus)) < 0)
                        die(r, "cannot monitor %s", argv[1]);
        } else {
                bus = bus_connect(argv[1]);
                subscribe(bus, argv[2]);
        }
        printf("ready\n");
        fflush(stdout);
        for (;;) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
                r = sd_bus_process(bus, &m);
                if (r < 0)
                        return r == -ECONNRESET || r == -ENOTCONN ? 0 : 1;
                if (m)
                        print_message(m);
                if (r == 0 && (r = sd_bus_wait(bus, UINT64_MAX)) < 0)
                        return 1;
        }
}
