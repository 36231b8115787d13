/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Who is told of a user's changes. A bus shows broadcasts to everybody, so nothing of a user is ever
 * broadcast: PropertiesChanged and Event go to each subscribed connection alone, until it leaves.
 */

#include "daemon/bus/internal.h"
#include "daemon/bus/wants.h"
#include "daemon/core/refusal.h"
#include "daemon/engine/engine.h"

/* Of one bus: uid → those who watch that user. */
GHashTable *subscribers_new(void);
/* Nobody is told any more, and the engine knows it. */
void subscribers_end(Bus *bus);

/* The sender of a message is told of the user's changes that it wants from now on; the second time changes
 * what it wants. The answer is the user's seq. */
int subscribers_add(Bus *bus, sd_bus_message *message, User *user, const Wants *wants, uint64_t *ret_seq,
                Refusal *ret_refusal);
/* No more; it is no mistake not to have been subscribed. */
void subscribers_remove(Bus *bus, sd_bus_message *message, uid_t uid);
/* A connection that does not read is told nothing more, of any user, and this as the last. */
void subscribers_expel(Bus *bus, const char *name);

/* What the engine's listener was told. */
void subscribers_announce(
                Bus *bus, User *user, unsigned changed, const EngineEvent *events, unsigned n_events);
/* The uid is another account's: nobody is told of its changes any more. */
void subscribers_let_out(Bus *bus, uid_t uid);
