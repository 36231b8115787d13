/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Until when what the schedule says holds: asked for whoever shows it, and again when it can have moved. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/lib/fields.h"
#include "clients/lib/memory.h"
#include "clients/lib/watcher-private.h"
#include "common/cleanup.h"
#include "common/names.h"

/* A daemon that cannot say it is one that is shown without: no error. */
static int on_explained(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error) {
        Watcher *watcher = userdata;
        static const ClientField fields[] = { { "UntilRealtimeUSec", 't', 0 }, {} };
        uint64_t until_usec = 0;
        bool news;
        int r;

        watcher->explain_call = sd_bus_slot_unref(watcher->explain_call);
        r = sd_bus_message_is_method_error(reply, NULL) ? -EIO : fields_read(reply, fields, &until_usec);
        news = r >= 0 && watcher->until_usec != until_usec;
        if (news)
                watcher->until_usec = until_usec;
        if (watcher->holding || news)
                watcher_tell(watcher);
        return 0;
}

static int schedule_ask(Watcher *watcher) {
        cleanup_(sd_bus_message_unrefp) sd_bus_message *explain = NULL;
        int r;

        if (!watcher_is_connected(watcher))
                return -ENOTCONN;
        watcher->explain_call = sd_bus_slot_unref(watcher->explain_call);
        r = client_message_new(
                        watcher->client, POMOD_INTERFACE_SCHEDULES, "Explain", NULL, &explain, "t", 0ULL);
        if (r < 0)
                return r;
        return sd_bus_call_async(client_bus(watcher->client), &watcher->explain_call, explain, on_explained,
                        watcher, 0);
}

void watcher_ask_schedule(Watcher *watcher, bool anyway) {
        const TimerState *timer = watcher_timer(watcher);
        char *of;

        if (!watcher->follows_schedule || !timer)
                return;
        of = memory_format("%s\n%s\n%s", timer->schedule_state, timer->rule, timer->mode);
        if (!anyway && watcher->asked_of && strcmp(of, watcher->asked_of) == 0) {
                free(of);
                return;
        }
        if (!anyway)
                watcher->until_usec = 0;
        free(watcher->asked_of);
        watcher->asked_of = of;
        (void) schedule_ask(watcher);
}

bool watcher_event_moves_schedule(const WatcherEvent *event) {
        static const char *const kinds[] = { "schedule-changed", "settings-changed", "clock-set" };

        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (strcmp(event->kind, kinds[i]) == 0)
                        return true;
        return false;
}

void watcher_follow_schedule(Watcher *watcher) {
        watcher->follows_schedule = true;
        watcher_ask_schedule(watcher, false);
}
