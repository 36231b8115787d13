/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/core/machine-private.h"

IntervalKind machine_next_kind(const Machine *m, IntervalKind mode) {
        return m->break_due != INTERVAL_NONE ? m->break_due
               : mode != INTERVAL_NONE       ? mode
                                             : INTERVAL_POMODORO;
}

uint64_t machine_cycle_end(const Machine *m, const Now *now) {
        if (m->cycle == 0 && m->break_due == INTERVAL_NONE)
                return MACHINE_NEVER;
        if (m->rung_boot_usec != 0)
                return m->rung_boot_usec + MACHINE_CYCLE_REST_USEC;
        /* It rang in another boot: the wall clock is all there is to go by. A clock that went back says
         * nothing. */
        uint64_t since = usec_sub(now->real_usec, m->rung_real_usec);
        return now->boot_usec + usec_sub(MACHINE_CYCLE_REST_USEC, since);
}

uint64_t machine_next(const Machine *m, const MachineEnv *env, bool watched) {
        const Running *r = &m->running;
        uint64_t next = MACHINE_NEVER;

        if (machine_running(m))
                next = running_deadline(r);
        if (r->kind == INTERVAL_FREEFORM && !running_paused(r))
                next = MIN(next, r->checkpoint_boot_usec + MACHINE_CHECKPOINT_USEC);
        if (watched && r->kind != INTERVAL_POMODORO)
                next = MIN(next, machine_cycle_end(m, &env->now));
        return next;
}

static IntervalKind next_shown(const Machine *m, const MachineEnv *env) {
        switch (m->running.kind) {
        case INTERVAL_POMODORO:
                return m->cycle + 1 >= env->settings->long_break_every ? INTERVAL_LONG_BREAK
                                                                       : INTERVAL_SHORT_BREAK;
        case INTERVAL_SHORT_BREAK:
        case INTERVAL_LONG_BREAK:
                return INTERVAL_POMODORO;
        default:
                return machine_next_kind(m, env->mode);
        }
}

void machine_view(const Machine *m, const MachineEnv *env, TimerView *ret_view) {
        const Running *r = &m->running;
        *ret_view = (TimerView){
                .state = r->kind,
                .next = next_shown(m, env),
                .cycle = m->cycle,
        };
        if (!machine_running(m))
                return;

        uint64_t since = r->resumed_boot_usec != 0 ? r->resumed_boot_usec : r->started_boot_usec;
        uint64_t until = running_paused(r) ? r->paused_since_boot_usec : since;
        uint64_t deadline = running_deadline(r);

        ret_view->paused = running_paused(r);
        ret_view->can_pause =
                        !running_paused(r) &&
                        (r->kind == INTERVAL_FREEFORM || (r->kind == INTERVAL_POMODORO && r->may_pause));
        ret_view->interval = r->id;
        ret_view->task = r->task;
        ret_view->started_real_usec = r->started_real_usec;
        ret_view->started_boot_usec = r->started_boot_usec;
        ret_view->running_since_boot_usec = running_paused(r) ? 0 : since;
        ret_view->worked_usec = usec_sub(until - r->started_boot_usec, r->paused_total_usec);
        if (deadline != MACHINE_NEVER) {
                ret_view->deadline_boot_usec = deadline;
                ret_view->deadline_real_usec = r->started_real_usec + (deadline - r->started_boot_usec);
        } else if (r->planned_usec != 0)
                ret_view->paused_remaining_usec = usec_sub(r->planned_usec, ret_view->worked_usec);
}
