/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/edges.h"

#include <errno.h>
#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/focus.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"

/* An edge seen later than this was seen by nobody: what it would have begun is not begun. */
#define LIVE_USEC (60 * USEC_PER_SEC)

static Lived lived_now(User *user) {
        const Schedule *schedule = user_calendar_schedule(user);
        Lived lived = {
                .known = true,
                .state = schedule->state,
                .mode = schedule->mode,
                .window_from_usec = schedule->window.rule ? schedule->window.from_real_usec : 0,
                .until_usec = schedule->until_real_usec,
        };

        if (schedule->window.rule)
                g_strlcpy(lived.rule, schedule->window.rule->name, sizeof(lived.rule));
        return lived;
}

/* What the window that was just entered begins by itself; false for nothing. */
static bool wanted_start(const User *user, const Schedule *schedule, Event *ret_event) {
        const Running *running = &user->machine.running;
        const uint64_t now = user->engine->now.real_usec, from = schedule->window.from_real_usec;

        if (schedule->state != SCHEDULE_WINDOW || now < from || now - from > LIVE_USEC)
                return false;
        *ret_event = (Event){
                .type = EVENT_START,
                .kind = schedule->mode,
                .ago_usec = now - from,
                .by_schedule = true,
        };
        if (running->kind == INTERVAL_NONE)
                /* What ended since was begun in this window before us: it has been entered already. */
                return schedule->window.rule->auto_start && user->machine.newest_end_real_usec <= from;
        ret_event->switch_running = true;
        ret_event->task = running->task;
        return running->kind == INTERVAL_FREEFORM && running->paused_since_boot_usec == 0 &&
               schedule->mode == INTERVAL_POMODORO && schedule->window.rule->auto_switch;
}

static int begin(User *user, Event *event) {
        Decision decision = {};
        Refusal refusal;
        MachineEnv env;
        int r;

        user_calendar_env(user, &env);
        r = machine_dispatch(&user->machine, event, &env, &decision.change, &refusal);
        if (r > 0 && event->ago_usec > 0) {
                /* It is over already, or was paused since: then it begins now. */
                event->ago_usec = 0;
                r = machine_dispatch(&user->machine, event, &env, &decision.change, &refusal);
        }
        if (r != 0 || !decision.change.changed)
                return r < 0 ? r : 0;
        /* Nobody asked for it: where it cannot be stored it is not begun, and what was asked goes on. */
        r = user_outbox_flush(user, OUTBOX_REQUEST);
        if (r == 0)
                r = user_focus_decide(user, &decision.change.machine, NULL, &decision.focus);
        if (r == 0)
                r = user_publish_decision(user, &decision);
        focus_change_done(&decision.focus);
        return r == -EUCLEAN ? r : 0;
}

static bool is_same_window(const Lived *a, const Lived *b) {
        return a->state == b->state && a->mode == b->mode && a->window_from_usec == b->window_from_usec &&
               strcmp(a->rule, b->rule) == 0;
}

/* That the schedule is at another place, and in words which windows were left and entered. */
static int tell(User *user, const Lived *before, const Schedule *schedule, bool same) {
        const Now *now = &user->engine->now;
        Happening happenings[1 + TOLD_MAX] = {
                { .type = HAPPENED_SCHEDULE_CHANGED, .at_real_usec = now->real_usec },
        };
        Told told[TOLD_MAX];
        unsigned n = same ? 0 : told_of_windows(before->rule, schedule, now, user_calendar_zone(user), told);
        int r;

        for (unsigned i = 0; i < n; i++)
                happenings[1 + i] = told_happening(&told[i], now);
        r = user_publish_happenings(user, CHANGED_TIMER | CHANGED_SCHEDULES, happenings, 1 + n);
        told_done(told, n);
        return r;
}

int user_edges_settle(User *user, bool started) {
        const Lived before = user->lived;
        const Schedule *schedule = user_calendar_schedule(user);
        Lived lived = lived_now(user);
        Event event;
        int r = 0;

        /* After a night asleep it may be the same state that ends at another time: who shows the end is told.
         */
        if (before.known && is_same_window(&lived, &before) && lived.until_usec == before.until_usec)
                return 0;
        user->lived = lived;
        /* Without a window before there was none to leave: the rules are new, or the user was just loaded. */
        if (before.known && user->store) {
                r = tell(user, &before, schedule, is_same_window(&lived, &before));
                if (r < 0)
                        return r;
        }
        if (before.known && is_same_window(&lived, &before))
                return r;
        if ((before.known || started) && user->store && wanted_start(user, schedule, &event))
                r = begin(user, &event);
        return r;
}
