/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/settle.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/edges.h"
#include "daemon/engine/focus.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/recover.h"
#include "daemon/engine/store-words.h"
#include "daemon/engine/today.h"

/* Time makes one transition after another, but never this many: a machine that does not come to rest is
 * wrong. */
#define SETTLE_MOST 64u

/* A difference of two clocks that moved by less than this did not move: they were not read at once. */
#define SAME_USEC (10 * USEC_PER_MSEC)

/* A deadline that is due and changes nothing must not keep the processor busy. */
#define SOONEST_USEC USEC_PER_MSEC

/* When a store of which nothing is known is looked at again, if nobody asks before. */
#define LOOK_AGAIN_USEC (10 * USEC_PER_SEC)

static bool moved(uint64_t a, uint64_t b, uint64_t seen_a, uint64_t seen_b) {
        int64_t by = (int64_t) ((a - b) - (seen_a - seen_b));

        return by > (int64_t) SAME_USEC || by < -(int64_t) SAME_USEC;
}

/* Nothing can have changed since it was last settled. Every reading asks this, so it is cheap. */
static bool is_quiet(const User *user) {
        const Machine *m = &user->machine;
        const Now *now = &user->engine->now;

        return now->boot_usec < user->next_usec && now->boot_usec < user->wake_usec &&
               user_today_is_current(user) && user_calendar_is_current(user) &&
               !moved(now->boot_usec, now->mono_usec, m->seen_boot_usec, m->seen_mono_usec) &&
               !moved(now->real_usec, now->boot_usec, m->seen_real_usec, m->seen_boot_usec) &&
               strcmp(now->boot_id, m->boot_id) == 0;
}

static int dispatch_time(User *user, Change *ret_change) {
        Event event = { .type = EVENT_TIME, .settling = user->just_started };
        MachineEnv env;

        user_calendar_env(user, &env);
        return machine_dispatch(&user->machine, &event, &env, ret_change, NULL);
}

static bool is_doubted(const User *user) {
        return user->store && store_is_doubted(user->store);
}

void user_settle_rings(User *user) {
        Change change;

        /* What rings may have ended. */
        if (is_quiet(user) || is_doubted(user))
                return;
        for (unsigned i = 0; i < SETTLE_MOST; i++)
                if (dispatch_time(user, &change) != 0 || !change.changed || !change.rang ||
                                user_publish_fact(user, &change, CHANGED_TIMER | CHANGED_HISTORY) < 0)
                        return;
}

/* The day's edge is told to those who watch. */
static int roll_day(User *user) {
        Happening happening;
        bool told;
        int r;

        if (!user_today_is_current(user)) {
                r = user_today_count(user);
                if (r < 0)
                        return r;
        }
        told = user->told_date[0] == '\0' || strcmp(user->told_date, user->today_date) == 0;
        memcpy(user->told_date, user->today_date, sizeof(user->told_date));
        if (told || !user->watched || !user->store)
                return 0;
        happening = (Happening){
                .type = HAPPENED_DAY_CHANGED,
                .at_real_usec = MIN(MAX(user->today_from_usec, user->today.from_real_usec),
                                user->engine->now.real_usec),
        };
        return user_publish_happening(user, CHANGED_TIMER | CHANGED_HISTORY, &happening);
}

static int settle(User *user) {
        const bool started = user->just_started;
        Change change;
        unsigned i;
        int r;

        for (i = 0; i < SETTLE_MOST; i++) {
                r = dispatch_time(user, &change);
                if (r != 0)
                        return r < 0 ? r : -EINVAL;
                if (!change.changed) {
                        user->machine = change.machine; /* it has noted the clocks */
                        break;
                }
                r = user_publish_fact(user, &change, CHANGED_TIMER | CHANGED_HISTORY);
                if (r < 0)
                        return r;
        }
        if (i == SETTLE_MOST)
                journal_error("%s: the timer of user %u does not come to rest; please report this",
                                user->call ?: "pomod", user->uid);
        user->just_started = false;

        r = user_outbox_flush(user, OUTBOX_TIME);
        if (r == -EUCLEAN)
                return r;
        r = user_edges_settle(user, started);
        if (r < 0)
                return r;
        r = user_focus_settle(user);
        if (r < 0)
                return r;
        return roll_day(user);
}

int user_settle(User *user) {
        int r;

        assert(!user->engine->telling);
        if (is_doubted(user)) {
                r = user_recover_doubted(user);
                if (r < 0) {
                        user->wake_usec = user->engine->now.boot_usec + LOOK_AGAIN_USEC;
                        return r;
                }
        } else if (is_quiet(user))
                return 0;
        user->touched = true;
        r = settle(user);
        user_settle_rearm(user);
        return r;
}

void user_settle_rearm(User *user) {
        const Now *now = &user->engine->now;
        MachineEnv env;
        uint64_t wake;

        user_calendar_env(user, &env);
        user->next_usec = machine_next(&user->machine, &env, true);
        wake = MIN(machine_next(&user->machine, &env, user->watched), user_calendar_next(user));
        if (user->watched && user->store && user->today_known && user->today_to_usec != UINT64_MAX)
                wake = MIN(wake, now->boot_usec + (user->today_to_usec -
                                                                  MIN(user->today_to_usec, now->real_usec)));
        wake = MIN(wake, user_focus_next(user));
        wake = MIN(wake, user_outbox_next(user));
        user->wake_usec = MAX(wake, now->boot_usec + SOONEST_USEC);
}
