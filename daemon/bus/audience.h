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
#include "daemon/bus/wants.h"
#include "daemon/engine/engine.h"

typedef struct Audience Audience;

/* Nobody is in it any more. From the loop; it may free the audience. */
typedef void (*AudienceEmpty)(Audience *audience);

/* What the properties are now is known to all who come. */
Audience *audience_new(Bus *bus, User *user, AudienceEmpty empty);
Audience *audience_free(Audience *audience); /* NULL is fine; returns NULL */

Bus *audience_bus(const Audience *audience);
uid_t audience_uid(const Audience *audience);
const NameSet *audience_members(const Audience *audience);
/* A connection is told of what it wants from now on; what it wanted before is forgotten. user: whom it is
 * about, as the user is now. 0 or a negative errno. */
int audience_add(Audience *audience, User *user, const char *name, const Wants *wants);
bool audience_remove(Audience *audience, const char *name); /* whether it was there */

/* What the engine's listener was told. */
void audience_tell(Audience *audience, User *user, unsigned changed, const EngineEvent *events,
                unsigned n_events);
/* A connection is no longer told, as its last signal says. It may still be in the set. */
void audience_tell_end(Audience *audience, const char *name, const char *sentence);
