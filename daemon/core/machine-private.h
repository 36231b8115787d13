/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of the machine share: sums over the running interval, and the steps a change is made of. */

#include "daemon/core/machine.h"

/* Clocks are read one after the other: differences below this are no sleep and no step. */
#define CLOCK_TOLERANCE_USEC (10ULL * 1000)
/* A deadline judged so late was not seen by anybody: what follows it is settled, not lived. */
#define LATE_USEC (60ULL * 1000000)

static inline bool machine_running(const Machine *m) {
        return m->running.kind != INTERVAL_NONE;
}

static inline bool running_paused(const Running *r) {
        return r->paused_since_boot_usec != 0;
}

static inline uint64_t usec_sub(uint64_t a, uint64_t b) {
        return a > b ? a - b : 0;
}

/* On BOOTTIME; MACHINE_NEVER for freeform and while paused. */
uint64_t running_deadline(const Running *r);
/* What a bare start begins. */
IntervalKind machine_next_kind(const Machine *m, IntervalKind mode);
/* When the cycle restarts if no pomodoro runs; MACHINE_NEVER where there is nothing to restart. */
uint64_t machine_cycle_end(const Machine *m, const Now *now);

/* ---- building a change: all work on change->machine ---- */

void change_init(Change *change, const Machine *m, const Now *now, EventType type);
Row *change_row(Change *change, RowType type);
Happening *change_happening(Change *change, HappeningType type, uint64_t at_real_usec);

/* Notes the values of the running interval. */
void change_update(Change *change);

/*
 * Ends the running interval at a moment of BOOTTIME that is not before its start. reason is a word of ours,
 * or what the person gave (then happening_reason says the word).
 */
void change_end(Change *change, const MachineEnv *env, uint64_t boot_usec, IntervalOutcome outcome,
                const char *reason, const char *word);

/* Begins one; nothing may be running. A start that lies before the newest end of the log is in a new clock
 * epoch. */
void change_begin(Change *change, const MachineEnv *env, IntervalKind kind, uint64_t planned_usec,
                uint64_t boot_usec, uint64_t real_usec, int64_t task);

/* What follows a break that ended at a moment, by itself or skipped. */
void change_after_break(
                Change *change, const MachineEnv *env, uint64_t boot_usec, uint64_t real_usec, bool settled);

/* "a pomodoro", "a short break", … */
const char *interval_kind_phrase(IntervalKind kind);

/* One transition that time made. */
void machine_time(const Event *event, const MachineEnv *env, const Machine *old, Change *change);
