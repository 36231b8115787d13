/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <string.h>

void user_adopt(User *user, const Change *change) {
        bool other_task = user->machine.running.task != change->machine.running.task ||
                          user->machine.running.id != change->machine.running.id;
        int r;

        user->machine = change->machine;
        if (!other_task)
                return;
        r = user_refresh_title(user);
        if (r < 0)
                user_log_store(user, r, "read");
}

/* Each event has a number of its own, so that a replay can begin after any of them; the last is the state's.
 */
void user_announce(User *user, unsigned changed, const Happening *happenings, unsigned n, uint64_t seq) {
        EngineEvent events[ENGINE_HAPPENINGS_MAX];
        Engine *engine = user->engine;
        bool busy = engine->busy;

        user->seq = seq;
        /* Who is told reads the day's count; an edit may have made it another one. */
        if (!user->today_known)
                (void) user_count_today(user);
        for (unsigned i = 0; i < n; i++) {
                events[i] = (EngineEvent){ .seq = seq - (n - 1 - i), .happening = happenings[i] };
                ring_add(&user->ring, &events[i]);
        }
        if (!engine->listener)
                return;
        /* Who is told may ask back. Then what is known now is the truth, and nothing settles in between. */
        engine->busy = true;
        engine->listener(user->uid, changed, events, n, engine->listener_userdata);
        engine->busy = busy;
}

void user_announce_stored(User *user, unsigned changed, HappeningType type, int64_t id, uint64_t seq) {
        Happening happening = {
                .type = type,
                .at_real_usec = user->engine->now.real_usec,
        };

        if (type == HAPPENED_TASKS_CHANGED)
                happening.task = id;
        else
                happening.id = id;
        user->failure = 0;
        /* The sequence number is a property of the timer. */
        user_announce(user, changed | CHANGED_TIMER, &happening, 1, seq);
        user_maybe_backup(user);
}

/* A task made in the same commit got its number there. */
static void name_new_task(Change *change, int64_t id) {
        if (change->machine.running.task == STORE_NEW_TASK)
                change->machine.running.task = id;
        if (change->machine.carry_task == STORE_NEW_TASK)
                change->machine.carry_task = id;
        for (unsigned i = 0; i < change->n_happenings; i++)
                if (change->happenings[i].task == STORE_NEW_TASK)
                        change->happenings[i].task = id;
}

/* Stored, then true, then told. A failure leaves everything as it was. */
int user_commit(User *user, Change *change, Task *new_task, Refusal *ret_refusal) {
        Happening happenings[ENGINE_HAPPENINGS_MAX];
        unsigned changed = CHANGED_TIMER | CHANGED_HISTORY, n = 0;
        uint64_t seq = user->seq + change->n_happenings + (new_task ? 1 : 0);
        int r;

        r = store_commit(user->store, change, seq, new_task);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        user->failure = 0;

        if (new_task) {
                name_new_task(change, new_task->id);
                changed |= CHANGED_TASKS;
                happenings[n++] = (Happening){
                        .type = HAPPENED_TASKS_CHANGED,
                        .task = new_task->id,
                        .at_real_usec = user->engine->now.real_usec,
                };
        }
        user_adopt(user, change);
        if (change->n_happenings == 0)
                return 0;
        memcpy(happenings + n, change->happenings, change->n_happenings * sizeof(Happening));
        user_announce(user, changed, happenings, n + change->n_happenings, seq);
        user_maybe_backup(user);
        return 0;
}

/* What runs is noted as it is now, so that a power cut from here on loses nothing of it. */
int user_checkpoint(User *user) {
        const Machine *m = &user->machine;
        const Now *now = &user->engine->now;
        Change change = { .changed = true, .machine = *m, .n_rows = 1 };
        int r;

        if (m->running.kind == INTERVAL_NONE || !user->store || user->pending.length > 0)
                return 0;
        change.machine.running.checkpoint_boot_usec = now->boot_usec;
        change.machine.seen_boot_usec = now->boot_usec;
        change.machine.seen_mono_usec = now->mono_usec;
        change.machine.seen_real_usec = now->real_usec;
        change.rows[0] = (Row){
                .type = ROW_UPDATE,
                .id = m->running.id,
                .running = change.machine.running,
                .length_usec = now->boot_usec - m->running.started_boot_usec,
                .epoch = m->epoch,
        };
        r = store_commit(user->store, &change, user->seq, NULL);
        if (r < 0) {
                user_log_store(user, r, "written");
                return r;
        }
        user->machine = change.machine;
        return 0;
}
