/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Why nobody answers on the system bus: what systemd says of pomod.service, and what a person can type. */

#include <stdint.h>
#include <systemd/sd-bus.h>
#include <time.h>

/* As properties of the unit; each empty or 0 where systemd did not say. */
typedef struct ServiceState {
        char load_state[32];      /* "loaded", "not-found", "masked", … */
        char active_state[32];    /* "inactive", "failed", "activating", … */
        char sub_state[32];       /* "dead", "auto-restart", … */
        char unit_file_state[32]; /* "enabled", "disabled", "masked-runtime", … */
        uint64_t changed_usec;    /* realtime, when it became what it is */
        uint64_t ended_usec;      /* realtime, when it was last running; 0 never */
} ServiceState;

/* One call, which starts nobody and waits a few seconds at most. A negative errno where there is no systemd
 * to ask. */
int service_ask(sd_bus *bus, ServiceState *ret_state);
/* A sentence without a stop at its end, which the caller frees. now: for times of another day. */
char *service_explain(const ServiceState *state, time_t now);
