/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <string.h>

static bool is_note(const Change *change) {
        return change->n_happenings == 0 && change->n_rows == 1 && change->rows[0].type == ROW_UPDATE;
}

void user_keep_pending(User *user, const Change *change, uint64_t seq, uint64_t completed_real_usec,
                const char *window_date) {
        Pending *last = g_queue_peek_tail(&user->pending);

        /* Of the checkpoints of a freeform interval only the newest counts: a full disk must not fill the
         * memory. */
        if (last && is_note(change) && is_note(&last->change) &&
                        last->change.rows[0].id == change->rows[0].id) {
                last->change = *change;
                return;
        }
        last = g_new(Pending, 1);
        *last = (Pending){ .change = *change, .seq = seq, .completed_real_usec = completed_real_usec };
        g_strlcpy(last->window_date, window_date, sizeof(last->window_date));
        if (user->pending.length == 0) {
                user->retry_usec = 0;
                user->retry_delay_usec = ENGINE_RETRY_FIRST_USEC;
        }
        g_queue_push_tail(&user->pending, last);
}

void user_drop_pending(User *user) {
        g_queue_clear_full(&user->pending, g_free);
}

/* In order, each for itself, as far as it goes. Without now it waits for its time. */
int user_flush_pending(User *user, bool now) {
        const uint64_t boot = user->engine->now.boot_usec;
        bool any = user->pending.length > 0;

        if (any && !now && boot < user->retry_usec)
                return -EAGAIN;
        while (user->pending.length > 0) {
                const Pending *next = g_queue_peek_head(&user->pending);
                int r;

                r = store_commit(user->store, &next->change, next->seq, NULL);
                if (r == -EINVAL || r == -EEXIST)
                        /* The log was replaced or corrected under it, and no waiting will make it fit: what
                         * comes after it must not wait for ever. */
                        journal_error("A change of user %u does not fit the log any more and is let go: %s",
                                        user->uid, strerror(-r));
                else if (r < 0) {
                        user_log_store(user, r, "written");
                        if (boot >= user->retry_usec) {
                                user->retry_usec = boot + user->retry_delay_usec;
                                user->retry_delay_usec =
                                                MIN(2 * user->retry_delay_usec, ENGINE_RETRY_LAST_USEC);
                        }
                        return r;
                }
                g_free(g_queue_pop_head(&user->pending));
        }
        if (any) {
                if (user->failure < 0)
                        journal_info("What user %u had done is stored again", user->uid);
                user->failure = 0;
                user_maybe_backup(user);
        }
        return 0;
}

uint32_t user_pending_completed(User *user) {
        uint32_t n = 0;

        for (const GList *l = user->pending.head; l; l = l->next) {
                const Pending *pending = l->data;

                if (pending->completed_real_usec > 0 &&
                                user_is_today(user, pending->completed_real_usec, pending->window_date))
                        n++;
        }
        return n;
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

static const Row *find_end(const User *user, int64_t id) {
        for (const GList *l = user->pending.head; l; l = l->next) {
                const Change *change = &((const Pending *) l->data)->change;

                for (unsigned i = 0; i < change->n_rows; i++)
                        if (change->rows[i].type == ROW_END && change->rows[i].id == id)
                                return &change->rows[i];
        }
        return NULL;
}

int user_patch_interval(User *user, Interval *interval) {
        const Row *end;
        char *reason = NULL;

        if (interval->outcome != OUTCOME_RUNNING)
                return 0;
        if (interval->id == user->machine.running.id) {
                patch_running(user, interval);
                return 0;
        }
        end = find_end(user, interval->id);
        if (!end)
                return 0;
        if (end->reason && !(reason = strdup(end->reason)))
                return -ENOMEM;
        free(interval->reason);
        interval->reason = reason;
        interval->outcome = end->outcome;
        interval->length_usec = end->length_usec;
        return 0;
}
