/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of bus.h share among themselves. Nobody else includes it. */

#include "clients/lib/client.h"
#include "common/duration.h"
#include "plugins/host/bus.h"

#define BUS_RETRY_MIN_USEC USEC_PER_SEC
#define BUS_RETRY_MAX_USEC (60 * USEC_PER_SEC)
#define BUS_ANSWER_USEC    (10 * USEC_PER_SEC) /* without an answer there is none */

typedef struct Fetch Fetch;

struct Bus {
        BusConfig config;
        const char *version;
        bool events;        /* are wanted */
        uint64_t event_seq; /* of the last one, or of what was read; 0: none yet */
        Client *client;     /* the connection, which nothing else uses */
        sd_event_source *first, *retry;
        uint64_t retry_usec;
        sd_bus_slot *owner_match, *disconnect_match, *signal_filter;
        sd_bus_slot *owner_call, *subscribe_call, *register_call, *desired_call, *timer_call, *report_call,
                        *released_call;
        uint64_t report_generation; /* the last report, to be said again without its claims */
        const char *report_state;
        char *report_message;
        bool report_has_claims;
        void (*released_done)(void *userdata);
        Fetch *fetch;      /* an answer that waits for its lists; NULL: none */
        char *owner;       /* the unique name of pomod; NULL: it is away */
        char *answered_by; /* … of the one that answered last */
        char *store;       /* of that pomod, as it says; NULL: not yet */
        bool answered;     /* since the name has that owner */
        bool asked_again;  /* while the answer is under way */
};

/* ---- bus-call.c ---- */

/* A match rule is no proof: anybody may send a signal to a unique name, or an answer. */
bool bus_is_from_owner(const Bus *bus, sd_bus_message *message);

/* A call of pomod's object, or of the user's, which starts nobody. -ENOTCONN: pomod is away. */
int bus_call_new(
                Bus *bus, bool manager, const char *interface, const char *member, sd_bus_message **ret_call);
/* One that a host makes: of pomod's object for the system, else of the user's. */
int bus_host_call_new(Bus *bus, const char *member, sd_bus_message **ret_call);

/* ---- bus-ask.c ---- */

/* Subscribes, registers and asks. */
void bus_begin(Bus *bus);
/* Forgets what was asked. */
void bus_drop_calls(Bus *bus);
/* What pomod answered, or the bus in its place, is no answer: it is asked again later. reply may be NULL. */
void bus_failed(Bus *bus, sd_bus_message *reply, int r);
/* Tells the handler that there is no answer, and why. */
void bus_silent(Bus *bus, const char *why);
void bus_retry_off(Bus *bus);
