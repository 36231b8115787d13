/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A world for a machine: clocks that only a test moves, and a log that takes the rows of every change as a
 * store would. Whatever a test is about, the world holds each change against what must always be true of a
 * log.
 */

#include <glib.h>

#include "common/cleanup.h"
#include "daemon/core/machine.h"
#include "tests/clock/virtual-clock.h"
#include "tests/unit/check.h"

typedef struct WorldRecord {
        int64_t id;
        IntervalKind kind;
        IntervalOutcome outcome;
        char reason[64];
        uint64_t started_real_usec, length_usec, planned_usec, paused_usec;
        int32_t offset_sec;
        unsigned interruptions, absences;
        uint64_t last_offset_usec; /* of what was noted within it */
        bool pause_open;
        uint32_t epoch;
        int64_t task;
} WorldRecord;

typedef struct World {
        Machine machine;
        Settings settings;
        GTimeZone *zone;
        Now now;
        IntervalKind mode;
        bool off_hours, settling, watched;
        GArray *log;        /* WorldRecord, by id */
        GArray *happenings; /* Happening */
        Refusal refusal;    /* of the last request */
        EventType did;
} World;

/* A computer that has been on for an hour, at 2026-07-01 10:00 UTC, in UTC. */
World *world_new(void);
void world_free(World *world);
DEFINE_CLEANUP(World *, world_free);

MachineEnv world_env(const World *world);

/* Lets the machine see what time did, until there is nothing more to see. */
void world_settle(World *world);
/* Settles, then asks for something. What machine_dispatch() returned. */
int world_do(World *world, Event event);

/* Time passes: awake, with every deadline on the way seen in time. */
void world_advance(World *world, uint64_t usec);
/* The computer sleeps; it is looked at on waking. */
void world_sleep(World *world, uint64_t usec);
/* Somebody sets the clock; it is looked at at once. */
void world_step(World *world, int64_t usec);
/* Off for so long, then another boot, and the daemon looks for the first time. */
void world_reboot(World *world, uint64_t off_usec);
/* The daemon is not there for so long, in the same boot. */
void world_restart(World *world, uint64_t down_usec);

/* From the newest record: 0, -1, -2. */
const WorldRecord *world_record(const World *world, int from_newest);
const Happening *world_happening(const World *world, int from_newest);
TimerView world_view(const World *world);

/* No two records of one epoch overlap, each ended once, what was worked is within its length. */
void world_check_log(const World *world);

static inline int world_start(World *world, IntervalKind kind) {
        return world_do(world, (Event){ .type = EVENT_START, .kind = kind });
}

#define CHECK_RECORD(line, record, a_kind, an_outcome, length)                                         \
        do {                                                                                           \
                const WorldRecord *check_record = (record);                                            \
                check_str_at(line, "kind", interval_kind_to_string(check_record->kind),                \
                                interval_kind_to_string(a_kind));                                      \
                check_str_at(line, "outcome", interval_outcome_to_string(check_record->outcome),       \
                                interval_outcome_to_string(an_outcome));                               \
                check_int_at(line, "length", (int64_t) check_record->length_usec, (int64_t) (length)); \
        } while (0)

#define CHECK_STATE(line, world, a_kind)                                                    \
        check_str_at(line, "state", interval_kind_to_string((world)->machine.running.kind), \
                        interval_kind_to_string(a_kind))
