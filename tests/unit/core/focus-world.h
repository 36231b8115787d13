/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Claims with clocks that only a test moves, a schedule in UTC, and a record of all that ever engaged. */

#include <glib.h>

#include "daemon/core/focus.h"
#include "tests/clock/virtual-clock.h"
#include "tests/unit/check.h"

#define WORLD_REAL_USEC 1782892800000000ULL /* 2026-07-01T08:00:00Z, a Wednesday */

typedef struct FocusWorld {
        Now now;
        bool latched; /* the clock was synchronised in this boot */
        GTimeZone *zone;
        RuleSet rules;
        GArray *lists; /* of NameList; the test's, NULL: none */
        Calendar *calendar;
        Schedule schedule;
        Running running;
        bool was_break;
        const char *start_profile;
        GArray *claims;   /* in force */
        GArray *record;   /* of Claim: all, as they were last stored; by id from 1 */
        unsigned desires; /* how often what should hold became another thing */
        Refusal refusal;
} FocusWorld;

/* A computer that has been up for an hour, whose clock is right and known to be. */
FocusWorld *focus_world_new(const char *rules);
void focus_world_free(FocusWorld *world);
void focus_world_set_rules(FocusWorld *world, const char *rules);
FocusEnv focus_world_env(FocusWorld *world);
void focus_world_take(FocusWorld *world, FocusChange *change);

void focus_world_settle(FocusWorld *world);
/* Awake, with every moment that was asked for seen in time. */
void focus_world_wait(FocusWorld *world, uint64_t usec);
/* The clocks go on, and nobody looks before the end. */
void focus_world_sleep(FocusWorld *world, uint64_t usec);
void focus_world_step(FocusWorld *world, int64_t usec);
/* A time service sets the clock, and says so. */
void focus_world_synchronise(FocusWorld *world, int64_t usec);
/* Off for so long; the clock is wrong by so much when it is on again, and nobody vouches for it. */
void focus_world_reboot(FocusWorld *world, uint64_t off_usec, int64_t wrong_by_usec);

int focus_world_engage(FocusWorld *world, const char *profile, uint64_t length_usec, LockKind lock,
                uint64_t delay_usec);
int focus_world_release(FocusWorld *world, int64_t id, const char *reason, bool admin);

/* In force by any clock, from the first; NULL past the last. */
const Claim *focus_world_claim(const FocusWorld *world, unsigned n);
const Claim *focus_world_record(const FocusWorld *world, int64_t id);
uint64_t focus_world_left(const FocusWorld *world); /* of the first in force; 0 none */
