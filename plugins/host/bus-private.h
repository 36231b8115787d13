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

struct Bus {
        BusConfig config;
        const char *version;
        Client *client; /* the connection, which nothing else uses */
        sd_event_source *first, *retry;
        uint64_t retry_usec;
        sd_bus_slot *owner_match, *disconnect_match, *signal_filter;
        sd_bus_slot *owner_call, *subscribe_call, *register_call, *desired_call, *timer_call, *report_call,
                        *released_call;
        char *owner;       /* the unique name of pomod; NULL: it is away */
        char *answered_by; /* … of the one that answered last */
        bool answered;     /* since the name has that owner */
        bool asked_again;  /* while the answer is under way */
};

/* A call of pomod's object, or of the user's, which starts nobody. -ENOTCONN: pomod is away. */
int bus_call_new(
                Bus *bus, bool manager, const char *interface, const char *member, sd_bus_message **ret_call);
