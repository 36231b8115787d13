/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <string.h>

/* The note of a happening is the request's; that of an event which is kept is its own. */
static void forget_note(EngineEvent *event) {
        free((char *) event->happening.note);
        event->happening.note = NULL;
}

void ring_add(EventRing *ring, const EngineEvent *event) {
        EngineEvent *slot;

        if (!ring->events)
                ring->events = calloc(CAP_EVENTS, sizeof(EngineEvent));
        if (!ring->events) {
                ring->before_seq = event->seq; /* missed, and said so to who asks */
                return;
        }
        if (ring->n == CAP_EVENTS) {
                forget_note(&ring->events[ring->first]);
                ring->before_seq = ring->events[ring->first].seq;
                ring->first = (ring->first + 1) % CAP_EVENTS;
                ring->n--;
        }
        slot = &ring->events[(ring->first + ring->n++) % CAP_EVENTS];
        *slot = *event;
        if (event->happening.note)
                slot->happening.note = strdup(event->happening.note);
}

/* All up to seq is not known here: it was in another process, or in a store that was replaced. */
void ring_forget(EventRing *ring, uint64_t seq) {
        for (unsigned i = 0; i < ring->n; i++)
                forget_note(&ring->events[(ring->first + i) % CAP_EVENTS]);
        ring->first = ring->n = 0;
        ring->before_seq = seq;
}

int engine_each_event(Engine *engine, uid_t uid, uint64_t since,
                void (*func)(const EngineEvent *event, void *userdata), void *userdata, bool *ret_complete,
                Refusal *ret_refusal) {
        const EventRing *ring;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        ring = &user->ring;
        for (unsigned i = 0; i < ring->n; i++) {
                const EngineEvent *event = &ring->events[(ring->first + i) % CAP_EVENTS];

                if (event->seq > since)
                        func(event, userdata);
        }
        /* A number from the future is of another store: who holds it knows nothing of this one. */
        *ret_complete = since >= ring->before_seq && since <= user->seq;
        return 0;
}
