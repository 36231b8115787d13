/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <string.h>

/* Time makes one transition after another, but never this many: a machine that does not come to rest is
 * wrong. */
#define SETTLE_MOST 64u

/* A difference of two clocks that moved by less than this did not move: they were not read at once. */
#define SAME_USEC (10 * USEC_PER_MSEC)

/* A deadline that is due and changes nothing must not keep the processor busy. */
#define SOONEST_USEC USEC_PER_MSEC

int engine_look_at_clocks(Engine *engine) {
        if (engine->busy)
                return 0;
        return engine->clocks->vtable->now(engine->clocks, &engine->now);
}

static bool moved(uint64_t a, uint64_t b, uint64_t seen_a, uint64_t seen_b) {
        int64_t by = (int64_t) ((a - b) - (seen_a - seen_b));

        return by > (int64_t) SAME_USEC || by < -(int64_t) SAME_USEC;
}

/* Nothing can have changed since it was last settled. Every reading asks this, so it is cheap. */
static bool is_quiet(const User *user) {
        const Machine *m = &user->machine;
        const Now *now = &user->engine->now;

        return now->boot_usec < user->next_usec && now->boot_usec < user->wake_usec && user->today_known &&
               now->real_usec < user->today_to_usec && now->real_usec >= user->today_from_usec &&
               user_schedule_is_current(user) &&
               !moved(now->boot_usec, now->mono_usec, m->seen_boot_usec, m->seen_mono_usec) &&
               !moved(now->real_usec, now->boot_usec, m->seen_real_usec, m->seen_boot_usec) &&
               strcmp(now->boot_id, m->boot_id) == 0;
}

static int dispatch_time(User *user, Change *ret_change) {
        Event event = { .type = EVENT_TIME, .settling = user->just_started };
        MachineEnv env;

        user_env(user, &env);
        return machine_dispatch(&user->machine, &event, &env, ret_change, NULL);
}

/* When the pomodoro that rings in a change had begun; 0 where none rings. */
static uint64_t completed_start(const User *user, const Change *change) {
        for (unsigned i = 0; i < change->n_rows; i++)
                if (change->rows[i].type == ROW_END && change->rows[i].outcome == OUTCOME_COMPLETED &&
                                user->machine.running.kind == INTERVAL_POMODORO)
                        return user->machine.running.started_real_usec;
        return 0;
}

/*
 * What time did is a fact, whether it can be stored or not: it follows from what is on the disk. So the
 * machine goes on, and what could not be stored is kept. A ring is told before it is stored: a busy disk
 * delays no bell.
 */
static int apply_time(User *user, const Change *change, unsigned changed) {
        char window_date[sizeof(user->machine.running.window_date)];
        uint64_t completed = completed_start(user, change);
        uint64_t seq = user->seq + change->n_happenings;
        int r = 0;

        if (!user->store) {
                user_adopt(user, change);
                return 0;
        }
        memcpy(window_date, user->machine.running.window_date, sizeof(window_date));
        if (change->rang || user->pending.length > 0)
                user_keep_pending(user, change, seq, completed, window_date);
        else {
                r = store_commit(user->store, change, seq, NULL);
                if (r < 0) {
                        user_log_store(user, r, "written");
                        user_keep_pending(user, change, seq, completed, window_date);
                }
        }
        if (user->today_known && completed > 0 && user_is_today(user, completed, window_date))
                user->completed_today++;
        user_adopt(user, change);
        if (change->n_happenings > 0)
                user_announce(user, changed, change->happenings, change->n_happenings, seq);
        return r == -EUCLEAN ? r : 0;
}

void user_settle_rings(User *user) {
        Change change;

        if (is_quiet(user))
                return;
        for (unsigned i = 0; i < SETTLE_MOST; i++)
                if (dispatch_time(user, &change) != 0 || !change.changed || !change.rang ||
                                apply_time(user, &change, CHANGED_TIMER | CHANGED_HISTORY) < 0)
                        return;
}

int user_commit_happening(User *user, unsigned changed, const Happening *happening) {
        Change change = {
                .changed = true,
                .machine = user->machine,
                .happenings[0] = *happening,
                .n_happenings = 1,
        };

        return apply_time(user, &change, changed);
}

/* The day's edge is told to those who watch. */
static int roll_day(User *user) {
        const uint64_t now = user->engine->now.real_usec;
        Happening happening;
        bool told;
        int r;

        if (!user->today_known || now < user->today_from_usec || now >= user->today_to_usec) {
                r = user_count_today(user);
                if (r < 0)
                        return r;
        }
        told = user->told_date[0] == '\0' || strcmp(user->told_date, user->today_date) == 0;
        memcpy(user->told_date, user->today_date, sizeof(user->told_date));
        if (told || !user->watched || !user->store)
                return 0;
        happening = (Happening){
                .type = HAPPENED_DAY_CHANGED,
                .at_real_usec = MIN(MAX(user->today_from_usec, user->today.from_real_usec), now),
        };
        return user_commit_happening(user, CHANGED_TIMER | CHANGED_HISTORY, &happening);
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
                r = apply_time(user, &change, CHANGED_TIMER | CHANGED_HISTORY);
                if (r < 0)
                        return r;
        }
        if (i == SETTLE_MOST)
                journal_error("The timer of user %u does not come to rest; please report this", user->uid);
        user->just_started = false;

        r = user_flush_pending(user, false);
        if (r == -EUCLEAN)
                return r;
        r = user_settle_schedule(user, started);
        if (r < 0)
                return r;
        r = user_settle_focus(user);
        if (r < 0)
                return r;
        return roll_day(user);
}

/* 0, or a positive code where the store was found damaged: then all is as it was restored, and settled. */
int user_settle(User *user, Refusal *ret_refusal) {
        int r;

        if (user->engine->busy || is_quiet(user))
                return 0;
        r = settle(user);
        if (r < 0) {
                int error = r;

                r = user_refuse_store(user, error, ret_refusal);
                if (error == -EUCLEAN)
                        (void) settle(user);
        }
        user_rearm(user);
        return r;
}

void user_rearm(User *user) {
        const Now *now = &user->engine->now;
        MachineEnv env;
        uint64_t wake;

        user_env(user, &env);
        user->next_usec = machine_next(&user->machine, &env, true);
        wake = MIN(machine_next(&user->machine, &env, user->watched), user_schedule_next(user));
        if (user->watched && user->store && user->today_known && user->today_to_usec != UINT64_MAX)
                wake = MIN(wake, now->boot_usec + (user->today_to_usec -
                                                                  MIN(user->today_to_usec, now->real_usec)));
        wake = MIN(wake, user_focus_next(user));
        if (user->pending.length > 0)
                wake = MIN(wake, user->retry_usec);
        user->wake_usec = MAX(wake, now->boot_usec + SOONEST_USEC);
}
