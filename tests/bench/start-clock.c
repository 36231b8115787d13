/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * How long a service takes from exec to owning its name, and to the first answer to a GetAll of Timer. Runs
 * the command, prints both in microseconds, ends it.
 */

#include <signal.h>
#include <sys/wait.h>

#include "tests/bench/common.h"

static int on_owner_changed(sd_bus_message *m, void *userdata, sd_bus_error *error) {
        const char *name, *old, *new;
        if (sd_bus_message_read(m, "sss", &name, &old, &new) >= 0 && new[0])
                *(bool *) userdata = true;
        return 0;
}

int main(int argc, char *argv[]) {
        if (argc < 4) {
                fprintf(stderr, "usage: %s ADDRESS NAME COMMAND [ARGUMENT…]\n", argv[0]);
                return 2;
        }
        cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = bus_connect(argv[1]);
        char match[256];
        bool owned = false;
        snprintf(match, sizeof(match),
                        "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='%s'",
                        argv[2]);
        int r = sd_bus_add_match(bus, NULL, match, on_owner_changed, &owned);
        if (r < 0)
                die(r, "cannot watch for %s", argv[2]);

        uint64_t begin = clock_usec(CLOCK_MONOTONIC);
        pid_t pid = fork();
        if (pid < 0)
                die(errno, "no process");
        if (pid == 0) {
                execv(argv[3], argv + 3);
                die(errno, "%s", argv[3]);
        }
        while (!owned) {
                if ((r = sd_bus_process(bus, NULL)) < 0)
                        die(r, "the bus went away");
                if (r == 0 && (r = sd_bus_wait(bus, 20ULL * 1000000)) <= 0) {
                        kill(pid, SIGKILL);
                        die(r < 0 ? r : ETIMEDOUT, "%s did not come up", argv[2]);
                }
        }
        uint64_t name_usec = clock_usec(CLOCK_MONOTONIC) - begin;
        cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;
        r = sd_bus_call_method(bus, argv[2], user_path(), "org.freedesktop.DBus.Properties", "GetAll", &error,
                        NULL, "s", POMOD_INTERFACE_TIMER);
        uint64_t answer_usec = clock_usec(CLOCK_MONOTONIC) - begin;
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
        if (r < 0)
                die(r, "GetAll failed: %s", error.message);
        printf("%" PRIu64 " %" PRIu64 "\n", name_usec, answer_usec);
        return 0;
}
