/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/release-ended.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/paths.h"
#include "plugins/host/folders.h"
#include "plugins/host/sentence.h"
#include "plugins/host/state.h"

#define RETRY_USEC_LEAST USEC_PER_SEC
#define RETRY_USEC_MOST  USEC_PER_MIN
/* Of a boot: by then a host has asked pomod, or there is none. */
#define SETTLED_USEC (2 * HELD_BOOT_USEC)
/* What a manager gets to read that this run is at its end. */
#define TOLD_USEC (5 * USEC_PER_SEC)

typedef struct Ended Ended;

typedef struct Folder { /* of one plugin */
        Ended *ended;
        char *name;
        const Places *places;
        bool system;
        bool found;          /* in this round */
        bool refused;        /* that it cannot be read was said */
        bool seen;           /* n_holding is of an earlier round */
        size_t n_holding;    /* claims that neither rest nor are over */
        uint64_t retry_usec; /* how long it is waited for the next try; 0: none failed */
        uint64_t not_before; /* on BOOTTIME, of that */
        sd_event_source *watch, *child;
} Folder;

struct Ended {
        Folders folders;
        Folder **list;
        size_t n, n_allocated;
        sd_event *event;
        sd_event_source *timer, *look, *clock, *above[2];
        int clock_fd;
        bool stopping;
        bool told;          /* the manager, that this run is at its end */
        uint64_t next_usec; /* on BOOTTIME, of this round */
        bool is_left;       /* in this round: something is held */
};

static void look_again(Ended *ended) {
        (void) sd_event_source_set_enabled(ended->look, SD_EVENT_ONESHOT);
}

static void folder_free(Folder *folder) {
        sd_event_source_disable_unref(folder->watch);
        sd_event_source_disable_unref(folder->child);
        free(folder->name);
        free(folder);
}

/* ---- trying again ---- */

static void wake_at(Ended *ended, uint64_t boottime_usec) {
        if (boottime_usec < ended->next_usec)
                ended->next_usec = boottime_usec;
}

/* After 1 s, 2 s, 4 s … 60 s. */
static void put_off(Folder *folder, const HeldNow *now) {
        folder->retry_usec = folder->retry_usec == 0                     ? RETRY_USEC_LEAST
                             : folder->retry_usec >= RETRY_USEC_MOST / 2 ? RETRY_USEC_MOST
                                                                         : folder->retry_usec * 2;
        folder->not_before = now->boottime_usec + folder->retry_usec;
        wake_at(folder->ended, folder->not_before);
}

/* ---- the plugin, in a process of its own ---- */

static int on_child(sd_event_source *source, const siginfo_t *info, void *userdata) {
        Folder *folder = userdata;
        Ended *ended = folder->ended;
        char boot_id[HELD_BOOT_ID_MAX];
        HeldNow now;

        folder->child = sd_event_source_disable_unref(folder->child);
        if (info->si_code == CLD_EXITED && info->si_status == EXIT_SUCCESS)
                folder->retry_usec = folder->not_before = 0;
        else if (state_now_at(folder->places, boot_id, &now) == 0) {
                folder->n_holding = SIZE_MAX; /* so that it is due again */
                put_off(folder, &now);
        }
        look_again(ended);
        return 0;
}

static int spawn(Folder *folder) {
        const char *const argv[] = { "pomod-plugin-host", "--release", folder->name, "--ended", NULL };
        posix_spawnattr_t attributes;
        sigset_t none;
        pid_t pid;
        int r;

        r = posix_spawnattr_init(&attributes);
        if (r != 0)
                return -r;
        sigemptyset(&none);
        (void) posix_spawnattr_setsigmask(&attributes, &none);
        (void) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
        r = -posix_spawn(&pid, "/proc/self/exe", NULL, &attributes, (char *const *) argv, environ);
        posix_spawnattr_destroy(&attributes);
        if (r < 0)
                return r;
        r = sd_event_add_child(folder->ended->event, &folder->child, pid, WEXITED, on_child, folder);
        if (r < 0)
                (void) waitpid(pid, NULL, 0);
        return r;
}

static void release(Folder *folder, const HeldNow *now) {
        const pid_t pid = state_locked_by(folder->places, folder->name);

        /* A host that has it asks pomod first, and needs its time. */
        if (pid > 0 || spawn(folder) < 0)
                put_off(folder, now);
}

/* ---- one folder ---- */

/* What another boot left, or what cannot be read, is written as of now, so that its time goes on whatever
 * becomes of the clock. Not where a host is there, which does that. */
static void settle(Folder *folder, const HeldNow *now) {
        cleanup_free_ char *sentence = NULL, *why = NULL;
        cleanup_(state_closep) State *state = NULL;
        Held held;
        int r;

        r = state_locked_by(folder->places, folder->name) > 0
                            ? -EBUSY
                            : state_open_briefly(folder->places, folder->name, folder->system, &state,
                                              &sentence);
        if (r < 0) {
                put_off(folder, now);
                return;
        }
        r = state_read(state, &held, &why);
        if (why)
                sentence_fail(why);
        if (r == 0 && held_follow(&held, now))
                r = state_write(state, &held);
        if (r < 0)
                put_off(folder, now);
        held_clear(&held);
}

static size_t count_holding(Held *held, const HeldNow *now) {
        HeldList list;
        size_t n;

        held_apply_list(held, now, &list);
        n = list.n;
        held_list_clear(&list);
        return n;
}

