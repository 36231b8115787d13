/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Whether those who are sent signals read them. What a connection does not read, the bus keeps and counts
 * against pomod, and of a full account nobody is told anything. A connection that was sent
 * CAP_UNREAD_BYTES since it last answered is asked by org.freedesktop.DBus.Peer.Ping; any answer will do. It
 * is deaf when none comes in time, or when much more was sent meanwhile.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"

/* This connection is deaf: it is to be unsubscribed, with a last signal. From the loop. */
typedef void (*ListenerDeaf)(Bus *bus, const char *name);

/* Of a bus that has its names. within_usec: the time to answer in. NULL where there can be no timer. */
Listeners *listeners_new(Bus *bus, uint64_t within_usec, ListenerDeaf deaf);
/* Before its names and its bus; NULL is fine; returns NULL. */
Listeners *listeners_free(Listeners *listeners);

/* A connection of that uid subscribes, and is known from now on, for as long as it is on the bus. 0,
 * REFUSAL_LIMITS_EXCEEDED where it is deaf, which it is no longer once it answers; else a negative errno. */
int listeners_add(Listeners *listeners, const char *name, uid_t uid, Refusal *ret_refusal);

/* Those of a uid that are deaf and still on the bus, which keeps what they did not read. */
unsigned listeners_count_deaf(const Listeners *listeners, uid_t uid);

/* Sends a signal of so many bytes, whose destination is known. */
int listeners_send(Listeners *listeners, sd_bus_message *signal, size_t bytes);

/* Why a connection was unsubscribed, for its last signal: a sentence. */
const char *listeners_sentence(void);
