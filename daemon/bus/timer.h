/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The properties of org.pomod.Pomod1.Timer, for those who announce their changes. */

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"

/* The properties once, for the table that sd-bus reads and for the comparison of two looks. */
#define TIMER_PROPERTIES(P)                                         \
        P("State", "s", state)                                      \
        P("Paused", "b", paused)                                    \
        P("CanPause", "b", can_pause)                               \
        P("Next", "s", next)                                        \
        P("IntervalId", "t", interval_id)                           \
        P("StartedRealtimeUSec", "t", started_real_usec)            \
        P("StartedBoottimeUSec", "t", started_boot_usec)            \
        P("DeadlineRealtimeUSec", "t", deadline_real_usec)          \
        P("DeadlineBoottimeUSec", "t", deadline_boot_usec)          \
        P("RunningSinceBoottimeUSec", "t", running_since_boot_usec) \
        P("WorkedUSec", "t", worked_usec)                           \
        P("PausedRemainingUSec", "t", paused_remaining_usec)        \
        P("Cycle", "u", cycle)                                      \
        P("Task", "s", task)                                        \
        P("TaskId", "t", task_id)                                   \
        P("CompletedToday", "u", completed_today)                   \
        P("TargetToday", "u", target_today)                         \
        P("Mode", "s", mode)                                        \
        P("Rule", "s", rule)                                        \
        P("ScheduleState", "s", schedule_state)                     \
        P("TimeZone", "s", time_zone)                               \
        P("BootId", "s", boot_id)                                   \
        P("NotEnforced", "s", not_enforced)                         \
        P("Seq", "t", seq)

/* Of a user that is entered, or of whom a listener is told. The strings are valid until the engine is next
 * entered. */
void timer_properties_get(User *user, TimerProperties *ret_properties);

/* A copy that owns its strings, and the end of one; a zeroed one can be ended, too. */
void timer_properties_copy(const TimerProperties *properties, TimerProperties *ret_copy);
void timer_properties_done(TimerProperties *properties);

/* Appends an a{sv} of the properties that differ. Returns how many do, or a negative errno. */
int timer_properties_append_changed(
                sd_bus_message *message, const TimerProperties *old, const TimerProperties *now);
