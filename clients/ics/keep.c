/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "clients/ics/export.h"
#include "clients/lib/watcher.h"
#include "common/cleanup.h"
#include "common/duration.h"

typedef struct Keeper {
        IcsSession *session;
        const ExportOptions *options;
        sd_event_source *midnight;
        uint64_t seq; /* of what was written; 0: nothing yet */
        bool wrong;   /* the last try failed, and that was said */
} Keeper;

/* The months that are looked at move on with the date: once a day is enough, and a minute late early enough.
 */
static int midnight_arm(Keeper *keeper) {
        int64_t tomorrow = civil_day(civil_from_time(time(NULL))) + 1;

        (void) sd_event_source_set_time(
                        keeper->midnight, (uint64_t) civil_to_time(tomorrow * ICS_DAY) * USEC_PER_SEC);
        return sd_event_source_set_enabled(keeper->midnight, SD_EVENT_ONESHOT);
}

static void write_again(Keeper *keeper, uint64_t seq) {
        bool written = false;

        keeper->wrong = export_once(keeper->session, keeper->options, &written) != 0;
        if (!keeper->wrong)
                keeper->seq = seq;
        if (written) {
                printf("wrote %s\n", keeper->options->output);
                fflush(stdout);
        }
        (void) midnight_arm(keeper);
}

static void on_timer(Watcher *watcher, const TimerState *timer, void *userdata) {
        Keeper *keeper = userdata;

        /* Everything that is stored raises the number, the rules among it. A number below is of another
         * store. */
        if (timer && (keeper->seq != timer->seq || keeper->wrong))
                write_again(keeper, timer->seq);
}

static int on_midnight(sd_event_source *source, uint64_t usec, void *userdata) {
        Keeper *keeper = userdata;

        if (keeper->seq != 0)
                write_again(keeper, keeper->seq);
        return 0;
}

int export_keep(IcsSession *session, const ExportOptions *options) {
        cleanup_(sd_event_source_unrefp) sd_event_source *midnight = NULL;
        cleanup_(sd_event_unrefp) sd_event *event = NULL;
        cleanup_(watcher_unrefp) Watcher *watcher = NULL;
        Keeper keeper = { .session = session, .options = options };
        int r;

        program_open(&session->program, CLIENT_NO_AUTO_START);
        r = sd_event_new(&event);
        if (r >= 0)
                r = program_catch(event, (const int[]){ SIGTERM, SIGINT, 0 }, NULL, NULL);
        if (r >= 0)
                r = sd_event_add_time(event, &midnight, CLOCK_REALTIME, UINT64_MAX, 60 * USEC_PER_SEC,
                                on_midnight, &keeper);
        keeper.midnight = midnight;
        if (r >= 0)
                r = watcher_new(event, session->program.bus,
                                session->program.other_user ? session->program.uid : WATCHER_UID_OWN,
                                on_timer, &keeper, &watcher);
        if (r >= 0)
                r = sd_event_loop(event);
        return r < 0 ? program_errno(&session->program, r, "cannot keep the calendar current") : 0;
}
