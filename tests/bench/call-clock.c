/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * How long one client waits for an answer: prints the microseconds of each of so many calls, one after the
 * other, of Explain at an instant, or without one of GetAll of Timer.
 */

#include "tests/bench/common.h"

static int call(sd_bus *bus, const char *name, const char *instant, sd_bus_message **ret_reply) {
        if (!instant)
                return sd_bus_call_method(bus, name, user_path(), "org.freedesktop.DBus.Properties", "GetAll",
                                NULL, ret_reply, "s", POMOD_INTERFACE_TIMER);
        return sd_bus_call_method(bus, name, user_path(), POMOD_INTERFACE_SCHEDULES, "Explain", NULL,
                        ret_reply, "ta{sv}", (uint64_t) strtoull(instant, NULL, 10), 0);
}

int main(int argc, char *argv[]) {
        if (argc != 4 && argc != 5) {
                fprintf(stderr, "usage: %s ADDRESS NAME TIMES [REALTIME-USEC]\n", argv[0]);
                return 2;
        }
        cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = bus_connect(argv[1]);
        unsigned long times = strtoul(argv[3], NULL, 10);
        /* The first call says Hello, too, and is not counted. */
        for (unsigned long i = 0; i <= times; i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
                uint64_t begin = clock_usec(CLOCK_MONOTONIC);
                int r = call(bus, argv[2], argc == 5 ? argv[4] : NULL, &reply);
                if (r < 0)
                        die(r, "the call failed");
                if (i > 0)
                        printf("%" PRIu64 "\n", clock_usec(CLOCK_MONOTONIC) - begin);
        }
        return 0;
}
