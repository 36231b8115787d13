/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * What time does to a machine, in the order in which it has to be judged: another boot, sleep, a set clock,
 * the deadline, the checkpoint, the end of the cycle. Each function makes its one transition and says so.
 */

#include <string.h>

#include "daemon/core/machine-private.h"

typedef struct Look {
        const Event *event;
        const MachineEnv *env;
        const Machine *old; /* with the clocks as they were when it was last looked at */
        Change *change;
} Look;

/* Until the clocks are noted anew, the next look sees the same sleep and step again. */
static void keep_old_clocks(const Look *look) {
        Machine *m = &look->change->machine;
        m->seen_boot_usec = look->old->seen_boot_usec;
        m->seen_mono_usec = look->old->seen_mono_usec;
        m->seen_real_usec = look->old->seen_real_usec;
}

/* The sleep is dealt with; a clock set in the same night is still to be seen. */
static void keep_old_step(const Look *look) {
        Machine *m = &look->change->machine;
        m->seen_real_usec = m->seen_boot_usec + (look->old->seen_real_usec - look->old->seen_boot_usec);
}

/* A store that was put back gives what ran in it no boot to go on in: it has a boot id of zeros. */
static bool of_a_backup(const Machine *old) {
        return old->boot_id[0] != '\0' && old->boot_id[strspn(old->boot_id, "0")] == '\0';
}

static void end_from_other_boot(const Look *look) {
        const MachineEnv *env = look->env;
        const Running *r = &look->change->machine.running;
        const char *why = of_a_backup(look->old) ? "restored" : "reboot";
        uint64_t seen = MAX(look->old->seen_boot_usec, r->started_boot_usec);
        uint64_t planned_end = r->started_boot_usec + r->planned_usec + r->paused_total_usec;

        switch (r->kind) {
        case INTERVAL_FREEFORM:
                if (!running_paused(r))
                        seen = MAX(r->checkpoint_boot_usec, r->started_boot_usec);
                change_end(look->change, env, seen, OUTCOME_COMPLETED, why, why);
                break;
        case INTERVAL_POMODORO:
                change_end(look->change, env, MIN(seen, planned_end), OUTCOME_VOID, why, why);
                break;
        default:
                /* A rest is one whether the computer was on or not: by the wall clock it may be over. */
                if (!running_paused(r) &&
                                env->now.real_usec >=
                                                r->started_real_usec + (planned_end - r->started_boot_usec)) {
                        look->change->machine.due_id = r->id;
                        change_end(look->change, env, planned_end, OUTCOME_COMPLETED, NULL, NULL);
                } else
                        change_end(look->change, env, MIN(seen, planned_end), OUTCOME_SKIPPED, why, why);
                change_after_break(look->change, env, 0, 0, true);
        }
}

static void ring(const Look *look, uint64_t deadline, bool settled) {
        const MachineEnv *env = look->env;
        Change *change = look->change;
        Machine *m = &change->machine;
        IntervalKind kind = m->running.kind;
        int64_t id = m->running.id, task = m->running.task;
        uint64_t real = m->running.started_real_usec + (deadline - m->running.started_boot_usec);

        /* A break that was over before the last look began in that same look: it is as late as its beginning.
         */
        uint64_t late_since = look->old->seen_boot_usec >= deadline ? m->running.started_boot_usec : deadline;
        settled = settled || look->event->settling || env->now.boot_usec - late_since > LATE_USEC;
        change->rang = true;
        change_end(change, env, deadline, OUTCOME_COMPLETED, NULL, NULL);
        m->due_id = id;
        if (kind != INTERVAL_POMODORO) {
                change_after_break(change, env, deadline, real, settled);
                return;
        }

        m->cycle++;
        m->rung_boot_usec = deadline;
        m->rung_real_usec = real;
        IntervalKind due = m->cycle >= env->settings->long_break_every ? INTERVAL_LONG_BREAK
                                                                       : INTERVAL_SHORT_BREAK;
        m->break_due = due;
        if (env->settings->auto_start_break) {
                change_begin(change, env, due, settings_length(env->settings, due), deadline, real, 0);
                m->carry_task = task;
        }
}

