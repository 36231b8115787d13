/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the backends of sites are given: the host, and one place where all that they have to say is
 * collected, since a host keeps one sentence for a result and one for each claim. A backend is a pair of
 * functions, X_apply() and X_release(), and keeps what it needs between two calls in a member that is its
 * own.
 */

#include <pomo-plugin.h>
#include <stdint.h>

typedef struct BackendSaid BackendSaid;

typedef struct Backend {
        PomoHost *host;
        const PomoHostCalls *calls;
        BackendSaid *said;
        struct HostsState *hosts;
        struct ChromiumState *chromium;
} Backend;

/* A sentence for people that goes with the result: why it failed, or what it does not cover. */
__attribute__((format(printf, 2, 3))) void backend_say(Backend *backend, const char *format, ...);
/* The same about one claim. */
__attribute__((format(printf, 4, 5))) void backend_say_claim(
                Backend *backend, uint32_t uid, uint64_t id, const char *format, ...);
/* Gives the host what was said since the last call; of each claim and of the result it makes one sentence. */
void backend_hand_over(Backend *backend);
/* Frees what was said; host and states are whoever's they were. */
void backend_clear(Backend *backend);
