/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * How often a plugin saw its work undone. Ten times a minute it is done again at once; beyond that something
 * fights with the plugin, and it is done once a minute, until a minute had no more than ten.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"

typedef struct Looks Looks;

typedef struct LooksConfig {
        sd_event *event;
        /* The plugin is to be asked: from looks_add(), or from the loop. */
        void (*due)(void *userdata);
        /* From now on it is asked once a minute: looks_are_fought() is true. */
        void (*fought)(void *userdata);
        void *userdata;
} LooksConfig;

/* What is in the config must last as long. 0 or a negative errno. */
int looks_new(const LooksConfig *config, Looks **ret_looks);
Looks *looks_unref(Looks *looks); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Looks *, looks_unref);

/* The plugin saw its work undone: look_again(). now_usec is on BOOTTIME, here and below. */
void looks_add(Looks *looks, uint64_t now_usec);

/* Something undoes the plugin's work, this minute or the one before. */
bool looks_are_fought(const Looks *looks, uint64_t now_usec);
