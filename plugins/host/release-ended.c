/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/release-ended.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/duration.h"
#include "common/paths.h"
#include "plugins/host/folders.h"
#include "plugins/host/release-folder.h"
#include "plugins/host/sentence.h"

/* What a manager gets to read that this run is at its end. */
#define TOLD_USEC (5 * USEC_PER_SEC)

typedef struct Entry { /* of one plugin */
        ReleaseFolder *folder;
        bool found; /* in this round */
} Entry;

typedef struct Ended {
        Folders folders;
        Entry *list;
        size_t n, n_allocated;
        sd_event *event;
        sd_event_source *timer, *look, *clock, *above[2];
        int clock_fd;
        bool stopping;
        bool told;          /* the manager, that this run is at its end */
        uint64_t next_usec; /* on BOOTTIME, of this round */
        bool is_left;       /* in this round: something is held */
} Ended;

static void look_again(Ended *ended) {
        (void) sd_event_source_set_enabled(ended->look, SD_EVENT_ONESHOT);
}

static int on_inotify(sd_event_source *source, const struct inotify_event *event, void *userdata) {
        look_again(userdata);
        return 0;
}

static int find_one(const Places *places, bool system, const char *name, void *data) {
        Ended *ended = data;

        for (size_t i = 0; i < ended->n; i++)
                if (release_folder_is_of(ended->list[i].folder, places, name)) {
                        ended->list[i].found = true;
                        return 0;
                }
        ended->list = memory_reserve(ended->list, ended->n + 1, &ended->n_allocated, sizeof(*ended->list));
        ended->list[ended->n++] =
                        (Entry){ release_folder_new(ended->event, ended->look, places, system, name), true };
        return 0;
}

static void drop_gone(Ended *ended) {
        size_t n = 0;

        for (size_t i = 0; i < ended->n; i++) {
                Entry entry = ended->list[i];

                if (entry.found || release_folder_is_busy(entry.folder))
                        ended->list[n++] = entry;
                else
                        release_folder_free(entry.folder);
        }
        ended->n = n;
}

/* A host that leaves something as long as the manager takes this run for one that goes on has nothing started
 * for it. So the manager is told first, and then there is one more look: what was left before that is seen,
 * and for what is left later the manager starts a new run. false: there is no manager. */
static bool tell_manager(void) {
        if (sd_notify(false, "STOPPING=1") <= 0)
                return false;
        (void) sd_notify_barrier(false, TOLD_USEC);
        return true;
}

/* Nothing is left, or this run has no more to say in it. */
static int end(Ended *ended) {
        if (ended->stopping)
                return sd_event_exit(ended->event, EXIT_SUCCESS);
        if (ended->told)
                return sd_event_exit(ended->event, ended->is_left ? RELEASE_ENDED_AGAIN : EXIT_SUCCESS);
        ended->told = tell_manager();
        if (!ended->told)
                return sd_event_exit(ended->event, EXIT_SUCCESS);
        look_again(ended);
        return 0;
}

static void look_at(Ended *ended, ReleaseFolder *folder) {
        uint64_t next_usec;

        ended->is_left |= release_folder_look(folder, &next_usec);
        if (next_usec < ended->next_usec)
                ended->next_usec = next_usec;
}

static int on_look(sd_event_source *source, void *userdata) {
        Ended *ended = userdata;
        bool is_busy = false;

        for (size_t i = 0; i < ended->n; i++)
                ended->list[i].found = false;
        if (folders_each(&ended->folders, find_one, ended) == 0)
                drop_gone(ended);
        ended->next_usec = UINT64_MAX;
        ended->is_left = false;
        for (size_t i = 0; i < ended->n; i++) {
                if (!ended->stopping)
                        look_at(ended, ended->list[i].folder);
                is_busy |= release_folder_is_busy(ended->list[i].folder);
        }
        /* A plugin that is at it is not left alone: it has a minute. */
        if (!is_busy && (ended->stopping || ended->told || !ended->is_left))
                return end(ended);
        if (ended->next_usec == UINT64_MAX)
                return sd_event_source_set_enabled(ended->timer, SD_EVENT_OFF);
        (void) sd_event_source_set_time(ended->timer, ended->next_usec);
        return sd_event_source_set_enabled(ended->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        look_again(userdata);
        return 0;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *userdata) {
        Ended *ended = userdata;

        ended->stopping = true;
        look_again(ended);
        return 0;
}

static int arm_clock(int fd) {
        const struct itimerspec never = { .it_value.tv_sec = 9000000000 };

        return timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0 ? -errno
                                                                                                  : 0;
}

/* The wall clock was set, or the computer woke up. */
static int on_clock(sd_event_source *source, int fd, uint32_t revents, void *userdata) {
        uint64_t n;

        (void) !read(fd, &n, sizeof(n));
        look_again(userdata);
        return arm_clock(fd);
}

static int add_sources(Ended *ended) {
        static const int signals[] = { SIGTERM, SIGINT };
        sigset_t mask;
        int r;

        sigemptyset(&mask);
        sigaddset(&mask, SIGTERM);
        sigaddset(&mask, SIGINT);
        sigaddset(&mask, SIGCHLD);
        (void) sigprocmask(SIG_BLOCK, &mask, NULL);
        r = sd_event_new(&ended->event);
        for (size_t i = 0; r >= 0 && i < sizeof(signals) / sizeof(signals[0]); i++)
                r = sd_event_add_signal(ended->event, NULL, signals[i], on_signal, ended);
        if (r >= 0)
                r = sd_event_add_time(
                                ended->event, &ended->timer, CLOCK_BOOTTIME, UINT64_MAX, 1, on_timer, ended);
        if (r >= 0)
                r = sd_event_add_defer(ended->event, &ended->look, on_look, ended);
        if (r < 0)
                return r;
        ended->clock_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        r = ended->clock_fd < 0 ? -errno : arm_clock(ended->clock_fd);
        if (r >= 0)
                r = sd_event_add_io(ended->event, &ended->clock, ended->clock_fd, EPOLLIN, on_clock, ended);
        return r;
}

/* Folders of plugins that are new. Where there is no folder above them yet, there is nothing to look after.
 */
static void watch_all(Ended *ended) {
        for (size_t i = 0; i < ended->folders.n; i++)
                (void) sd_event_add_inotify(ended->event, &ended->above[i],
                                ended->folders.of[i].places.state_dir,
                                IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR, on_inotify, ended);
}

static void ended_clear(Ended *ended) {
        for (size_t i = 0; i < ended->n; i++)
                release_folder_free(ended->list[i].folder);
        free(ended->list);
        sd_event_source_disable_unref(ended->timer);
        sd_event_source_disable_unref(ended->look);
        sd_event_source_disable_unref(ended->clock);
        for (size_t i = 0; i < sizeof(ended->above) / sizeof(ended->above[0]); i++)
                sd_event_source_disable_unref(ended->above[i]);
        close_fd(ended->clock_fd);
        sd_event_unref(ended->event);
        folders_clear(&ended->folders);
}

int release_ended_run(PlacesFunc places) {
        cleanup_(ended_clear) Ended ended = { .clock_fd = -1 };
        int r = folders_find(places, &ended.folders);

        if (r >= 0)
                r = add_sources(&ended);
        if (r >= 0) {
                watch_all(&ended);
                r = sd_event_loop(ended.event);
        }
        return r < 0 ? sentence_fail(strerror(-r)) : r;
}
