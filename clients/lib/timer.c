/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/lib/timer.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clients/lib/fields.h"
#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/duration.h"
#include "common/names.h"

static const char *const client_state_table[] = {
        [CLIENT_IDLE] = "idle",
        [CLIENT_POMODORO] = "pomodoro",
        [CLIENT_SHORT_BREAK] = "short-break",
        [CLIENT_LONG_BREAK] = "long-break",
        [CLIENT_FREEFORM] = "freeform",
};
DEFINE_ENUM_WORDS(ClientState, client_state, client_state_table);

const char *client_state_label(ClientState state) {
        static const char *const labels[_CLIENT_STATE_MAX] = {
                [CLIENT_IDLE] = "idle",
                [CLIENT_POMODORO] = "pomodoro",
                [CLIENT_SHORT_BREAK] = "short break",
                [CLIENT_LONG_BREAK] = "long break",
                [CLIENT_FREEFORM] = "freeform",
        };

        return (unsigned) state < _CLIENT_STATE_MAX ? labels[state] : "unknown";
}

/* In the order in which the daemon sends them, so that each is found at once. */
static const ClientField fields[] = {
        { "State", 'w', offsetof(TimerState, state), client_state_from_string },
        { "Paused", 'b', offsetof(TimerState, paused) },
        { "CanPause", 'b', offsetof(TimerState, can_pause) },
        { "Next", 'w', offsetof(TimerState, next), client_state_from_string },
        { "IntervalId", 't', offsetof(TimerState, interval_id) },
        { "StartedRealtimeUSec", 't', offsetof(TimerState, started_real_usec) },
        { "StartedBoottimeUSec", 't', offsetof(TimerState, started_boot_usec) },
        { "DeadlineRealtimeUSec", 't', offsetof(TimerState, deadline_real_usec) },
        { "DeadlineBoottimeUSec", 't', offsetof(TimerState, deadline_boot_usec) },
        { "RunningSinceBoottimeUSec", 't', offsetof(TimerState, running_since_boot_usec) },
        { "WorkedUSec", 't', offsetof(TimerState, worked_usec) },
        { "PausedRemainingUSec", 't', offsetof(TimerState, paused_remaining_usec) },
        { "Cycle", 'u', offsetof(TimerState, cycle) },
        { "Task", 's', offsetof(TimerState, task) },
        { "TaskId", 't', offsetof(TimerState, task_id) },
        { "CompletedToday", 'u', offsetof(TimerState, completed_today) },
        { "TargetToday", 'u', offsetof(TimerState, target_today) },
        { "Mode", 's', offsetof(TimerState, mode) },
        { "Rule", 's', offsetof(TimerState, rule) },
        { "ScheduleState", 's', offsetof(TimerState, schedule_state) },
        { "TimeZone", 's', offsetof(TimerState, time_zone) },
        { "NotEnforced", 's', offsetof(TimerState, not_enforced) },
        { "Seq", 't', offsetof(TimerState, seq) },
        {},
};

void timer_state_done(TimerState *timer) {
        free(timer->task);
        free(timer->mode);
        free(timer->rule);
        free(timer->schedule_state);
        free(timer->time_zone);
        free(timer->not_enforced);
        *timer = (TimerState){};
}

/* A daemon that leaves a text out means an empty one. */
static void texts_fill(TimerState *timer) {
        char **texts[] = { &timer->task, &timer->mode, &timer->rule, &timer->schedule_state,
                &timer->time_zone, &timer->not_enforced };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                if (!*texts[i])
                        *texts[i] = memory_copy("");
}

int timer_state_read(sd_bus_message *message, TimerState *ret_timer) {
        cleanup_(timer_state_done) TimerState timer = {};
        int r = fields_read(message, fields, &timer);

        if (r < 0)
                return r;
        texts_fill(&timer);
        *ret_timer = timer;
        timer = (TimerState){};
        return 0;
}

int timer_state_update(TimerState *timer, sd_bus_message *properties_changed) {
        const char *interface;
        int r = sd_bus_message_read_basic(properties_changed, 's', &interface);

        if (r < 0)
                return r;
        if (strcmp(interface, POMOD_INTERFACE_TIMER) != 0)
                return 0;

        r = fields_read(properties_changed, fields, timer);
        texts_fill(timer);
        return r < 0 ? r : 1;
}

uint64_t boottime_now_usec(void) {
        struct timespec ts;

        clock_gettime(CLOCK_BOOTTIME, &ts);
        return (uint64_t) ts.tv_sec * USEC_PER_SEC + (uint64_t) ts.tv_nsec / 1000;
}

uint64_t timer_state_remaining_usec(const TimerState *timer, uint64_t now_boot_usec) {
        if (timer->state == CLIENT_IDLE)
                return UINT64_MAX;
        if (timer->paused)
                return timer->paused_remaining_usec > 0 ? timer->paused_remaining_usec : UINT64_MAX;
        if (timer->deadline_boot_usec == 0)
                return UINT64_MAX;

        return timer->deadline_boot_usec > now_boot_usec ? timer->deadline_boot_usec - now_boot_usec : 0;
}

uint64_t timer_state_elapsed_usec(const TimerState *timer, uint64_t now_boot_usec) {
        uint64_t running = 0;

        if (timer->state == CLIENT_IDLE)
                return 0;
        if (!timer->paused && timer->running_since_boot_usec > 0 &&
                        now_boot_usec > timer->running_since_boot_usec)
                running = now_boot_usec - timer->running_since_boot_usec;

        return timer->worked_usec + running;
}

void zone_use(const char *zone) {
        static char *used, *own; /* own: TZ as it was before the first change; NULL: not set */

        assert(zone);
        if (strcmp(zone, used ?: "") == 0)
                return;
        if (!used && getenv("TZ"))
                own = memory_copy(getenv("TZ"));
        free(used);
        used = memory_copy(zone);
        if (*zone)
                (void) setenv("TZ", zone, 1);
        else if (own)
                (void) setenv("TZ", own, 1);
        else
                (void) unsetenv("TZ");
        tzset();
}
