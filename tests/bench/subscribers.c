/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * So many subscribed connections in one process, told of so many changes (interruptions of what runs), one
 * after the other. Prints for each change the microseconds of CPU that the service (its pid is given) used
 * for it and the microseconds until the last connection had been told.
 */

#include <sys/epoll.h>

#include "tests/bench/common.h"

static size_t n_told;

/* Nanoseconds on a CPU: exact, where utime and stime have the grain of a tick. */
static uint64_t cpu_nsec(const char *pid) {
        char path[64];
        uint64_t nsec = 0;
        snprintf(path, sizeof(path), "/proc/%s/schedstat", pid);
        FILE *f = fopen(path, "re");
        if (!f || fscanf(f, "%" SCNu64, &nsec) != 1)
                die(errno, "%s", path);
        fclose(f);
        return nsec;
}

/* Reads what has come for one connection. */
static int drain(sd_bus *bus) {
        for (;;) {
                cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
                int r = sd_bus_process(bus, &m);
                if (r <= 0)
                        return r;
                n_told += strcmp(event_kind(m), "interrupted") == 0;
        }
}

static void fail(int r, const char *what) {
        if (r < 0)
                die(r, "%s", what);
}

int main(int argc, char *argv[]) {
        if (argc != 6) {
                fprintf(stderr, "usage: %s ADDRESS NAME PID CONNECTIONS CHANGES\n", argv[0]);
                return 2;
        }
        raise_descriptor_limit();
        size_t n = strtoul(argv[4], NULL, 10);
        unsigned long changes = strtoul(argv[5], NULL, 10);
        /* Not sd-event: its turn costs something for every connection, which would drown what is measured. */
        int epoll = epoll_create1(EPOLL_CLOEXEC);
        fail(epoll < 0 ? -errno : 0, "no epoll");
        for (size_t i = 0; i < n; i++) {
                sd_bus *bus = bus_connect(argv[1]);
                subscribe(bus, argv[2]);
                fail(drain(bus), "a connection failed");
                struct epoll_event interest = { .events = EPOLLIN, .data.ptr = bus };
                fail(epoll_ctl(epoll, EPOLL_CTL_ADD, sd_bus_get_fd(bus), &interest) < 0 ? -errno : 0,
                                "no epoll");
        }
        sd_bus *asker = bus_connect(argv[1]);
        for (; changes > 0; changes--) {
                n_told = 0;
                uint64_t begin = clock_usec(CLOCK_MONOTONIC), cpu = cpu_nsec(argv[3]);
                fail(sd_bus_call_method(asker, argv[2], user_path(), POMOD_INTERFACE_TIMER, "Interrupt", NULL,
                                     NULL, "a{sv}", 0),
                                "Interrupt failed");
                while (n_told < n) {
                        struct epoll_event ready[64];
                        int r = epoll_wait(epoll, ready, 64, 20000);
                        fail(r < 0 ? -errno : 0, "the wait failed");
                        if (r == 0)
                                die(ETIMEDOUT, "only %zu of %zu connections were told", n_told, n);
                        for (int i = 0; i < r; i++)
                                fail(drain(ready[i].data.ptr), "a connection failed");
                }
                uint64_t took = clock_usec(CLOCK_MONOTONIC) - begin;
                printf("%" PRIu64 " %" PRIu64 "\n", (cpu_nsec(argv[3]) - cpu) / 1000, took);
                fflush(stdout);
        }
        return 0;
}
