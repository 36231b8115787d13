/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/outbox.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "daemon/engine/store-words.h"

/* A change, or claims: of those there is one at most, which is the last. */
typedef struct Kept {
        Change change;
        uint64_t completed_real_usec;
        char window_date[DATE_TEXT_MAX];
        GArray *claims;    /* NULL: a change */
        uint64_t due_usec; /* of claims */
} Kept;

static void kept_free(gpointer data) {
        Kept *kept = data;

        if (kept->claims)
                g_array_unref(kept->claims);
        g_free(kept);
}

static Kept *find_claims(const User *user) {
        Kept *last = g_queue_peek_tail((GQueue *) &user->outbox.queue);

        return last && last->claims ? last : NULL;
}

static void begin_anew(Outbox *outbox) {
        outbox->retry_usec = 0;
        outbox->retry_delay_usec = OUTBOX_FIRST_USEC;
}

static bool is_note(const Change *change) {
        return change->n_happenings == 0 && change->n_rows == 1 && change->rows[0].type == ROW_UPDATE;
}

void user_outbox_add_change(
                User *user, const Change *change, uint64_t completed_real_usec, const char *window_date) {
        const Kept *claims = find_claims(user);
        GQueue *queue = &user->outbox.queue;
        const guint n = queue->length - (claims ? 1 : 0);
        Kept *kept = n > 0 ? g_queue_peek_nth(queue, n - 1) : NULL;

        /* Of the checkpoints of a freeform interval only the newest counts: a full disk must not fill the
         * memory. */
        if (kept && is_note(change) && is_note(&kept->change) &&
                        kept->change.rows[0].id == change->rows[0].id) {
                kept->change = *change;
                return;
        }
        if (n == 0)
                begin_anew(&user->outbox);
        kept = g_new0(Kept, 1);
        kept->change = *change;
        kept->completed_real_usec = completed_real_usec;
        g_strlcpy(kept->window_date, window_date, sizeof(kept->window_date));
        g_queue_push_nth(queue, kept, (gint) n);
}

void user_outbox_add_claim(User *user, const Claim *claim, uint64_t due_usec) {
        Kept *kept = find_claims(user);

        if (!kept) {
                if (user->outbox.queue.length == 0)
                        begin_anew(&user->outbox);
                kept = g_new0(Kept, 1);
                kept->claims = claim_array_new();
                kept->due_usec = due_usec;
                g_queue_push_tail(&user->outbox.queue, kept);
        }
        claim_array_put(kept->claims, claim);
        kept->due_usec = MIN(kept->due_usec, due_usec);
}

static int store_one(User *user, const Kept *kept) {
        StoreWrite write;
        int r;

        assert(user->store);
        r = store_write_begin(user->store, &write);
        if (r < 0)
                return r;
        if (kept->claims)
                r = write_claims(&write, (const Claim *) (void *) kept->claims->data, kept->claims->len,
                                user->focus.next_id);
        else
                r = write_rows(&write, kept->change.rows, kept->change.n_rows);
        if (r == 0 && !kept->claims)
                r = write_machine(&write, &kept->change.machine);
        return store_write_end(&write, r, user->seq);
}

static void back_off(User *user) {
        const uint64_t boot = user->engine->now.boot_usec;
        Outbox *outbox = &user->outbox;

        if (boot < outbox->retry_usec)
                return;
        outbox->retry_usec = boot + outbox->retry_delay_usec;
        outbox->retry_delay_usec = MIN(2 * outbox->retry_delay_usec, OUTBOX_LAST_USEC);
}

static bool is_due(const User *user, const Kept *kept) {
        return !kept->claims || user->engine->now.boot_usec >= kept->due_usec;
}

