/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The newest events of a user, for those who missed some. It knows no user and no store: what is told is put
 * in, with its number, and what is too old falls out.
 */

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/machine.h"

typedef struct EngineEvent {
        uint64_t seq;
        Happening happening;
} EngineEvent;

/* All zero: empty. */
typedef struct Replay {
        EngineEvent *events; /* CAP_EVENTS of them, made with the first; their texts are owned */
        unsigned first, n;
        uint64_t before_seq; /* events up to this one are not known */
} Replay;

void replay_done(Replay *replay);

/* A copy of an event, whose number is above all that are in. */
void replay_add(Replay *replay, const EngineEvent *event);

/* All up to seq is not known here: it was in another process, or in a store that was replaced. */
void replay_forget(Replay *replay, uint64_t seq);

/* Events after since, oldest first. False where it no longer reaches back so far. */
typedef void (*ReplayFunc)(const EngineEvent *event, void *userdata);
bool replay_each(const Replay *replay, uint64_t since, ReplayFunc func, void *userdata);
