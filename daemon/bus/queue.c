/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/queue.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "common/duration.h"

/* Who had no turn among so many is not one of those who flood. */
#define TURNS_OF_OTHERS 8u
#define SHARES_KEPT     1024u /* of uids with nothing waiting; those beyond are forgotten */

/* What may be spent now. At 0 and below, its owner rests. */
typedef struct Credit {
        int64_t left;
        uint64_t usec; /* when that was so */
} Credit;

/* How fast a credit grows, and how far. */
typedef struct CreditRate {
        uint64_t per_sec;
        int64_t burst;
} CreditRate;

static const CreditRate rate_of_bytes = { CAP_ANSWERED_PER_SEC, CAP_ANSWERED_BURST };
static const CreditRate rate_of_time = { CAP_HELD_UP_PER_SEC, CAP_HELD_UP_BURST };

struct Share {
        uid_t uid;
        unsigned n_waiting;
        size_t bytes_waiting;
        GQueue turns;    /* of its callers that can be served, the next one first */
        bool is_in_line; /* in ready or in resting */
        Credit bytes;    /* that it may be answered now */
        Credit time;     /* µs for which its calls may hold up all others */
        uint64_t sent;
        uint64_t turn; /* the number of its last one; 0: it had none yet */
        GList line;
};

struct Queue {
        bool with_rate;
        GDestroyNotify free_call;
        uint64_t now_usec;   /* the last that was given */
        GHashTable *callers; /* name → Caller */
        GHashTable *shares;  /* uid → Share */
        GQueue idle;         /* of Callers with nothing waiting, the last used first */
        GQueue held;         /* of Callers */
        size_t bytes_held;   /* of those whose uid is not known */
        uint64_t n_turns;
        bool is_urgent;
        GQueue ready;   /* of Shares, the next one first */
        GQueue resting; /* of Shares */
};

typedef struct Waiting {
        void *call;
        size_t size;
        uint64_t since_usec;
} Waiting;

/* ---- links: an object is in a list by a link of its own ---- */

static void link_append(GQueue *list, GList *link, void *object) {
        *link = (GList){ .data = object };
        g_queue_push_tail_link(list, link);
}

/* ---- callers ---- */

static void caller_free(Queue *queue, Caller *caller) {
        Waiting *waiting;

        while ((waiting = g_queue_pop_head(&caller->waiting))) {
                if (caller->known) {
                        caller->share->n_waiting--;
                        caller->share->bytes_waiting -= waiting->size;
                } else
                        queue->bytes_held -= waiting->size;
                queue->free_call(waiting->call);
                g_free(waiting);
        }
        g_free(caller);
}

static bool is_idle(const Caller *caller) {
        return caller->known && !caller->held && caller->waiting.length == 0;
}

static void note_idle(Queue *queue, Caller *caller) {
        caller->by_age = (GList){ .data = caller };
        g_queue_push_head_link(&queue->idle, &caller->by_age);
        while (queue->idle.length > QUEUE_CALLERS_KEPT) {
                Caller *oldest = g_queue_pop_tail_link(&queue->idle)->data;

                g_hash_table_remove(queue->callers, oldest->name);
                caller_free(queue, oldest);
        }
}

Caller *queue_find(Queue *queue, const char *name) {
        const Caller *newest = g_queue_peek_head(&queue->idle);

        /* Most calls come in rows from one client. */
        if (newest && strcmp(newest->name, name) == 0)
                return queue->idle.head->data;
        return g_hash_table_lookup(queue->callers, name);
}

Caller *queue_add(Queue *queue, const char *name) {
        const size_t size = strlen(name) + 1;
        Caller *caller;

        assert(!g_hash_table_contains(queue->callers, name));
        if (queue->held.length >= CAP_CALLERS_HELD)
                return NULL;
        caller = g_malloc0(sizeof(*caller) + size);
        caller->name = memcpy((char *) (caller + 1), name, size);
        caller->held = true;
        link_append(&queue->held, &caller->hold, caller);
        g_hash_table_insert(queue->callers, (char *) caller->name, caller);
        return caller;
}

/* ---- shares ---- */