static bool look_at_sleep(const Look *look) {
        const MachineEnv *env = look->env;
        Change *change = look->change;
        Machine *m = &change->machine;
        Running *r = &m->running;
        uint64_t asleep = usec_sub(m->seen_boot_usec, m->seen_mono_usec);
        uint64_t growth = usec_sub(asleep, usec_sub(look->old->seen_boot_usec, look->old->seen_mono_usec));
        uint64_t deadline = running_deadline(r);

        if (growth <= CLOCK_TOLERANCE_USEC || !machine_running(m) || running_paused(r))
                return false;
        uint64_t moment = MAX(env->now.boot_usec - growth, r->started_boot_usec);
        if (deadline <= moment) {
                /* It rang while the computer was still awake: the sleep belongs to what follows. */
                ring(look, deadline, false);
                keep_old_clocks(look);
                return true;
        }
        if (interval_kind_is_break(r->kind)) {
                if (deadline > env->now.boot_usec)
                        return false;
                ring(look, deadline, true);
                keep_old_step(look);
                return true;
        }

        r->slept_usec += growth;
        uint64_t grace = r->suspend_grace_usec;
        if (r->kind == INTERVAL_POMODORO && r->slept_usec > grace)
                change_end(change, env, moment, OUTCOME_VOID, "suspend", "suspend");
        else if (r->kind == INTERVAL_FREEFORM && growth > grace)
                change_end(change, env, moment, OUTCOME_COMPLETED, "suspend", "suspend");
        else if (deadline <= env->now.boot_usec)
                ring(look, deadline, true);
        else
                change_update(change);
        keep_old_step(look);
        return true;
}

static bool look_at_step(const Look *look) {
        const Now *now = &look->env->now;
        Change *change = look->change;
        Machine *m = &change->machine;
        Running *r = &m->running;
        /* Unsigned arithmetic wraps: the difference of the differences is exact in either direction. */
        int64_t step = (int64_t) ((now->real_usec - now->boot_usec) -
                                  (look->old->seen_real_usec - look->old->seen_boot_usec));

        if (step >= -(int64_t) CLOCK_TOLERANCE_USEC && step <= (int64_t) CLOCK_TOLERANCE_USEC)
                return false;
        if (m->rung_boot_usec != 0)
                m->rung_real_usec = usec_sub(now->real_usec, now->boot_usec - m->rung_boot_usec);
        if (machine_running(m))
                r->started_real_usec = usec_sub(now->real_usec, now->boot_usec - r->started_boot_usec);

        uint64_t from = machine_running(m) ? MIN(r->started_real_usec, now->real_usec) : now->real_usec;
        bool raised = from < m->newest_end_real_usec;
        if (raised) {
                m->epoch++;
                m->newest_end_real_usec = 0;
        }
        if (machine_running(m))
                change_update(change);
        if (machine_running(m) || raised)
                change_happening(change, HAPPENED_CLOCK_SET, now->real_usec);
        return change->changed;
}

static bool look_at_deadline(const Look *look) {
        uint64_t deadline = running_deadline(&look->change->machine.running);
        if (!machine_running(&look->change->machine) || deadline > look->env->now.boot_usec)
                return false;
        ring(look, deadline, false);
        return true;
}

static bool look_at_checkpoint(const Look *look) {
        Running *r = &look->change->machine.running;
        if (r->kind != INTERVAL_FREEFORM || running_paused(r) ||
                        look->env->now.boot_usec < r->checkpoint_boot_usec + MACHINE_CHECKPOINT_USEC)
                return false;
        r->checkpoint_boot_usec = look->env->now.boot_usec;
        change_update(look->change);
        return true;
}

static bool look_at_cycle(const Look *look) {
        Machine *m = &look->change->machine;
        if (m->running.kind == INTERVAL_POMODORO ||
                        look->env->now.boot_usec < machine_cycle_end(m, &look->env->now))
                return false;
        m->cycle = 0;
        m->break_due = INTERVAL_NONE;
        change_happening(look->change, HAPPENED_CYCLE_RESTARTED, look->env->now.real_usec);
        return true;
}

void machine_time(const Event *event, const MachineEnv *env, const Machine *old, Change *change) {
        static bool (*const looks[])(const Look *) = {
                look_at_sleep,
                look_at_step,
                look_at_deadline,
                look_at_checkpoint,
                look_at_cycle,
        };
        Look look = { .event = event, .env = env, .old = old, .change = change };

        /* Clocks of two boots do not compare: neither sleep nor steps can be told between them. */
        if (strcmp(old->boot_id, env->now.boot_id) != 0) {
                change->machine.rung_boot_usec = 0;
                if (machine_running(old))
                        end_from_other_boot(&look);
                else
                        look_at_cycle(&look);
                return;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
                if (looks[i](&look))
                        return;
}
