/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The timer as clients see it: the properties of Timer in a struct, and what follows from them at a moment.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "common/enums.h"

typedef enum ClientState {
        CLIENT_IDLE,
        CLIENT_POMODORO,
        CLIENT_SHORT_BREAK,
        CLIENT_LONG_BREAK,
        CLIENT_FREEFORM,
        _CLIENT_STATE_MAX,
} ClientState;
DECLARE_ENUM_WORDS(ClientState, client_state); /* the words of the API: "short-break" */

/* "short break": how a person reads it. */
const char *client_state_label(ClientState state);

/* Timer's properties, named as they are. Strings belong to the struct and are never NULL in one that was
 * read. */
typedef struct TimerState {
        ClientState state, next;
        bool paused, can_pause;
        uint64_t interval_id;
        uint64_t started_real_usec, started_boot_usec, deadline_real_usec, deadline_boot_usec;
        uint64_t running_since_boot_usec, worked_usec, paused_remaining_usec;
        uint32_t cycle, completed_today, target_today;
        uint64_t task_id, seq;
        char *task, *mode, *rule, *schedule_state, *time_zone;
        char *not_enforced; /* "sites is not running": what should hold and does not, by whom and why; ""
                               nothing */
} TimerState;

void timer_state_done(TimerState *timer); /* leaves it all zero */

/* Reads a{sv}, as GetAll answers it; members that it does not know are passed over. Untouched on failure. */
int timer_state_read(sd_bus_message *message, TimerState *ret_timer);

/*
 * Applies a PropertiesChanged (sa{sv}as): 1 if it was Timer's, 0 if another interface's. What it does not
 * name stays. After an error the struct is whole, but may hold half of the change: read it anew.
 */
int timer_state_update(TimerState *timer, sd_bus_message *properties_changed);

/* ---- derived at a moment of CLOCK_BOOTTIME ---- */

uint64_t boottime_now_usec(void);
uint64_t timer_state_remaining_usec(
                const TimerState *timer, uint64_t now_boot_usec); /* UINT64_MAX: open-ended or idle */
uint64_t timer_state_elapsed_usec(
                const TimerState *timer, uint64_t now_boot_usec); /* worked on it, without pauses */

/*
 * Times are shown and typed in the zone of the user's settings, if one is set: from here on it is this
 * process's, and for "" the one that it began with. zone: never NULL.
 */
void zone_use(const char *zone);
