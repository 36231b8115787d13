/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Load: so many clients at once, each a process with a connection of its own, each making so many GetAll one
 * after the other. Prints the seconds from the moment all were connected to the moment the last was done.
 */

#include <sys/wait.h>

#include "tests/bench/common.h"

static void client_run(const char *address, const char *name, unsigned long calls, int ready, int go) {
        sd_bus *bus = bus_connect(address);
        /* Hello is sent by the first call that waits: make it before the clock starts. */
        const char *unique;
        int r = sd_bus_get_unique_name(bus, &unique);
        if (r < 0)
                die(r, "no name on the bus");
        char byte = 0;
        if (write(ready, &byte, 1) != 1 || read(go, &byte, 1) != 0)
                die(errno, "cannot wait for the start");
        for (unsigned long i = 0; i < calls; i++) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
                get_all(bus, name, &reply);
        }
        sd_bus_flush_close_unref(bus);
}

int main(int argc, char *argv[]) {
        if (argc != 5) {
                fprintf(stderr, "usage: %s ADDRESS NAME CLIENTS CALLS\n", argv[0]);
                return 2;
        }
        unsigned long clients = strtoul(argv[3], NULL, 10), calls = strtoul(argv[4], NULL, 10);
        int ready[2], go[2];
        if (pipe(ready) < 0 || pipe(go) < 0)
                die(errno, "no pipe");
        for (unsigned long i = 0; i < clients; i++) {
                pid_t pid = fork();
                if (pid < 0)
                        die(errno, "no process for client %lu", i);
                if (pid == 0) {
                        close(go[1]);
                        close(ready[0]);
                        client_run(argv[1], argv[2], calls, ready[1], go[0]);
                        _exit(0);
                }
        }
        close(go[0]);
        close(ready[1]);
        char byte;
        for (unsigned long i = 0; i < clients; i++)
                if (read(ready[0], &byte, 1) != 1)
                        die(EPIPE, "a client did not come up");
        uint64_t begin = clock_usec(CLOCK_MONOTONIC);
        close(go[1]);
        bool failed = false;
        for (unsigned long i = 0; i < clients; i++) {
                int status;
                if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
                        failed = true;
        }
        if (failed)
                die(EIO, "a client failed");
        printf("%.6f\n", (double) (clock_usec(CLOCK_MONOTONIC) - begin) / 1e6);
        return 0;
}
