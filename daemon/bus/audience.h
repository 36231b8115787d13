/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Those who watch one user, and what they were last told: the properties that changed, then each event.
 * Beyond CHANGES_PER_SEC, changes wait for 50 ms at most and are told as one: the properties once, with what
 * they are by then, and of the events the last. A bell is told at once, after what waits.
 */

#include "daemon/bus/internal.h"
#include "daemon/bus/names.h"
#include "daemon/engine/engine.h"

typedef struct Audience Audience;

/* Nobody is in it any more. From the loop; it may free the audience. */
typedef void (*AudienceEmpty)(Audience *audience);

/* What the properties are now is known to all who come. */
Audience *audience_new(Bus *bus, User *user, AudienceEmpty empty);
Audience *audience_free(Audience *audience); /* NULL is fine; returns NULL */

Bus *audience_bus(const Audience *audience);
uid_t audience_uid(const Audience *audience);
NameSet *audience_members(Audience *audience);

/* What the engine's listener was told. */
void audience_tell(Audience *audience, User *user, unsigned changed, const EngineEvent *events,
                unsigned n_events);
/* A connection is no longer told, as its last signal says. It may still be in the set. */
void audience_tell_end(Audience *audience, const char *name, const char *sentence);
