/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Whether those who are sent signals read them. What a connection does not read, the bus keeps and counts
 * against pomod, and of a full account nobody is told anything. A connection that was sent
 * CAP_UNREAD_BYTES since it last answered is asked by org.freedesktop.DBus.Peer.Ping; any answer will do. It
 * is deaf when none comes in time, or when much more was sent meanwhile.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "daemon/bus/internal.h"
#include "daemon/bus/names.h"
#include "daemon/core/refusal.h"

/* This connection is deaf: it is to be unsubscribed, with a last signal. From the loop. */
typedef void (*ListenerDeaf)(const char *name, void *userdata);

/* within_usec: the time to answer in. */
Listeners *listeners_new(sd_bus *bus, sd_event *event, Names *names, uint64_t within_usec, ListenerDeaf deaf,
                void *userdata);
/* Before its names and its bus; NULL is fine; returns NULL. */
Listeners *listeners_free(Listeners *listeners);

/* Whether a connection may subscribe: 0, or REFUSAL_LIMITS_EXCEEDED where it is deaf. It is not any more once
 * it answers. */
int listeners_check(Listeners *listeners, const char *name, Refusal *ret_refusal);

/* Sends a signal of so many bytes, whose destination that connection is. uid: whose share of questions it
 * takes. */
int listeners_send(Listeners *listeners, sd_bus_message *signal, uid_t uid, size_t bytes);

/* Why a connection was unsubscribed, for its last signal: a sentence. */
const char *listeners_sentence(void);