static void credit_refresh(Credit *credit, const CreditRate *rate, uint64_t now_usec) {
        const uint64_t passed = now_usec > credit->usec ? now_usec - credit->usec : 0;
        /* Longer than it takes to make good whatever was spent at once. */
        const uint64_t counted = MIN(passed, USEC_PER_HOUR);
        const uint64_t grown = counted * rate->per_sec / USEC_PER_SEC;

        if (grown == 0)
                return;
        credit->usec = MAX(credit->usec, now_usec);
        credit->left = MIN(credit->left + (int64_t) grown, rate->burst);
}

static uint64_t credit_wake_usec(const Credit *credit, const CreditRate *rate) {
        return credit->left > 0
                               ? 0
                               : credit->usec + (uint64_t) (1 - credit->left) * USEC_PER_SEC / rate->per_sec +
                                                 1;
}

static void share_refresh(Queue *queue, Share *share, uint64_t now_usec) {
        queue->now_usec = now_usec;
        if (!queue->with_rate)
                return;
        credit_refresh(&share->bytes, &rate_of_bytes, now_usec);
        credit_refresh(&share->time, &rate_of_time, now_usec);
}

static bool share_rests(const Share *share) {
        return share->bytes.left <= 0 || share->time.left <= 0;
}

static gboolean is_forgettable(gpointer key, gpointer value, gpointer userdata) {
        Queue *queue = userdata;
        Share *share = value;

        share_refresh(queue, share, queue->now_usec);
        return !share->is_in_line && share->n_waiting == 0 && share->bytes.left >= rate_of_bytes.burst &&
               share->time.left >= rate_of_time.burst;
}

static void callers_let_go_of_shares(Queue *queue) {
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, queue->callers);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                Caller *caller = value;

                if (caller->share && is_forgettable(NULL, caller->share, queue))
                        caller->share = NULL;
        }
}

static Share *share_of(Queue *queue, uid_t uid) {
        Share *share = g_hash_table_lookup(queue->shares, GUINT_TO_POINTER(uid));

        if (share)
                return share;
        if (g_hash_table_size(queue->shares) >= SHARES_KEPT) {
                callers_let_go_of_shares(queue);
                g_hash_table_foreach_remove(queue->shares, is_forgettable, queue);
        }
        share = g_new0(Share, 1);
        share->uid = uid;
        share->bytes = (Credit){ rate_of_bytes.burst, queue->now_usec };
        share->time = (Credit){ rate_of_time.burst, queue->now_usec };
        g_hash_table_insert(queue->shares, GUINT_TO_POINTER(uid), share);
        return share;
}

/* Those who had no turn for longest come first. */
static void share_make_ready(Queue *queue, Share *share) {
        GList *before = queue->ready.tail;

        while (before && ((const Share *) before->data)->turn > share->turn)
                before = before->prev;
        share->line = (GList){ .data = share };
        if (before)
                g_queue_insert_after_link(&queue->ready, before, &share->line);
        else
                g_queue_push_head_link(&queue->ready, &share->line);
}

static void share_line_up(Queue *queue, Share *share) {
        if (share->is_in_line || share->turns.length == 0)
                return;
        share->is_in_line = true;
        if (share->turn == 0 || queue->n_turns - share->turn > TURNS_OF_OTHERS)
                queue->is_urgent = true;
        share_make_ready(queue, share);
}

/* ---- what waits ---- */

static void caller_line_up(Queue *queue, Caller *caller) {
        if (caller->held || caller->waiting.length == 0)
                return;
        link_append(&caller->share->turns, &caller->turn, caller);
        share_line_up(queue, caller->share);
}

static bool is_full(const Share *share) {
        return share->n_waiting >= CAP_CALLS_WAITING || share->bytes_waiting >= CAP_CALLS_WAITING_BYTES;
}

static bool is_full_of_held(const Queue *queue, const Caller *caller) {
        return caller->waiting.length >= CAP_CALLS_HELD || queue->bytes_held >= CAP_CALLERS_HELD_BYTES;
}

QueuePut queue_look(Queue *queue, Caller *caller) {
        if (caller->known && !caller->share)
                caller->share = share_of(queue, caller->uid);
        if (caller->known)
                return is_full(caller->share) ? QUEUE_FULL : QUEUE_WAITS;
        return is_full_of_held(queue, caller) ? QUEUE_FULL_OF_HELD : QUEUE_WAITS;
}