int user_outbox_flush(User *user, OutboxFlush flush) {
        GQueue *queue = &user->outbox.queue;
        bool any = false;

        while (queue->length > 0) {
                Kept *next = g_queue_peek_head(queue);
                int r;

                if (flush != OUTBOX_END && !is_due(user, next))
                        break;
                if (flush == OUTBOX_TIME && user->engine->now.boot_usec < user->outbox.retry_usec)
                        return -EAGAIN;
                r = store_one(user, next);
                if (!next->claims && (r == -EINVAL || r == -EEXIST))
                        /* The log was replaced or corrected under it, and no waiting will make it fit: what
                         * comes after it must not wait for ever. */
                        journal_error("%s: a change of user %u does not fit the log any more and is let go: %s",
                                        user->call ?: "pomod", user->uid, strerror(-r));
                else if (r < 0) {
                        store_words_journal(user, r, "written");
                        back_off(user);
                        return r;
                }
                kept_free(g_queue_pop_head(queue));
                any = true;
        }
        if (!any)
                return 0;
        begin_anew(&user->outbox);
        if (user->failure < 0)
                journal_info("What user %u had done is stored again", user->uid);
        user->failure = 0;
        user->stored = true;
        return 0;
}

uint64_t user_outbox_next(const User *user) {
        const Kept *next = g_queue_peek_head((GQueue *) &user->outbox.queue);

        if (!next)
                return MACHINE_NEVER;
        return next->claims ? MAX(next->due_usec, user->outbox.retry_usec) : user->outbox.retry_usec;
}

bool user_outbox_is_empty(const User *user) {
        return user->outbox.queue.length == 0;
}

bool user_outbox_is_due(const User *user) {
        const Kept *next = g_queue_peek_head((GQueue *) &user->outbox.queue);

        return next && is_due(user, next);
}

unsigned user_outbox_count_changes(const User *user) {
        return user->outbox.queue.length - (find_claims(user) ? 1 : 0);
}

void user_outbox_drop_changes(User *user) {
        for (unsigned n = user_outbox_count_changes(user); n > 0; n--)
                kept_free(g_queue_pop_head(&user->outbox.queue));
}

void user_outbox_drop_first(User *user) {
        assert(user_outbox_count_changes(user) > 0);
        kept_free(g_queue_pop_head(&user->outbox.queue));
}

void user_outbox_drop_claims(User *user, const GArray *claims) {
        Kept *kept = find_claims(user);

        if (!kept)
                return;
        for (guint i = kept->claims->len; i > 0; i--)
                if (claim_array_find(claims, g_array_index(kept->claims, Claim, i - 1).id))
                        g_array_remove_index(kept->claims, i - 1);
        if (kept->claims->len == 0)
                kept_free(g_queue_pop_tail(&user->outbox.queue));
}

void user_outbox_done(User *user) {
        g_queue_clear_full(&user->outbox.queue, kept_free);
}

const Row *user_outbox_find_end(const User *user, int64_t interval) {
        for (const GList *l = user->outbox.queue.head; l; l = l->next) {
                const Change *change = &((const Kept *) l->data)->change;

                for (unsigned i = 0; i < change->n_rows; i++)
                        if (change->rows[i].type == ROW_END && change->rows[i].id == interval)
                                return &change->rows[i];
        }
        return NULL;
}

const Claim *user_outbox_find_claim(const User *user, int64_t id) {
        const Kept *kept = find_claims(user);

        return kept ? claim_array_find(kept->claims, id) : NULL;
}

void user_outbox_each_claim(
                const User *user, void (*func)(const Claim *claim, void *userdata), void *userdata) {
        const Kept *kept = find_claims(user);

        for (guint i = 0; kept && i < kept->claims->len; i++)
                func(&g_array_index(kept->claims, Claim, i), userdata);
}

bool user_outbox_has_engaged(const User *user, const char *rule, Date date, uint32_t window_start_sec) {
        const Kept *kept = find_claims(user);

        for (guint i = 0; kept && i < kept->claims->len; i++) {
                const Claim *claim = &g_array_index(kept->claims, Claim, i);

                if (claim->source == CLAIM_BY_RULE && claim->date == date &&
                                claim->window_start_sec == window_start_sec && claim->state != CLAIM_VOID &&
                                strcmp(claim->rule, rule) == 0)
                        return true;
        }
        return false;
}

uint32_t user_outbox_count_completed(const User *user,
                bool (*has)(const User *, uint64_t started_real_usec, const char *window_date)) {
        uint32_t n = 0;

        for (const GList *l = user->outbox.queue.head; l; l = l->next) {
                const Kept *kept = l->data;

                if (kept->completed_real_usec > 0 && has(user, kept->completed_real_usec, kept->window_date))
                        n++;
        }
        return n;
}
