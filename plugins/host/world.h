/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The plugin at work: open(), apply() and release() in their order, what has not ended yet, and trying again.
 * The state folder is written before the world is changed, and what is over is forgotten after. Whether it is
 * time to do anything is the caller's to know, and what becomes of it is told to him.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"
#include "plugins/host/calls.h"
#include "plugins/host/guard.h"
#include "plugins/host/held.h"
#include "plugins/host/state.h"
#include "plugins/host/values.h"

typedef struct World World;

typedef enum WorldOutcome { /* words of Report */
        WORLD_UNTRIED,      /* nothing was applied yet */
        WORLD_IDLE,
        WORLD_ENGAGED,
        WORLD_FAILED,
} WorldOutcome;

typedef struct WorldConfig {
        sd_event *event;
        Guard *guard;
        const Plugin *plugin;
        State *state;
        Held *held; /* changed here alone by what was applied */
        bool session;
        /* Something came to an end, well or not: world_outcome() and the like say what. */
        void (*finished)(void *userdata);
        /* There is something to do: world_do(), when it is time. */
        void (*wanted)(void *userdata);
        /* open() succeeded. */
        void (*opened)(void *userdata);
        int (*act)(void *userdata, const char *const *words, uint64_t interval, CallsActed acted, void *data,
                        sd_bus_slot **ret_slot);
        void *userdata;
} WorldConfig;

/* What is in the config must last as long. 0 or a negative errno. */
int world_new(const WorldConfig *config, World **ret_world);
/* close(), and nothing is lifted by it. NULL is fine; returns NULL. */
World *world_unref(World *world);
DEFINE_CLEANUP(World *, world_unref);

/* What is held is not what the state folder says any more. */
void world_changed(World *world);
/* The plugin is to be asked even where nothing changed. reason: as of PomoReason. */
void world_again(World *world, uint32_t reason);
/* Standing settings of a system plugin, which must last until others are set; a session's are held. */
void world_set_standing(World *world, const Values *standing);

/* Does what there is to do, at once; alone: pomod does not answer. Nothing happens while something has not
 * ended yet, or was tried too short a while ago; wanted() is called when it may be done. */
void world_do(World *world, bool alone);
/* The process ends: a last apply() where a claim ended. */
void world_stop(World *world, bool alone);

/* An event for the plugin, where it is open. */
void world_event(World *world, const PomoEvent *event);

WorldOutcome world_outcome(const World *world);
/* What goes with it, which the caller frees; NULL: nothing. */
char *world_sentence(const World *world);
/* Claims of which something is to be said, as explain_claim(); the array is the caller's, its texts are not
 * and last until the next call. */
CallsClaim *world_claims(const World *world, size_t *ret_n);
