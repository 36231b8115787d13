/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What root's settings were when a claim with a lock engaged. A change of sites.conf that would open what it
 * blocks waits for its end: an edit of a file is no way around a lock.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/cleanup.h"
#include "plugins/sites/backend.h"
#include "plugins/sites/names.h"

typedef struct Pins Pins;

typedef struct Pin {
        uint32_t uid;
        uint64_t id;
        bool hosts, chromium;
        Names *never;  /* root's */
        char **names;  /* the same; NULL at the end */
        bool in_force; /* while claims are gone through */
} Pin;

/* Those that are saved. */
Pins *pins_load(const Backend *backend);
Pins *pins_free(Pins *pins); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Pins *, pins_free);

/* Claims that are new get one, those that are over lose theirs, and both are saved. 0, or a negative errno:
 * they hold until the process ends. */
int pins_update(Pins *pins, const Backend *backend, const PomoDesired *desired);

/* Forgets what is saved. */
void pins_drop(const Backend *backend);

/* NULL: it has none, as it has no lock. */
const Pin *pins_of(const Pins *pins, uint32_t uid, uint64_t id);
/* Of all that there are, one that a backend was on for; NULL: none was. */
const Pin *pins_with_hosts(const Pins *pins);
const Pin *pins_with_chromium(const Pins *pins);
