/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/replay.h"

#include <assert.h>
#include <glib.h>

#include "common/caps.h"

static EngineEvent *at(const Replay *replay, unsigned i) {
        return &replay->events[(replay->first + i) % CAP_EVENTS];
}

/* The texts of a happening are somebody else's; those of an event which is kept are its own. */
static void forget_texts(EngineEvent *event) {
        Happening *happening = &event->happening;

        g_free((char *) happening->note);
        g_free((char *) happening->subject);
        g_free((char *) happening->message);
        happening->note = happening->subject = happening->message = NULL;
}

void replay_done(Replay *replay) {
        replay_forget(replay, 0);
        g_free(replay->events);
        replay->events = NULL;
}

void replay_add(Replay *replay, const EngineEvent *event) {
        EngineEvent *slot;

        assert(event->seq > replay->before_seq);
        assert(replay->n == 0 || event->seq > at(replay, replay->n - 1)->seq);
        if (!replay->events)
                replay->events = g_new0(EngineEvent, CAP_EVENTS);
        if (replay->n == CAP_EVENTS) {
                forget_texts(at(replay, 0));
                replay->before_seq = at(replay, 0)->seq;
                replay->first = (replay->first + 1) % CAP_EVENTS;
                replay->n--;
        }
        slot = at(replay, replay->n++);
        *slot = *event;
        slot->happening.note = g_strdup(event->happening.note);
        slot->happening.subject = g_strdup(event->happening.subject);
        slot->happening.message = g_strdup(event->happening.message);
}

void replay_forget(Replay *replay, uint64_t seq) {
        for (unsigned i = 0; i < replay->n; i++)
                forget_texts(at(replay, i));
        replay->first = replay->n = 0;
        replay->before_seq = seq;
}

bool replay_each(const Replay *replay, uint64_t since, ReplayFunc func, void *userdata) {
        for (unsigned i = 0; i < replay->n; i++)
                if (at(replay, i)->seq > since)
                        func(at(replay, i), userdata);
        return since >= replay->before_seq;
}
