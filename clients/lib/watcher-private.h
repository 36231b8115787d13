/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of the watcher share among themselves. Nobody else includes it. */

#include <stdbool.h>

#include "clients/lib/watcher.h"

struct Watcher {
        sd_event_source *retry; /* armed only while waiting to try again */
        uint64_t retry_usec;
        sd_event_source *first; /* the first callback, from the loop */

        Client *client; /* the connection, which nothing else uses */
        uint32_t uid;
        WatcherCallback callback;
        WatcherEventCallback event_callback;
        void *event_userdata;
        void *userdata;

        sd_bus_slot *owner_match, *disconnect_match, *signal_filter;
        sd_bus_slot *subscribe_call, *read_call, *wake_call;

        char *owner; /* the unique name that answered: signals of any other are not the daemon's */
        bool follows_schedule;
        bool telling; /* one of the callbacks runs */
        bool holding; /* the first words are kept back for the ends of what holds, so that they come once */
        sd_bus_slot *explain_call;
        char *asked_of; /* the state, rule and mode that were asked about last */
        uint64_t until_usec;

        bool known;
        bool explained; /* why it is away: the client has the sentence */
        TimerState timer;
        uint64_t event_seq; /* of the last event, or what was read */
};

/* ---- watcher-state.c ---- */

/* The client would make a new connection where the old one died, but one that nobody listens on: that is for
 * the retry to do. */
bool watcher_is_connected(const Watcher *watcher);

void watcher_forget(Watcher *watcher); /* what the daemon said, and what it was asked */
void watcher_tell(Watcher *watcher);
void watcher_away(Watcher *watcher); /* nothing more is to be said than that */
/* The client was told what went wrong, and speaks of it until something else does. */
void watcher_away_because(Watcher *watcher);

/* ---- watcher-schedule.c ---- */

/* Where it is followed: asks unless the timer says the same of it as before; anyway: even then. */
void watcher_ask_schedule(Watcher *watcher, bool anyway);
/* Whether an event can have moved the end of what holds, though it is the same rule. */
bool watcher_event_moves_schedule(const WatcherEvent *event);
