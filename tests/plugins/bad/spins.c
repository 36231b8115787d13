/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Is called again and again, by a time that is past or by a descriptor that it does not read (BAD_DEED), and
 * writes how many milliseconds a thousand of these calls took. */
#include "tests/plugins/bad/frame.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>

#define TIMES       1
#define DESCRIPTORS 2
#define CALLS       1000

static uint64_t now_msec(void) {
        struct timespec now;

        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t) now.tv_sec * 1000 + (uint64_t) now.tv_nsec / 1000000;
}

static void count(void) {
        static uint64_t begun_msec;
        static unsigned n_calls;
        char path[PATH_MAX];
        FILE *file;

        if (n_calls++ == 0)
                begun_msec = now_msec();
        if (n_calls != CALLS || frame_path(path, ".took") < 0)
                return;
        file = fopen(path, "we");
        if (file) {
                fprintf(file, "%" PRIu64 "\n", now_msec() - begun_msec);
                fclose(file);
        }
}

static void on_time(void *data) {
        (void) data;
        count();
        (void) frame.calls->at(frame.host, 0, on_time, NULL, NULL);
}

static void on_descriptor(int fd, uint32_t epoll_events, void *data) {
        (void) fd;
        (void) epoll_events;
        (void) data;
        count();
}

static int bad_open(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        int fd, r = frame_open(host, calls, ret_state);

        if (r < 0)
                return r;
        if (BAD_DEED == TIMES)
                return calls->at(host, 0, on_time, NULL, NULL);
        fd = eventfd(1, EFD_CLOEXEC);
        return fd < 0 ? -errno : calls->watch(host, fd, EPOLLIN, on_descriptor, NULL, NULL);
}

#define BAD_OPEN bad_open
#include "tests/plugins/bad/table.h"
