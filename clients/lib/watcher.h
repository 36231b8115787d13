/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Keeps a program told of the timer for as long as it runs: a connection of its own in an sd-event loop. It
 * subscribes first and reads then, applies what the daemon tells it alone, and does both again whenever the
 * daemon's name changes hands, or the daemon no longer tells it because it did not read. It never starts the
 * daemon by itself, never blocks, and sets no timer but to try again after the bus was lost or the daemon
 * refused or did not answer.
 */

#include <stdint.h>
#include <systemd/sd-event.h>

#include "clients/lib/client.h"
#include "common/cleanup.h"

#define WATCHER_UID_OWN UINT32_MAX /* the timer of whoever runs this program */

typedef struct Watcher Watcher;

/* After every change, from the loop; timer is NULL while the daemon is away, and valid for the call. Always
 * called once soon after watcher_new(), whether the daemon is there or not. */
typedef void (*WatcherCallback)(Watcher *watcher, const TimerState *timer, void *userdata);

/* The answer to a request: NULLs when it was granted, else a D-Bus error name and its sentence. */
typedef void (*WatcherReply)(Watcher *watcher, const char *error, const char *message, void *userdata);

/* address as for client_new(). uid: another user's timer (root only), else WATCHER_UID_OWN.
 * -EINVAL for an address that is none; a bus that is not there is no error: it is tried again. */
int watcher_new(sd_event *event, const char *address, uint32_t uid, WatcherCallback callback, void *userdata,
                Watcher **ret_watcher);
Watcher *watcher_unref(Watcher *watcher); /* NULL is fine; returns NULL. Not from its own callbacks. */

/* What was told last, NULL while the daemon is away. */
const TimerState *watcher_timer(const Watcher *watcher);

/*
 * From now on also asks what the schedule says, whenever the timer's rule or mode changes, and when
 * rules, settings or the clock were changed: for those who show until when it holds. The callback follows.
 */
void watcher_follow_schedule(Watcher *watcher);
/* Until when the timer's rule and mode hold, by the wall clock; 0: not known (yet), or longer than two years.
 */
uint64_t watcher_schedule_until_usec(const Watcher *watcher);

/* Why it is away, where there is more to say than that: a sentence for a person, else NULL. */
const char *watcher_message(const Watcher *watcher);

/*
 * Asks for a verb of Timer that takes options alone (Toggle, Skip, Stop, Interrupt, Pause, Resume), or for
 * Start of what is next, on condition that the state is still the one of if_seq. option: one more that is set
 * to true, as "external" of Interrupt; NULL: none. reply may be NULL. -ENOTCONN while there is no daemon.
 */
int watcher_request(Watcher *watcher, const char *verb, uint64_t if_seq, const char *option,
                WatcherReply reply, void *userdata);

/* Stop of a running freeform interval at an earlier time. */
int watcher_stop_at(
                Watcher *watcher, uint64_t at_real_usec, uint64_t if_seq, WatcherReply reply, void *userdata);

/* What happened, as Timer.Event tells it: no state, which is what the other callback is for. Valid for the
 * call. */
typedef struct WatcherEvent {
        const char *kind;         /* "completed", "void", "back", … */
        const char *interval;     /* the interval's kind */
        const char *reason;       /* "suspend", …; "" none */
        uint64_t at_real_usec;    /* when it happened, which may be earlier than now */
        uint64_t since_real_usec; /* back: since when away */
} WatcherEvent;
typedef void (*WatcherEventCallback)(Watcher *watcher, const WatcherEvent *event, void *userdata);
void watcher_set_event_callback(Watcher *watcher, WatcherEventCallback callback, void *userdata);

/* A person asked for the daemon: starts it where the bus can. Nothing else is asked of it. */
int watcher_wake(Watcher *watcher);

static inline void watcher_unrefp(Watcher **watcher) {
        watcher_unref(*watcher);
}
