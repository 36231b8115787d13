/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* A plugin that behaves, and looks again when somebody else takes its world away. */
#include "tests/plugins/bad/frame.h"

#include <sys/epoll.h>
#include <sys/inotify.h>

static void changed(int fd, uint32_t epoll_events, void *data) {
        char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

        (void) epoll_events;
        (void) data;
        while (read(fd, events, sizeof(events)) > 0)
                ;
        frame.calls->look_again(frame.host);
}

static int bad_open(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        const char *folder = getenv("POMOD_TEST_WORLD");
        int fd, r = frame_open(host, calls, ret_state);

        if (r < 0)
                return r;
        fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if (fd < 0 || !folder || inotify_add_watch(fd, folder, IN_DELETE) < 0)
                return -errno;
        return calls->watch(host, fd, EPOLLIN, changed, NULL, NULL);
}

#define BAD_OPEN bad_open
#include "tests/plugins/bad/table.h"
