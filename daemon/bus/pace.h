/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * How fast changes of one kind are told: CHANGES_PER_SEC a second, as many at once as those of a second.
 * Times are those of CLOCK_MONOTONIC.
 */

#include <stdint.h>

#include "common/caps.h"
#include "common/duration.h"

#define PACE_STEP_USEC (USEC_PER_SEC / CHANGES_PER_SEC) /* the longest wait */

/* Zero-initialised: nothing was told yet. */
typedef struct Pace {
        uint64_t told_until_usec; /* as if what was told had taken a step each */
} Pace;

/* How long the next change has to wait; 0: it may be told. */
static inline uint64_t pace_wait(const Pace *pace, uint64_t now_usec) {
        const uint64_t ahead_usec = USEC_PER_SEC - PACE_STEP_USEC;

        return pace->told_until_usec > now_usec + ahead_usec ? pace->told_until_usec - now_usec - ahead_usec
                                                             : 0;
}

static inline void pace_take(Pace *pace, uint64_t now_usec) {
        if (pace->told_until_usec < now_usec)
                pace->told_until_usec = now_usec;
        pace->told_until_usec += PACE_STEP_USEC;
}
