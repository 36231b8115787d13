/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/running.h"

#include <errno.h>
#include <string.h>

#include "daemon/engine/outbox.h"
#include "daemon/engine/store-words.h"

int user_running_load_title(User *user) {
        Task task = {};
        int r = 0;

        free(steal(user->task_title));
        if (user->machine.running.kind == INTERVAL_NONE || user->machine.running.task == 0 || !user->store)
                return 0;
        r = store_task_get(user->store, user->machine.running.task, &task);
        if (r >= 0)
                user->task_title = steal(task.title);
        task_done(&task);
        return r == -ENOENT ? 0 : r;
}

void user_running_set_task(User *user, int64_t task) {
        int r;

        user->machine.running.task = task;
        r = user_running_load_title(user);
        if (r < 0)
                store_words_journal(user, r, "read");
}

void user_running_adopt(User *user, const Change *change) {
        bool other_task = user->machine.running.task != change->machine.running.task ||
                          user->machine.running.id != change->machine.running.id;
        int r;

        user->machine = change->machine;
        if (!other_task)
                return;
        r = user_running_load_title(user);
        if (r < 0)
                store_words_journal(user, r, "read");
}

/* An absence is stored when it is over; while it lasts it is counted here. */
static uint64_t absent_usec(uint64_t since_boot_usec, uint64_t now_boot_usec) {
        return since_boot_usec > 0 ? now_boot_usec - since_boot_usec : 0;
}

static void patch_running(const User *user, Interval *interval) {
        const Running *running = &user->machine.running;
        const uint64_t now = user->engine->now.boot_usec;

        interval->started_real_usec = running->started_real_usec;
        interval->length_usec = now - running->started_boot_usec;
        interval->planned_usec = running->planned_usec;
        interval->extended_usec = running->extended_usec;
        interval->paused_usec = running->paused_total_usec;
        if (running->paused_since_boot_usec > 0)
                interval->paused_usec += now - running->paused_since_boot_usec;
        interval->paused = running->pauses > 0 || running->paused_since_boot_usec > 0;
        interval->internal = running->internal;
        interval->external = running->external;
        interval->locked_usec += absent_usec(running->locked_since_boot_usec, now);
        interval->idle_usec += absent_usec(running->idle_since_boot_usec, now);
}

void user_running_patch(const User *user, Interval *interval) {
        const Row *end;

        if (interval->outcome != OUTCOME_RUNNING)
                return;
        if (interval->id == user->machine.running.id) {
                patch_running(user, interval);
                return;
        }
        end = user_outbox_find_end(user, interval->id);
        if (!end)
                return;
        free(interval->reason);
        interval->reason = g_strdup(end->reason);
        interval->outcome = end->outcome;
        interval->length_usec = end->length_usec;
}

bool user_running_note(const User *user, Change *ret_change) {
        const Machine *m = &user->machine;
        const Now *now = &user->engine->now;
        Change change = { .changed = true, .machine = *m, .n_rows = 1 };

        if (m->running.kind == INTERVAL_NONE)
                return false;
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
        *ret_change = change;
        return true;
}

int user_running_checkpoint(User *user) {
        StoreWrite write;
        Change change;
        int r;

        if (!user->store || user_outbox_is_due(user) || !user_running_note(user, &change))
                return 0;
        r = store_write_begin(user->store, &write);
        if (r == 0) {
                r = write_rows(&write, change.rows, change.n_rows);
                if (r == 0)
                        r = write_machine(&write, &change.machine);
                r = store_write_end(&write, r, user->seq);
        }
        if (r < 0) {
                store_words_journal(user, r, "written");
                return r;
        }
        user->machine = change.machine;
        return 0;
}
