/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Where the engine's time comes from: the kernel's clocks, or a test's. */

#include <stdint.h>

#include "daemon/core/now.h"

typedef struct Clocks Clocks;

/* Time passed, a deadline came, the computer woke up or somebody set the clock: a hint to look, never a fact.
 */
typedef void (*ClocksWake)(void *userdata);

typedef struct ClocksVtable {
        int (*now)(Clocks *clocks, Now *ret_now);
        /* Wake at this moment of CLOCK_BOOTTIME, exactly; UINT64_MAX disarms. One timer: the last call
         * counts. */
        int (*arm)(Clocks *clocks, uint64_t boot_usec);
        void (*set_wake)(Clocks *clocks, ClocksWake wake, void *userdata);
        Clocks *(*free)(Clocks *clocks); /* NULL is fine; returns NULL */
} ClocksVtable;

struct Clocks {
        const ClocksVtable *vtable;
};

typedef struct sd_event sd_event;

/* The kernel's: an exact timer, and a cancel-on-set timerfd for steps and resumes. Boot ids from sd_id128. */
int clocks_system_new(sd_event *event, Clocks **ret_clocks);
