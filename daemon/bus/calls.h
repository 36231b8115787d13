/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Calls between the socket and their handlers: each is taken from the socket at once and waits in the queue
 * (queue.h) for its turn. Whose a connection is, the bus is asked once, without waiting for the answer, and
 * only the calls of that connection wait for it. One that has left by then is not served.
 */

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"

Calls *calls_new(Bus *bus);
Calls *calls_free(Calls *calls);

/* A call from the filter: true where it is the one that is being served, and sd-bus is to go on with it, with
 * bus->caller. Else it waits, or was refused. */
bool calls_pass(Calls *calls, sd_bus_message *message);

/*
 * Serves the one whose turn it is. Returns whether there was one; a negative errno where the connection does
 * not work any more. Not from within a handler of the bus.
 */
int calls_serve(Calls *calls);
/* Whether one came that is to be served before more are taken. */
bool calls_are_urgent(const Calls *calls);
/* Whether calls_serve() would find one. */
bool calls_are_waiting(const Calls *calls);
/* When it will, where it does not now; CLOCK_MONOTONIC, UINT64_MAX: never by itself. */
uint64_t calls_wake_usec(const Calls *calls);

/* What is being served may write, and so take no longer than a slice of everybody's time. */
void calls_note_write(Calls *calls);

/*
 * Whether the account of a uid, which the call that is being served is about, is known. Where it is not, it
 * is being found out, and the call will be served anew: method_wait() ends it without an answer.
 */
bool calls_know_account(Calls *calls, uid_t uid);
void calls_account_known(Calls *calls, uid_t uid);

/* A uid was sent so many bytes more than it was charged for already. */
void calls_charge(Calls *calls, uid_t uid, size_t size);
/* Those who were sent most, in words; to be freed. */
char *calls_who_was_sent_most(const Calls *calls);