QueuePut queue_put(Queue *queue, Caller *caller, void *call, size_t size, uint64_t now_usec) {
        const QueuePut put = queue_look(queue, caller);
        Waiting *waiting;

        if (put != QUEUE_WAITS)
                return put;
        if (is_idle(caller))
                g_queue_unlink(&queue->idle, &caller->by_age);
        waiting = g_new(Waiting, 1);
        *waiting = (Waiting){ call, size, now_usec };
        g_queue_push_tail(&caller->waiting, waiting);
        if (caller->known) {
                caller->share->n_waiting++;
                caller->share->bytes_waiting += size;
        } else
                queue->bytes_held += size;
        if (caller->waiting.length == 1)
                caller_line_up(queue, caller);
        return QUEUE_WAITS;
}

static void let_go(Queue *queue, Caller *caller) {
        caller->held = false;
        g_queue_unlink(&queue->held, &caller->hold);
        if (is_idle(caller))
                note_idle(queue, caller);
        else
                caller_line_up(queue, caller);
}

static void take_into_share(Queue *queue, Caller *caller, uid_t uid) {
        caller->known = true;
        caller->uid = uid;
        caller->share = share_of(queue, uid);
        for (const GList *l = caller->waiting.head; l; l = l->next) {
                const Waiting *waiting = l->data;

                queue->bytes_held -= waiting->size;
                caller->share->n_waiting++;
                caller->share->bytes_waiting += waiting->size;
        }
}

void queue_know(Queue *queue, Caller *caller, uid_t uid) {
        assert(caller->held && !caller->wants_account);
        assert(!caller->known || caller->uid == uid);
        if (!caller->known)
                take_into_share(queue, caller, uid);
        let_go(queue, caller);
}

void queue_drop(Queue *queue, Caller *caller) {
        if (caller->held)
                g_queue_unlink(&queue->held, &caller->hold);
        else if (is_idle(caller))
                g_queue_unlink(&queue->idle, &caller->by_age);
        else
                g_queue_unlink(&caller->share->turns, &caller->turn);
        g_hash_table_remove(queue->callers, caller->name);
        caller_free(queue, caller);
}

/* ---- turns ---- */

static void wake_those_who_rested(Queue *queue, uint64_t now_usec) {
        for (GList *l = queue->resting.head, *next; l; l = next) {
                Share *share = l->data;

                next = l->next;
                share_refresh(queue, share, now_usec);
                if (share_rests(share))
                        continue;
                g_queue_unlink(&queue->resting, &share->line);
                share_make_ready(queue, share);
        }
}

static void take_from(Queue *queue, Share *share, uint64_t now_usec, Turn *ret_turn) {
        Caller *caller = g_queue_pop_head_link(&share->turns)->data;
        Waiting *waiting = g_queue_pop_head(&caller->waiting);

        share->turn = ++queue->n_turns;
        *ret_turn = (Turn){ caller, waiting->call, waiting->size, waiting->since_usec,
                now_usec - MIN(now_usec, waiting->since_usec) };
        share->n_waiting--;
        share->bytes_waiting -= waiting->size;
        g_free(waiting);
        if (caller->waiting.length > 0)
                caller_line_up(queue, caller);
        else
                note_idle(queue, caller);
}

bool queue_next(Queue *queue, uint64_t now_usec, Turn *ret_turn) {
        GList *line;

        queue->is_urgent = false;
        if (queue->resting.length > 0)
                wake_those_who_rested(queue, now_usec);
        while ((line = g_queue_pop_head_link(&queue->ready))) {
                Share *share = line->data;

                share->is_in_line = false;
                if (share->turns.length == 0) /* who waited has left meanwhile */
                        continue;
                share_refresh(queue, share, now_usec);
                if (share_rests(share)) {
                        share->is_in_line = true;
                        link_append(&queue->resting, &share->line, share);
                        continue;
                }
                take_from(queue, share, now_usec, ret_turn);
                share_line_up(queue, share);
                return true;
        }
        return false;
}

