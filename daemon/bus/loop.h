/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * How the connection is driven by the event loop, in the place of sd_bus_attach_event(): many messages are
 * taken from the socket in one go, then one call is served, and then everybody else in the loop has a turn.
 * It notices that the bus takes nothing any more.
 */

#include "daemon/bus/internal.h"

typedef struct BusLoop BusLoop;

typedef enum BusLoss {
        BUS_BROKEN, /* the connection does not work */
        BUS_DEAF,   /* the bus takes nothing: for BUS_DEAF_USEC it has not read to the end */
} BusLoss;

#define BUS_DEAF_USEC (2ULL * 1000000)

/* Drives bus->bus. lost is called at most once; the BusLoop may not be freed within it. */
int bus_loop_new(Bus *bus, void (*lost)(Bus *bus, BusLoss loss), BusLoop **ret_loop);
BusLoop *bus_loop_free(BusLoop *loop);
/* Calls may be served that could not be before: accounts are known, say. */
void bus_loop_wake(BusLoop *loop);
