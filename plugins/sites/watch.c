/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/watch.h"

#include <assert.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "common/cleanup.h"

/* A folder is watched for what comes and goes in it. A file is watched beside, since a bind mount of it is
 * another folder's. */
#define IN_FOLDER (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR)
#define OF_FILE   (IN_CLOSE_WRITE | IN_MODIFY)

typedef struct Watched {
        char *path;
        const char *name; /* in its folder; "": any */
        int folder_wd, file_wd;
        bool happened;
} Watched;

struct Watch {
        const PomoHostCalls *calls;
        PomoHost *host;
        PomoWatch *watch;
        int fd;
        GArray *watched;
        void (*func)(const char *path, void *data);
        void *data;
};

/* ---- what happens ---- */

static bool is_about(const Watched *watched, const struct inotify_event *event) {
        if (event->mask & IN_Q_OVERFLOW)
                return true;
        if (event->wd == watched->file_wd)
                return true;
        return event->wd == watched->folder_wd && event->len > 0 &&
               (!*watched->name || strcmp(watched->name, event->name) == 0);
}

static void note(Watch *watch, const struct inotify_event *event) {
        for (guint i = 0; i < watch->watched->len; i++) {
                Watched *watched = &g_array_index(watch->watched, Watched, i);

                watched->happened = watched->happened || is_about(watched, event);
        }
}

static void on_events(int fd, uint32_t epoll_events, void *data) {
        Watch *watch = data;
        _Alignas(struct inotify_event) char events[4096];
        ssize_t n;

        while ((n = read(fd, events, sizeof(events))) > 0)
                for (const char *at = events; at < events + n;) {
                        const struct inotify_event *event = (const void *) at;

                        note(watch, event);
                        at += sizeof(*event) + event->len;
                }
        for (guint i = 0; i < watch->watched->len; i++) {
                Watched *watched = &g_array_index(watch->watched, Watched, i);

                if (watched->happened)
                        watch->func(watched->path, watch->data);
                watched->happened = false;
        }
}

/* ---- what is watched ---- */

static void clear_watched(gpointer p) {
        g_free(((Watched *) p)->path);
}

void watch_set(Watch *watch, const char *const *paths) {
        assert(watch && paths);
        g_array_set_size(watch->watched, 0);
        for (; *paths; paths++) {
                const char *slash = strrchr(*paths, '/');
                cleanup_free_ char *folder = g_strndup(*paths, (gsize) (slash + 1 - *paths));
                Watched watched = { .path = g_strdup(*paths) };

                watched.name = watched.path + (slash + 1 - *paths);
                watched.folder_wd = inotify_add_watch(watch->fd, folder, IN_FOLDER);
                watched.file_wd = *watched.name ? inotify_add_watch(watch->fd, *paths, OF_FILE) : -1;
                g_array_append_val(watch->watched, watched);
        }
}

Watch *watch_new(const Backend *backend, void (*func)(const char *path, void *data), void *data) {
        Watch *watch = g_new0(Watch, 1);

        *watch = (Watch){
                .calls = backend->calls,
                .host = backend->host,
                .fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC),
                .watched = g_array_new(FALSE, FALSE, sizeof(Watched)),
                .func = func,
                .data = data,
        };
        g_array_set_clear_func(watch->watched, clear_watched);
        if (watch->fd < 0 || watch->calls->watch(watch->host, watch->fd, EPOLLIN, on_events, watch,
                                             &watch->watch) < 0)
                return watch_free(watch);
        return watch;
}

Watch *watch_free(Watch *watch) {
        if (!watch)
                return NULL;
        watch->calls->forget(watch->host, watch->watch);
        (void) close_fd(watch->fd);
        g_array_unref(watch->watched);
        g_free(watch);
        return NULL;
}
