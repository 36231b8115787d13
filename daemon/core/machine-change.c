/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <assert.h>
#include <string.h>

#include "daemon/core/days.h"
#include "daemon/core/machine-private.h"

uint64_t running_deadline(const Running *r) {
        if (r->planned_usec == 0 || running_paused(r))
                return MACHINE_NEVER;
        return r->started_boot_usec + r->planned_usec + r->paused_total_usec;
}

const char *interval_kind_phrase(IntervalKind kind) {
        switch (kind) {
        case INTERVAL_POMODORO:
                return "a pomodoro";
        case INTERVAL_SHORT_BREAK:
                return "a short break";
        case INTERVAL_LONG_BREAK:
                return "a long break";
        case INTERVAL_FREEFORM:
                return "freeform work";
        default:
                return "nothing";
        }
}

void change_init(Change *change, const Machine *m, const Now *now, EventType type) {
        *change = (Change){ .did = type, .machine = *m };
        Machine *next = &change->machine;
        memcpy(next->boot_id, now->boot_id, sizeof(next->boot_id));
        next->seen_boot_usec = now->boot_usec;
        next->seen_mono_usec = now->mono_usec;
        next->seen_real_usec = now->real_usec;
}

Row *change_row(Change *change, RowType type) {
        assert(change->n_rows < CHANGE_ROWS_MAX);
        Row *row = &change->rows[change->n_rows++];
        *row = (Row){ .type = type, .id = change->machine.running.id, .epoch = change->machine.epoch };
        change->changed = true;
        return row;
}

Happening *change_happening(Change *change, HappeningType type, uint64_t at_real_usec) {
        assert(change->n_happenings < CHANGE_HAPPENINGS_MAX);
        const Running *r = &change->machine.running;
        Happening *happening = &change->happenings[change->n_happenings++];
        *happening = (Happening){
                .type = type,
                .id = r->id,
                .kind = r->kind,
                .task = r->task,
                .at_real_usec = at_real_usec,
        };
        change->changed = true;
        return happening;
}

void change_update(Change *change) {
        const Running *r = &change->machine.running;
        Row *row = change_row(change, ROW_UPDATE);
        row->running = *r;
        row->length_usec = usec_sub(change->machine.seen_boot_usec, r->started_boot_usec);
}

static void end_absence(Change *change, AbsenceKind kind, uint64_t *since, uint64_t boot_usec) {
        Running *r = &change->machine.running;
        if (*since == 0)
                return;
        if (*since < boot_usec && r->absences < CAP_ABSENCES) {
                Row *row = change_row(change, ROW_ABSENCE);
                row->offset_usec = usec_sub(*since, r->started_boot_usec);
                row->length_usec = boot_usec - *since;
                row->absence = kind;
                r->absences++;
        }
        *since = 0;
}

void change_end(Change *change, const MachineEnv *env, uint64_t boot_usec, IntervalOutcome outcome,
                const char *reason, const char *word) {
        Machine *m = &change->machine;
        Running *r = &m->running;
        uint64_t length = usec_sub(boot_usec, r->started_boot_usec), paused = r->paused_total_usec;

        if (running_paused(r)) {
                uint64_t pause = usec_sub(boot_usec, r->paused_since_boot_usec);
                Row *row = change_row(change, ROW_RESUME);
                row->offset_usec = r->paused_since_boot_usec - r->started_boot_usec;
                row->length_usec = pause;
                paused += pause;
        }
        end_absence(change, ABSENCE_LOCKED, &r->locked_since_boot_usec, boot_usec);
        end_absence(change, ABSENCE_IDLE, &r->idle_since_boot_usec, boot_usec);

        uint64_t ended_real = r->started_real_usec + length;
        Row *row = change_row(change, ROW_END);
        row->length_usec = length;
        row->outcome = outcome;
        row->reason = reason;
        m->newest_end_real_usec = MAX(m->newest_end_real_usec, ended_real);

        static const HappeningType happened[_INTERVAL_OUTCOME_MAX] = {
                [OUTCOME_COMPLETED] = HAPPENED_COMPLETED,
                [OUTCOME_VOID] = HAPPENED_VOID,
                [OUTCOME_SKIPPED] = HAPPENED_SKIPPED,
        };
        Happening *happening = change_happening(change, happened[outcome], ended_real);
        happening->worked_usec = usec_sub(length, paused);
        if (word)
                g_strlcpy(happening->reason, word, sizeof(happening->reason));

        /* The rest that a long break gives is over however it ended. */
        if (r->kind == INTERVAL_LONG_BREAK)
                m->cycle = 0;
        *r = (Running){};
}

void change_begin(Change *change, const MachineEnv *env, IntervalKind kind, uint64_t planned_usec,
                uint64_t boot_usec, uint64_t real_usec, int64_t task) {
        Machine *m = &change->machine;
        assert(!machine_running(m));

        if (real_usec < m->newest_end_real_usec) {
                if (m->newest_end_real_usec - real_usec <= CLOCK_TOLERANCE_USEC)
                        real_usec = m->newest_end_real_usec;
                else {
                        m->epoch++;
                        m->newest_end_real_usec = 0;
                }
        }
        m->running = (Running){
                .id = m->next_id++,
                .kind = kind,
                .started_boot_usec = boot_usec,
                .started_real_usec = real_usec,
                .offset_sec = zone_offset_at(env->zone, real_usec),
                .planned_usec = planned_usec,
                .checkpoint_boot_usec = env->now.boot_usec,
                .may_pause = env->settings->pause,
                .suspend_grace_usec = env->settings->suspend_grace_usec,
                .task = task,
                .overtime = env->overtime && !interval_kind_is_break(kind),
        };
        g_strlcpy(m->running.rule, env->rule ?: "", sizeof(m->running.rule));
        g_strlcpy(m->running.window_date, env->window_date ?: "", sizeof(m->running.window_date));
        if (!interval_kind_is_break(kind) || m->break_due == INTERVAL_NONE)
                m->due_id = 0;
        m->break_due = INTERVAL_NONE;
        if (!interval_kind_is_break(kind))
                m->carry_task = 0;
        change_row(change, ROW_BEGIN)->running = m->running;
        change_happening(change, HAPPENED_STARTED, real_usec);
}

void change_after_break(
                Change *change, const MachineEnv *env, uint64_t boot_usec, uint64_t real_usec, bool settled) {
        Machine *m = &change->machine;
        int64_t task = m->carry_task;
        m->carry_task = 0;
        m->break_due = INTERVAL_NONE;
        if (env->settings->auto_start_pomodoro && !settled && !env->off_hours)
                change_begin(change, env, INTERVAL_POMODORO, env->settings->pomodoro_usec, boot_usec,
                                real_usec, task);
}
