/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * How long root's host of a plugin waits for what should hold: registers, and prints for so many calls of
 * Desired, one after the other, the microseconds and how many claims were in the answer.
 */

#include "tests/bench/common.h"

static unsigned count(sd_bus_message *reply) {
        unsigned n = 0;
        uint64_t generation;
        int r = sd_bus_message_read_basic(reply, 't', &generation);

        if (r >= 0)
                r = sd_bus_message_enter_container(reply, 'a', "a{sv}");
        while (r >= 0 && (r = sd_bus_message_skip(reply, "a{sv}")) > 0 && ++n &&
                        sd_bus_message_at_end(reply, false) == 0)
                continue;
        if (r < 0)
                die(r, "the answer was not read");
        return n;
}

int main(int argc, char *argv[]) {
        if (argc != 5) {
                fprintf(stderr, "usage: %s ADDRESS NAME PLUGIN TIMES\n", argv[0]);
                return 2;
        }
        cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = bus_connect(argv[1]);
        unsigned long times = strtoul(argv[4], NULL, 10);
        int r = sd_bus_call_method(bus, argv[2], POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, "Register", NULL,
                        NULL, "sa{sv}", argv[3], 2, "version", "s", "1", "pid", "u", (uint32_t) getpid());

        if (r < 0)
                die(r, "there is another host");
        for (unsigned long i = 0; i < times; i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
                uint64_t begin = clock_usec(CLOCK_MONOTONIC);

                r = sd_bus_call_method(bus, argv[2], POMOD_OBJECT_PATH, POMOD_INTERFACE_MANAGER, "Desired",
                                NULL, &reply, "sa{sv}", argv[3], 0);
                if (r < 0)
                        die(r, "the call failed");
                printf("%" PRIu64 " ", clock_usec(CLOCK_MONOTONIC) - begin);
                printf("%u\n", count(reply));
        }
        return 0;
}
