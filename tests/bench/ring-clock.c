/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * How late the bell is: starts a pomodoro (the setting says how long), reads its deadline, and prints how
 * many microseconds after it the Event arrived in this process. So many times.
 */

#include "tests/bench/common.h"

static uint64_t read_deadline(sd_bus *bus, const char *name) {
        uint64_t deadline;
        int r = sd_bus_get_property_trivial(bus, name, user_path(), POMOD_INTERFACE_TIMER,
                        "DeadlineBoottimeUSec", NULL, 't', &deadline);
        if (r < 0)
                die(r, "the deadline cannot be read");
        return deadline;
}

/* The moment at which a "completed" arrived. */
static uint64_t await_ring(sd_bus *bus) {
        for (;;) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
                int r = sd_bus_process(bus, &m);
                uint64_t now = clock_usec(CLOCK_BOOTTIME);
                if (r < 0)
                        die(r, "the bus went away");
                if (strcmp(event_kind(m), "completed") == 0)
                        return now;
                if (r == 0 && (r = sd_bus_wait(bus, 30ULL * 1000000)) <= 0)
                        die(r < 0 ? r : ETIMEDOUT, "no ring");
        }
}

int main(int argc, char *argv[]) {
        if (argc != 4) {
                fprintf(stderr, "usage: %s ADDRESS NAME TIMES\n", argv[0]);
                return 2;
        }
        cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = bus_connect(argv[1]);
        subscribe(bus, argv[2]);
        for (unsigned long left = strtoul(argv[3], NULL, 10); left > 0; left--) {
                cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
                int r = sd_bus_call_method(bus, argv[2], user_path(), POMOD_INTERFACE_TIMER, "Start", &error,
                                NULL, "sa{sv}", "pomodoro", 1, "anyway", "b", 1);
                if (r < 0)
                        die(r, "Start failed: %s", error.message);
                uint64_t deadline = read_deadline(bus, argv[2]);
                uint64_t rang = await_ring(bus);
                printf("%" PRId64 "\n", (int64_t) (rang - deadline));
                fflush(stdout);
        }
        return 0;
}
