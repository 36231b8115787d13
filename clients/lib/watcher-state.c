/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What a watcher knows, and how it comes to tell it: asked for by all that hear something of the bus. */

#include <stdlib.h>

#include "clients/lib/watcher-private.h"

bool watcher_is_connected(const Watcher *watcher) {
        sd_bus *bus = client_bus(watcher->client);

        return bus && sd_bus_is_open(bus) > 0;
}

void watcher_forget(Watcher *watcher) {
        watcher->subscribe_call = sd_bus_slot_unref(watcher->subscribe_call);
        watcher->read_call = sd_bus_slot_unref(watcher->read_call);
        watcher->explain_call = sd_bus_slot_unref(watcher->explain_call);
        free(steal(watcher->asked_of));
        watcher->until_usec = 0;
        free(steal(watcher->owner));
        if (watcher->known)
                timer_state_done(&watcher->timer);
        watcher->timer = (TimerState){};
        watcher->known = false;
}

void watcher_tell(Watcher *watcher) {
        watcher->first = sd_event_source_disable_unref(watcher->first);
        watcher->holding = false;
        watcher->telling = true;
        watcher->callback(watcher, watcher_timer(watcher), watcher->userdata);
        watcher->telling = false;
}

void watcher_away(Watcher *watcher) {
        watcher_forget(watcher);
        watcher->explained = false;
        watcher_tell(watcher);
}

void watcher_away_because(Watcher *watcher) {
        watcher_forget(watcher);
        watcher->explained = true;
        watcher_tell(watcher);
}

const TimerState *watcher_timer(const Watcher *watcher) {
        return watcher->known ? &watcher->timer : NULL;
}

const char *watcher_message(const Watcher *watcher) {
        return watcher->explained ? client_error_message(watcher->client) : NULL;
}

uint64_t watcher_schedule_until_usec(const Watcher *watcher) {
        return watcher->known ? watcher->until_usec : 0;
}
