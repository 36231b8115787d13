/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The calls that wait, and whose turn it is. The uids take turns, a call each; so do the connections of a
 * uid, and the calls of a connection keep their order. What one uid can have waiting is bounded, and so is
 * what it is answered: one who is over the rate rests, and its calls wait. It knows no bus: a call is a
 * pointer, and the time is given.
 *
 * A connection is held until its uid is known, or for as long as somebody looks for an account: nothing of it
 * is served, and nobody else waits for it.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/caps.h"

/* Connections with nothing waiting that are remembered, the least recently used of them forgotten first. */
#define QUEUE_CALLERS_KEPT 1024u

typedef struct Queue Queue;

/* What a uid has waiting, and what it was answered. */
typedef struct Share Share;

/* A connection that calls. */
typedef struct Caller {
        const char *name; /* unique on its bus */
        bool known;       /* … whose uid it is */
        uid_t uid;
        /* Kept here for the owner of the queue: */
        bool is_there; /* it was, when its call was put back */
        bool looked;   /* at the account of looked_at, since it came */
        uid_t looked_at;

        /* Private to queue.c: */
        Share *share;
        GQueue waiting;
        bool held;
        bool wants_account; /* held for account; else for its uid */
        uid_t account;
        GList by_age, turn, hold; /* links of the lists that it is in */
} Caller;

/* What is left waiting is given to free_call. Without a rate, nobody ever rests; root never does, whose hosts
 * are told of everybody. */
Queue *queue_new(bool with_rate, GDestroyNotify free_call);
Queue *queue_free(Queue *queue);

/* NULL where the name is not known; valid until the queue is next told of a new one or of one that left. */
Caller *queue_find(Queue *queue, const char *name);
/* One that must not be there yet, held until queue_know(). NULL where as many are held as there can be. */
Caller *queue_add(Queue *queue, const char *name);

/* What became of a call. */
typedef enum QueuePut {
        QUEUE_WAITS,
        QUEUE_FULL,         /* as many wait of this uid as there can be */
        QUEUE_FULL_OF_HELD, /* … of this connection, which is held */
} QueuePut;

/* What would become of one. */
QueuePut queue_look(Queue *queue, Caller *caller);
/* Taken over where it waits; size is in bytes. Times are CLOCK_MONOTONIC, here and below. */
QueuePut queue_put(Queue *queue, Caller *caller, void *call, size_t size, uint64_t now_usec);

/* A held connection is of this uid, which must be the one that is known, if it is. */
void queue_know(Queue *queue, Caller *caller, uid_t uid);
/* It has left: what it has waiting is dropped, and caller is no more. */
void queue_drop(Queue *queue, Caller *caller);

/* A call that is given away. */
typedef struct Turn {
        Caller *caller;
        void *call;
        size_t size;
        uint64_t since_usec, waited_usec;
} Turn;

/* Gives away the call whose turn it is. False where none can be served now. */
bool queue_next(Queue *queue, uint64_t now_usec, Turn *ret_turn);
/* Puts back what queue_next() gave away last, to be given away again once queue_know() has told that the
 * connection is there, or, where account is not NULL, once that is known. */
void queue_put_back(Queue *queue, const Turn *turn, const uid_t *account);
/* Whether as many are held for an account as there can be: they are not to keep others out. */
bool queue_is_full_of(const Queue *queue, uid_t account);
/* Lets go of those who are held for an account. */
void queue_account_known(Queue *queue, uid_t account);
/* Whether, since queue_next(), a call came of a uid that had no turn for a while: it is not to wait until all
 * others have been taken from the socket. */
bool queue_is_urgent(const Queue *queue);
/* Whether queue_next() would give a call away. */
bool queue_is_ready(const Queue *queue);
/* When the first of those who rest may go on; UINT64_MAX: nobody rests. */
uint64_t queue_wake_usec(const Queue *queue);

/* A uid was sent so many bytes. */
void queue_charge(Queue *queue, uid_t uid, size_t size, uint64_t now_usec);
/* A call of a uid held up all others for so long. */
void queue_charge_time(Queue *queue, uid_t uid, uint64_t usec, uint64_t now_usec);
/* Whether a uid was sent more than its rate, so that not even a refusal is for it now. */
bool queue_is_over_rate(Queue *queue, uid_t uid, uint64_t now_usec);

/* Those who were sent most, "1001 (12 MiB), 1000 (3 KiB)": at most n, in a text to be freed. */
char *queue_who_was_sent_most(const Queue *queue, unsigned n);
