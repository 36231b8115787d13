/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Somebody else's day while another floods: GetAll on a connection that stands, and GetAll on a new one as
 * pomoctl does, in turn every 5 ms for so long: at moments that a flood does not choose. Prints the
 * microseconds: p50 and p99 of the one, p50 and p99 of the other, how many. What got no answer in ten seconds
 * took as long, and is the last that is asked.
 */

#include "tests/bench/common.h"

#define MOST          100000u
#define PACE_USEC     5000u
#define PATIENCE_USEC (10ULL * 1000000)

/* false: nobody answered. */
static bool ask(sd_bus *bus, const char *name) {
        return sd_bus_set_method_call_timeout(bus, PATIENCE_USEC) >= 0 &&
               sd_bus_call_method(bus, name, user_path(), "org.freedesktop.DBus.Properties", "GetAll", NULL,
                               NULL, "s", POMOD_INTERFACE_TIMER) >= 0;
}

static int compare(const void *a, const void *b) {
        const uint64_t one = *(const uint64_t *) a, other = *(const uint64_t *) b;

        return one < other ? -1 : one > other;
}

static uint64_t quantile(uint64_t *took, size_t n, size_t percent) {
        return took[(n - 1) * percent / 100];
}

int main(int argc, char *argv[]) {
        static uint64_t standing[MOST], new[MOST];
        uint64_t begin, now, until;
        bool answered = true;
        size_t n = 0;

        if (argc != 4) {
                fprintf(stderr, "usage: %s ADDRESS NAME MILLISECONDS\n", argv[0]);
                return 2;
        }
        cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = bus_connect(argv[1]);
        now = clock_usec(CLOCK_MONOTONIC);
        until = now + 1000 * strtoull(argv[3], NULL, 10);
        while (answered && n < MOST && (now < until || n < 10)) {
                begin = now;
                answered = ask(bus, argv[2]);
                now = clock_usec(CLOCK_MONOTONIC);
                standing[n] = now - begin;
                begin = now;
                sd_bus *another = bus_connect(argv[1]);
                answered = ask(another, argv[2]) && answered;
                sd_bus_flush_close_unref(another);
                now = clock_usec(CLOCK_MONOTONIC);
                new[n++] = now - begin;
                usleep(PACE_USEC - now % PACE_USEC);
                now = clock_usec(CLOCK_MONOTONIC);
        }
        qsort(standing, n, sizeof(standing[0]), compare);
        qsort(new, n, sizeof(new[0]), compare);
        printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %zu\n", quantile(standing, n, 50),
                        quantile(standing, n, 99), quantile(new, n, 50), quantile(new, n, 99), n);
        return 0;
}
