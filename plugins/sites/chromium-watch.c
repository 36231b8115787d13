/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/chromium-watch.h"

#include <glib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "common/cleanup.h"

#define ABOVE "/etc" /* busy with other things, and none of ours is there */
#define EVENTS                                                                                               \
        (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | \
                        IN_MOVE_SELF | IN_ONLYDIR)

struct ChromiumWatch {
        const PomoHostCalls *calls;
        PomoHost *host;
        PomoWatch *watch;
        int fd;
        void (*func)(void *data);
        void *data;
};

/* What happened is read and let go of: how the world is now counts. */
static void on_events(int fd, uint32_t epoll_events, void *data) {
        ChromiumWatch *watch = data;
        char events[4096];

        while (read(fd, events, sizeof(events)) > 0)
                ;
        watch->func(watch->data);
}

ChromiumWatch *chromium_watch_new(const Backend *backend, void (*func)(void *data), void *data) {
        ChromiumWatch *watch = g_new0(ChromiumWatch, 1);

        *watch = (ChromiumWatch){
                .calls = backend->calls, .host = backend->host, .func = func, .data = data
        };
        watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if (watch->fd < 0 || watch->calls->watch(watch->host, watch->fd, EPOLLIN, on_events, watch,
                                             &watch->watch) < 0)
                return chromium_watch_free(watch);
        return watch;
}

void chromium_watch_add(ChromiumWatch *watch, const char *path) {
        for (const char *slash = path + strlen(ABOVE);;) {
                g_autofree char *folder = NULL;

                slash = strchr(slash + 1, '/');
                folder = slash ? g_strndup(path, (size_t) (slash - path)) : g_strdup(path);
                (void) inotify_add_watch(watch->fd, folder, EVENTS);
                if (!slash)
                        return;
        }
}

ChromiumWatch *chromium_watch_free(ChromiumWatch *watch) {
        if (!watch)
                return NULL;
        watch->calls->forget(watch->host, watch->watch);
        (void) close_fd(watch->fd);
        g_free(watch);
        return NULL;
}
