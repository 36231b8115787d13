/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which bus, where nobody has said: the session bus while pomod owns its name there, else the system bus.
 * Nothing is started in search of it. In an event loop the session bus is listened to from then on, so that a
 * pomod that comes to it or leaves it is noticed.
 */

#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

/* Begins as {}. */
typedef struct Search {
        sd_bus *session; /* listens; NULL: there is none, or it was handed out */
        sd_bus_slot *owner_match;
        bool answered, owned; /* whether the bus has said so, and whether pomod is there */
        /* Set by whoever has a loop, before search_open(): */
        sd_event *event;                 /* borrowed; NULL: one look and no more */
        void (*changed)(void *userdata); /* from the loop, when `owned` has changed */
        void *userdata;
} Search;

/* Opens the bus that it is now, for the caller. Asks the session bus for a second at most; one that cannot be
 * asked has no pomod. */
int search_open(Search *search, sd_bus **ret_bus);
void search_done(Search *search);
