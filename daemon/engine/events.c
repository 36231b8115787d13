/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

void ring_add(EventRing *ring, const EngineEvent *event) {
        if (!ring->events)
                ring->events = calloc(CAP_EVENTS, sizeof(EngineEvent));
        if (!ring->events) {
                ring->before_seq = event->seq; /* missed, and said so to who asks */
                return;
        }
        if (ring->n == CAP_EVENTS) {
                ring->before_seq = ring->events[ring->first].seq;
                ring->first = (ring->first + 1) % CAP_EVENTS;
                ring->n--;
        }
        ring->events[(ring->first + ring->n++) % CAP_EVENTS] = *event;
}

/* All up to seq is not known here: it was in another process, or in a store that was replaced. */
void ring_forget(EventRing *ring, uint64_t seq) {
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