/* By a clock that may be wrong, some are past already, and the world may have them still. */
static bool is_suspended(const Held *held) {
        for (size_t i = 0; i < held->claims.n; i++)
                if (held->claims.list[i].end.suspended)
                        return true;
        return false;
}

/* true: something is over, or another number of claims holds than before, as rests begin and end without an
 * answer. */
static bool is_due(Folder *folder, Held *held, const HeldNow *now) {
        const size_t n = count_holding(held, now);
        bool differs;

        /* The clock of the first moment is wrong on many a computer, and a block that files keep is lifted
         * once. */
        if (!folder->seen && held->other_boot && is_suspended(held) && now->boottime_usec < SETTLED_USEC) {
                wake_at(folder->ended, SETTLED_USEC);
                return false;
        }
        differs = folder->seen ? n != folder->n_holding : is_suspended(held);

        folder->n_holding = n;
        folder->seen = true;
        return differs || held_has_ended(held, now);
}

/* As it is on disk, followed up to now. 0; 1: it has to be settled first; -ENOENT: nothing is held, or
 * nothing that is understood; another errno: it cannot be seen now. */
static int peek(Folder *folder, const HeldNow *now, Held *ret_held) {
        cleanup_free_ char *sentence = NULL;
        int r = state_peek(folder->places, folder->name, ret_held, &sentence);

        if (r == -EPROTONOSUPPORT && !folder->refused) {
                cleanup_free_ char *whole = memory_format("%s: %s", folder->name, sentence);

                folder->refused = true;
                sentence_fail(whole);
        }
        if (r == -EBADMSG)
                return 1;
        if (r < 0)
                return r == -EPROTONOSUPPORT ? -ENOENT : r;
        if (held_is_empty(ret_held))
                r = -ENOENT;
        else if (held_follow(ret_held, now))
                r = 1;
        if (r != 0)
                held_clear(ret_held);
        return r;
}

static void look_at(Folder *folder) {
        Ended *ended = folder->ended;
        char boot_id[HELD_BOOT_ID_MAX];
        HeldNow now;
        Held held;
        int r;

        if (folder->child || state_now_at(folder->places, boot_id, &now) < 0) {
                ended->is_left = true;
                return;
        }
        if (now.boottime_usec < folder->not_before) {
                ended->is_left = true;
                wake_at(ended, folder->not_before);
                return;
        }
        r = peek(folder, &now, &held);
        if (r == 1) {
                settle(folder, &now);
                r = now.boottime_usec < folder->not_before ? 1 : peek(folder, &now, &held);
                if (r == 1 && now.boottime_usec >= folder->not_before)
                        put_off(folder, &now);
        }
        if (r < 0 && r != -ENOENT)
                put_off(folder, &now);
        ended->is_left |= r != -ENOENT;
        if (r != 0)
                return;
        if (is_due(folder, &held, &now))
                release(folder, &now);
        else
                wake_at(ended, held_next(&held, &now));
        held_clear(&held);
}

/* ---- all of them ---- */

static int on_inotify(sd_event_source *source, const struct inotify_event *event, void *userdata) {
        look_again(userdata);
        return 0;
}

/* A host has written what it holds, or has gone. */
static int on_folder(sd_event_source *source, const struct inotify_event *event, void *userdata) {
        Folder *folder = userdata;

        if (event->len > 0 && (strcmp(event->name, "claims") == 0 || strcmp(event->name, "lock") == 0))
                look_again(folder->ended);
        return 0;
}

static Folder *add_folder(Ended *ended, const Places *places, bool system, const char *name) {
        cleanup_free_ char *path = memory_format("%s/%s", places->state_dir, name);
        Folder *folder = memory_new(Folder, 1);

        *folder = (Folder){ .ended = ended, .name = memory_copy(name), .places = places, .system = system };
        (void) sd_event_add_inotify(ended->event, &folder->watch, path,
                        IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE, on_folder, folder);
        ended->list = memory_reserve(ended->list, ended->n + 1, &ended->n_allocated, sizeof(*ended->list));
        return ended->list[ended->n++] = folder;
}

static int find_one(const Places *places, bool system, const char *name, void *data) {
        Ended *ended = data;

        for (size_t i = 0; i < ended->n; i++)
                if (ended->list[i]->places == places && strcmp(ended->list[i]->name, name) == 0) {
                        ended->list[i]->found = true;
                        return 0;
                }
        add_folder(ended, places, system, name)->found = true;
        return 0;
}

static void drop_gone(Ended *ended) {
        size_t n = 0;

        for (size_t i = 0; i < ended->n; i++) {
                Folder *folder = ended->list[i];

                if (folder->found || folder->child)
                        ended->list[n++] = folder;
                else
                        folder_free(folder);
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

static int on_look(sd_event_source *source, void *userdata) {
        Ended *ended = userdata;
        bool is_busy = false;

        for (size_t i = 0; i < ended->n; i++)
                ended->list[i]->found = false;
        if (folders_each(&ended->folders, find_one, ended) == 0)
                drop_gone(ended);
        ended->next_usec = UINT64_MAX;
        ended->is_left = false;
        for (size_t i = 0; i < ended->n; i++) {
                if (!ended->stopping)
                        look_at(ended->list[i]);
                is_busy |= ended->list[i]->child != NULL;
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
                folder_free(ended->list[i]);
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
