/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The one virtual clock of all tests: what the three clocks of a computer say after time passed, awake or
 * asleep, after somebody set the clock, and after another boot. Who looks at it, and when, is its user's to
 * say.
 */

#include <glib.h>

#include "common/duration.h"
#include "daemon/core/now.h"

#define SEC(n)  ((uint64_t) (n) *USEC_PER_SEC)
#define MIN_(n) ((uint64_t) (n) *USEC_PER_MIN)
#define HOUR(n) ((uint64_t) (n) *USEC_PER_HOUR)

/* Awake. */
static inline void virtual_clock_advance(Now *now, uint64_t usec) {
        now->boot_usec += usec;
        now->mono_usec += usec;
        now->real_usec += usec;
}

static inline void virtual_clock_sleep(Now *now, uint64_t usec) {
        now->boot_usec += usec;
        now->real_usec += usec;
}

static inline void virtual_clock_step(Now *now, int64_t usec) {
        now->real_usec += (uint64_t) usec;
}

/* Goes on to the next deadline where that comes until end, and says so; else to the end. One that is past is
 * seen at once. */
static inline bool virtual_clock_reach(Now *now, uint64_t next_boot_usec, uint64_t end_boot_usec) {
        const uint64_t until = MIN(next_boot_usec, end_boot_usec);

        if (until > now->boot_usec)
                virtual_clock_advance(now, until - now->boot_usec);
        return next_boot_usec <= end_boot_usec;
}

/* Off for so long, then up for so long; the id is of another boot. Nobody vouches for the clock. */
static inline void virtual_clock_boot(Now *now, uint64_t off_usec, uint64_t up_usec) {
        char *last = &now->boot_id[sizeof(now->boot_id) - 2];

        now->real_usec += off_usec;
        now->boot_usec = now->mono_usec = up_usec;
        now->synchronised = false;
        /* As a number in hex, which no test needs to run over. */
        while (*last == 'f')
                *last-- = '0';
        *last = *last == '9' ? 'a' : (char) (*last + 1);
}
