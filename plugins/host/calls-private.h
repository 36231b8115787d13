/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of calls.h share among themselves. Nobody else includes it. */

#include "plugins/host/calls.h"

#define CALLS_SENTENCE_BYTES 4000u /* pomod takes 4096 */
#define CALLS_CLAIMS         1000u /* explained at once; pomod has no more of a user */
#define CALLS_WATCHES        1024u /* at once; there are 256 descriptors */
#define CALLS_RATE           50u   /* calls for one descriptor, and for all times, within … */
#define CALLS_RATE_USEC      (100 * USEC_PER_MSEC)

typedef enum WatchKind {
        WATCH_FD,
        WATCH_TIME,
        WATCH_CHILD,
        WATCH_ACT,
} WatchKind;

struct PomoWatch {
        PomoHost *host;
        PomoWatch *previous, *next;
        WatchKind kind;
        bool calling;   /* its func runs: freed only then */
        bool forgotten; /* its func is not called any more */
        void *data;
        sd_event_source *source;
        union {
                void (*on_fd)(int fd, uint32_t epoll_events, void *data);
                void (*on_time)(void *data);
                void (*on_child)(int wait_status, void *data);
                void (*on_act)(int result, const char *sentence, void *data);
        } func;
        sd_event_source *timeout; /* WATCH_CHILD: until its group gets the next signal */
        pid_t pid;                /* WATCH_CHILD */
        int pidfd;                /* WATCH_CHILD */
        bool timed_out;           /* WATCH_CHILD */
        sd_bus_slot *slot;        /* WATCH_ACT */
};

struct PomoHost {
        CallsConfig config;
        PomoWatch *watches;
        size_t n_watches;

        char *sentence;
        CallsClaim *claims;
        size_t n_claims, n_claims_allocated;

        uint64_t log_begin_usec; /* of BOOTTIME: the ten seconds that are counted */
        unsigned n_logged, n_unlogged;

        uint64_t rate_begin_usec; /* of BOOTTIME: the calls for times since then are counted */
        unsigned n_rated;
};

/* ---- calls-watch.c ---- */

/* In the list of the host. -ENOSPC: there are too many. */
int calls_watch_new(PomoHost *host, WatchKind kind, void *data, PomoWatch **ret_watch);
/* Out of the list, and freed. */
void calls_watch_free(PomoWatch *watch);
/* Around its func: after calls_watch_end() a watch that calls once is gone, and so is one that was forgotten.
 */
void calls_watch_begin(PomoWatch *watch, const char *what);
void calls_watch_end(PomoWatch *watch, bool gone);

int calls_watch(PomoHost *host, int fd, uint32_t epoll_events,
                void (*func)(int fd, uint32_t epoll_events, void *data), void *data, PomoWatch **ret_watch);
int calls_at(PomoHost *host, uint64_t boottime_usec, void (*func)(void *data), void *data,
                PomoWatch **ret_watch);
void calls_forget(PomoHost *host, PomoWatch *watch);
int calls_act(PomoHost *host, const char *const *words, uint64_t interval,
                void (*func)(int result, const char *sentence, void *data), void *data,
                PomoWatch **ret_watch);

/* ---- calls-run.c ---- */

int calls_run(PomoHost *host, const PomoRun *run, void (*func)(int wait_status, void *data), void *data,
                PomoWatch **ret_watch);
/* Ends the process groups of all children, and waits for them, a second at most. */
void calls_end_children(PomoHost *host);
