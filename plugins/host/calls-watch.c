/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a plugin waits for: descriptors, times, and what it asked of pomod. */

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "clients/lib/memory.h"
#include "clients/lib/timer.h"
#include "common/cleanup.h"
#include "plugins/host/calls-private.h"

int calls_watch_new(PomoHost *host, WatchKind kind, void *data, PomoWatch **ret_watch) {
        PomoWatch *watch;

        if (host->n_watches >= CALLS_WATCHES)
                return -ENOSPC;
        watch = memory_new(PomoWatch, 1);
        watch->host = host;
        watch->kind = kind;
        watch->data = data;
        watch->pidfd = -1;
        watch->next = host->watches;
        if (watch->next)
                watch->next->previous = watch;
        host->watches = watch;
        host->n_watches++;
        *ret_watch = watch;
        return 0;
}

void calls_watch_free(PomoWatch *watch) {
        if (watch->previous)
                watch->previous->next = watch->next;
        else
                watch->host->watches = watch->next;
        if (watch->next)
                watch->next->previous = watch->previous;
        watch->host->n_watches--;
        sd_event_source_disable_unref(watch->source);
        sd_event_source_disable_unref(watch->timeout);
        sd_bus_slot_unref(watch->slot);
        close_fd(watch->pidfd);
        free(watch);
}

void calls_watch_begin(PomoWatch *watch, const char *what) {
        watch->calling = true;
        guard_begin(watch->host->config.guard, what);
}

void calls_watch_end(PomoWatch *watch, bool gone) {
        guard_end(watch->host->config.guard);
        watch->calling = false;
        if (gone || watch->forgotten)
                calls_watch_free(watch);
}

/* The plugin's pointer to it, where it wants one. */
static int give(PomoWatch *watch, int r, PomoWatch **ret_watch) {
        if (r < 0) {
                calls_watch_free(watch);
                return r;
        }
        if (ret_watch)
                *ret_watch = watch;
        return 0;
}

/* ---- a rate ---- */

/* How long those who have used it up wait; 0: func is called. A plugin that begins anew again and again would
 * take a whole processor from everybody, its own host first. */
static uint64_t rate_wait(PomoHost *host) {
        const uint64_t now_usec = boottime_now_usec(), since = now_usec - host->rate_begin_usec;

        if (since >= CALLS_RATE_USEC) {
                host->rate_begin_usec = now_usec;
                host->n_rated = 0;
        } else if (host->n_rated >= CALLS_RATE)
                return CALLS_RATE_USEC - since;
        host->n_rated++;
        return 0;
}

/* ---- descriptors ---- */

static int on_fd(sd_event_source *source, int fd, uint32_t epoll_events, void *userdata) {
        PomoWatch *watch = userdata;

        calls_watch_begin(watch, "the function of watch()");
        watch->func.on_fd(fd, epoll_events, watch->data);
        calls_watch_end(watch, false);
        return 0;
}

int calls_watch(PomoHost *host, int fd, uint32_t epoll_events,
                void (*func)(int fd, uint32_t epoll_events, void *data), void *data, PomoWatch **ret_watch) {
        PomoWatch *watch;
        int r;

        guard_check_thread(host->config.guard, "watch()");
        if (fd < 0 || !func)
                return fd < 0 ? -EBADF : -EINVAL;
        r = calls_watch_new(host, WATCH_FD, data, &watch);
        if (r < 0)
                return r;
        watch->func.on_fd = func;
        r = sd_event_add_io(host->config.event, &watch->source, fd, epoll_events, on_fd, watch);
        if (r >= 0)
                r = sd_event_source_set_ratelimit(watch->source, CALLS_RATE_USEC, CALLS_RATE);
        return give(watch, r, ret_watch);
}

/* ---- times ---- */

static int on_time(sd_event_source *source, uint64_t usec, void *userdata) {
        PomoWatch *watch = userdata;
        const uint64_t wait_usec = rate_wait(watch->host);

        if (wait_usec > 0 && sd_event_source_set_time_relative(source, wait_usec) >= 0)
                return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
        calls_watch_begin(watch, "the function of at()");
        watch->func.on_time(watch->data);
        calls_watch_end(watch, true);
        return 0;
}

int calls_at(PomoHost *host, uint64_t boottime_usec, void (*func)(void *data), void *data,
                PomoWatch **ret_watch) {
        PomoWatch *watch;
        int r;

        guard_check_thread(host->config.guard, "at()");
        if (!func)
                return -EINVAL;
        r = calls_watch_new(host, WATCH_TIME, data, &watch);
        if (r < 0)
                return r;
        watch->func.on_time = func;
        r = sd_event_add_time(
                        host->config.event, &watch->source, CLOCK_BOOTTIME, boottime_usec, 1, on_time, watch);
        return give(watch, r, ret_watch);
}

/* ---- pomod ---- */

static void on_acted(int result, const char *sentence, void *userdata) {
        PomoWatch *watch = userdata;

        calls_watch_begin(watch, "the function of act()");
        if (watch->func.on_act)
                watch->func.on_act(result, sentence, watch->data);
        calls_watch_end(watch, true);
}

int calls_act(PomoHost *host, const char *const *words, uint64_t interval,
                void (*func)(int result, const char *sentence, void *data), void *data,
                PomoWatch **ret_watch) {
        PomoWatch *watch;
        int r;

        guard_check_thread(host->config.guard, "act()");
        if (!host->config.hooks.act)
                return -EPERM;
        if (!words || !words[0])
                return -EINVAL;
        r = calls_watch_new(host, WATCH_ACT, data, &watch);
        if (r < 0)
                return r;
        watch->func.on_act = func;
        r = host->config.hooks.act(host->config.userdata, words, interval, on_acted, watch, &watch->slot);
        return give(watch, r, ret_watch);
}

/* A child goes on, and is still waited for, as somebody has to. */
static void forget(PomoWatch *watch) {
        watch->forgotten = true;
        if (watch->calling || watch->kind == WATCH_CHILD)
                return;
        calls_watch_free(watch);
}

void calls_forget(PomoHost *host, PomoWatch *watch) {
        guard_check_thread(host->config.guard, "forget()");
        /* One that is gone is told apart from those that are there: a plugin may be wrong about it. */
        for (PomoWatch *each = watch ? host->watches : NULL; each; each = each->next)
                if (each == watch) {
                        if (!watch->forgotten)
                                forget(watch);
                        return;
                }
}