void queue_put_back(Queue *queue, const Turn *turn, const uid_t *account) {
        Waiting *waiting = g_new(Waiting, 1);
        Caller *caller = turn->caller;

        assert(caller->known && !caller->held);
        if (!caller->share)
                caller->share = share_of(queue, caller->uid);
        if (is_idle(caller))
                g_queue_unlink(&queue->idle, &caller->by_age);
        else
                g_queue_unlink(&caller->share->turns, &caller->turn);
        *waiting = (Waiting){ turn->call, turn->size, turn->since_usec };
        g_queue_push_head(&caller->waiting, waiting);
        caller->share->n_waiting++;
        caller->share->bytes_waiting += turn->size;
        caller->held = true;
        caller->wants_account = account != NULL;
        caller->account = account ? *account : 0;
        link_append(&queue->held, &caller->hold, caller);
}

bool queue_is_full_of(const Queue *queue, uid_t account) {
        unsigned n = 0;

        for (const GList *l = queue->held.head; l; l = l->next) {
                const Caller *caller = l->data;

                n += caller->wants_account && caller->account == account;
        }
        return n >= CAP_CALLERS_HELD_OF;
}

void queue_account_known(Queue *queue, uid_t account) {
        for (GList *l = queue->held.head, *next; l; l = next) {
                Caller *caller = l->data;

                next = l->next;
                if (caller->wants_account && caller->account == account) {
                        caller->wants_account = false;
                        let_go(queue, caller);
                }
        }
}

bool queue_is_urgent(const Queue *queue) {
        return queue->is_urgent;
}

bool queue_is_ready(const Queue *queue) {
        return queue->ready.length > 0;
}

uint64_t queue_wake_usec(const Queue *queue) {
        uint64_t first = UINT64_MAX;

        for (const GList *l = queue->resting.head; l; l = l->next) {
                const Share *share = l->data;

                first = MIN(first, MAX(credit_wake_usec(&share->bytes, &rate_of_bytes),
                                                   credit_wake_usec(&share->time, &rate_of_time)));
        }
        return first;
}

/* ---- what was sent ---- */

void queue_charge(Queue *queue, uid_t uid, size_t size, uint64_t now_usec) {
        Share *share = share_of(queue, uid);

        share_refresh(queue, share, now_usec);
        share->sent += size;
        if (queue->with_rate && uid != 0)
                share->bytes.left -= (int64_t) size;
}

void queue_charge_time(Queue *queue, uid_t uid, uint64_t usec, uint64_t now_usec) {
        Share *share = share_of(queue, uid);

        share_refresh(queue, share, now_usec);
        if (queue->with_rate && uid != 0)
                share->time.left -= (int64_t) usec;
}

bool queue_is_over_rate(Queue *queue, uid_t uid, uint64_t now_usec) {
        Share *share = share_of(queue, uid);

        share_refresh(queue, share, now_usec);
        return share_rests(share);
}

static gint compare_sent(gconstpointer a, gconstpointer b) {
        const Share *one = *(const Share *const *) a, *other = *(const Share *const *) b;

        return one->sent < other->sent ? 1 : one->sent > other->sent ? -1 : 0;
}

char *queue_who_was_sent_most(const Queue *queue, unsigned n) {
        GPtrArray *shares = g_ptr_array_new();
        GString *text = g_string_new(NULL);
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, queue->shares);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                g_ptr_array_add(shares, value);
        g_ptr_array_sort(shares, compare_sent);
        for (guint i = 0; i < shares->len && i < n; i++) {
                const Share *share = shares->pdata[i];

                g_string_append_printf(text, "%s%" PRIu32 " (%" PRIu64 " KiB)", i > 0 ? ", " : "",
                                (uint32_t) share->uid, share->sent / 1024);
        }
        g_ptr_array_unref(shares);
        return g_string_free(text, FALSE);
}

/* ---- the beginning and the end ---- */

Queue *queue_new(bool with_rate, GDestroyNotify free_call) {
        Queue *queue = g_new0(Queue, 1);

        assert(free_call);
        queue->with_rate = with_rate;
        queue->free_call = free_call;
        queue->callers = g_hash_table_new(g_str_hash, g_str_equal);
        queue->shares = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        return queue;
}

Queue *queue_free(Queue *queue) {
        GHashTableIter iter;
        void *value;

        if (!queue)
                return NULL;
        g_hash_table_iter_init(&iter, queue->callers);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                caller_free(queue, value);
        g_hash_table_unref(queue->callers);
        g_hash_table_unref(queue->shares);
        g_free(queue);
        return NULL;
}
