/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the host does for a plugin: the PomoHostCalls over an sd-event loop. It knows neither pomod nor what
 * holds: what goes beyond this process is handed to hooks. Each call is refused from any thread but the
 * host's, and each function of the plugin that the loop calls is guarded as the plugin's own are.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "plugins/api/pomo-plugin.h"
#include "plugins/host/guard.h"
#include "plugins/host/state.h"

typedef struct Calls Calls;

/* The answer to act(): 0 or a negative errno, with pomod's sentence, which may be NULL. */
typedef void (*CallsActed)(int result, const char *sentence, void *userdata);

/* Each may be NULL: nothing is done then, act() is -EPERM. */
typedef struct CallsHooks {
        void (*done)(void *userdata, uint64_t generation, int result);
        void (*look_again)(void *userdata);
        /* Nothing of words is kept. The answer comes from the loop, unless the slot is given up before. */
        int (*act)(void *userdata, const char *const *words, uint64_t interval, CallsActed acted, void *data,
                        sd_bus_slot **ret_slot);
} CallsHooks;

typedef struct CallsConfig {
        sd_event *event;
        Guard *guard;
        State *state;    /* NULL: save() and drop() are -EPERM, load() -ENOENT */
        bool event_loop; /* the plugin may have the loop */
        bool session;    /* children get the whole environment */
        CallsHooks hooks;
        void *userdata;
} CallsConfig;

/* What is in the config must last as long. Ends the program where memory runs out. */
Calls *calls_new(const CallsConfig *config);
/* Forgets all; process groups of run() are ended, which takes a second at most. NULL is fine; returns NULL.
 */
Calls *calls_unref(Calls *calls);

PomoHost *calls_host(Calls *calls);
const PomoHostCalls *calls_table(void);

/* After close(): every watch, and what was explained. */
void calls_forget_all(Calls *calls);

/* ---- what the plugin explained ---- */

typedef struct CallsClaim {
        uint32_t uid;
        uint64_t id;
        char *sentence;
} CallsClaim;

/* NULL: nothing was explained. Valid until the next call of the plugin's. */
const char *calls_sentence(const Calls *calls);
/* Those about one claim each; n in ret_n. */
const CallsClaim *calls_claims(const Calls *calls, size_t *ret_n);
/* Before the next open(), apply() or release(). */
void calls_explain_anew(Calls *calls);
