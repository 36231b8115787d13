/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What people ask of a machine: one function a request, each the row of the table of requests and states. */

#include "daemon/core/machine.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "common/duration.h"
#include "common/text.h"
#include "common/timestamp.h"
#include "daemon/core/days.h"
#include "daemon/core/machine-private.h"

#define LENGTH_MIN_USEC USEC_PER_SEC
#define LENGTH_MAX_USEC USEC_PER_DAY

static const char *const happening_words[_HAPPENING_TYPE_MAX] = {
        [HAPPENED_STARTED] = "started",
        [HAPPENED_COMPLETED] = "completed",
        [HAPPENED_VOID] = "void",
        [HAPPENED_SKIPPED] = "skipped",
        [HAPPENED_INTERRUPTED] = "interrupted",
        [HAPPENED_PAUSED] = "paused",
        [HAPPENED_RESUMED] = "resumed",
        [HAPPENED_EXTENDED] = "extended",
        [HAPPENED_TASK] = "task",
        [HAPPENED_CLOCK_SET] = "clock-set",
        [HAPPENED_CYCLE_RESTARTED] = "cycle-restarted",
        [HAPPENED_BACK] = "back",
        [HAPPENED_TASKS_CHANGED] = "tasks-changed",
        [HAPPENED_HISTORY_CHANGED] = "history-changed",
        [HAPPENED_SETTINGS_CHANGED] = "settings-changed",
        [HAPPENED_DAY_CHANGED] = "day-changed",
        [HAPPENED_SCHEDULE_CHANGED] = "schedule-changed",
        [HAPPENED_FOCUS_CHANGED] = "focus-changed",
        [HAPPENED_WINDOW_ENTERED] = "window-entered",
        [HAPPENED_WINDOW_LEFT] = "window-left",
        [HAPPENED_FOCUS_ENGAGED] = "focus-engaged",
        [HAPPENED_FOCUS_ENDED] = "focus-ended",
        [HAPPENED_FOCUS_RELEASED] = "focus-released",
        [HAPPENED_RELEASE_PENDING] = "release-pending",
        [HAPPENED_RELEASE_WITHDRAWN] = "release-withdrawn",
        [HAPPENED_PLUGIN_FAILED] = "plugin-failed",
        [HAPPENED_PLUGIN_RECOVERED] = "plugin-recovered",
        [HAPPENED_OFFICE_DAY_ENDED] = "office-day-ended",
};
DEFINE_ENUM_WORDS(HappeningType, happening, happening_words);

void machine_init(Machine *ret_machine, const Now *now) {
        *ret_machine = (Machine){
                .next_id = 1,
                .epoch = 1,
                .seen_boot_usec = now->boot_usec,
                .seen_mono_usec = now->mono_usec,
                .seen_real_usec = now->real_usec,
        };
        memcpy(ret_machine->boot_id, now->boot_id, sizeof(ret_machine->boot_id));
}

int machine_check_interval(const Machine *m, uint64_t id, Refusal *ret_refusal) {
        const bool runs = machine_running(m);

        if (id > 0 && id == (uint64_t) (runs ? m->running.id : 0))
                return 0;
        if (id > 0 && id == (uint64_t) m->due_id && (!runs || interval_kind_is_break(m->running.kind)))
                return 0;
        if (runs)
                return refuse(ret_refusal, REFUSAL_STATE_CHANGED,
                                "#%" PRIu64 " does not run any more, but #%" PRIi64 "; look again", id,
                                m->running.id);
        return refuse(ret_refusal, REFUSAL_STATE_CHANGED, "#%" PRIu64 " does not run any more; look again",
                        id);
}

static const char *local_clock(const MachineEnv *env, uint64_t real_usec, char buf[TIMESTAMP_TEXT_MAX]) {
        return timestamp_format_local(real_usec, zone_offset_at(env->zone, real_usec), "%H:%M", buf);
}

static int refuse_busy(const Machine *m, const MachineEnv *env, Refusal *ret_refusal) {
        const Running *r = &m->running;
        uint64_t deadline = running_deadline(r);
        char at[TIMESTAMP_TEXT_MAX], until[64] = "";

        if (running_paused(r))
                g_strlcpy(until, " (paused)", sizeof(until));
        else if (deadline != MACHINE_NEVER)
                g_snprintf(until, sizeof(until), " until %s",
                                local_clock(env, r->started_real_usec + (deadline - r->started_boot_usec),
                                                at));
        else
                g_snprintf(until, sizeof(until), " since %s", local_clock(env, r->started_real_usec, at));
        return refuse(ret_refusal, REFUSAL_BUSY, "%s is running%s (#%" G_GINT64_FORMAT "%s%s); stop it first",
                        interval_kind_phrase(r->kind), until, r->id, env->task_title ? ", " : "",
                        env->task_title ?: "");
}

/* ---- start ---- */

static int note_window(const Stretch *stretch, void *userdata) {
        if (stretch->state != SCHEDULE_WINDOW)
                return 0;
        *(Stretch *) userdata = *stretch;
        return 1;
}

static int refuse_off_hours(const MachineEnv *env, Refusal *ret_refusal) {
        static const char outside[] = "this is outside the hours of the day's rules";
        const uint64_t now = env->now.real_usec;
        char when[TIMESTAMP_TEXT_MAX], what[CAP_RULE_BYTES + 64];
        Stretch next = {};

        if (!env->calendar)
                return refuse(ret_refusal, REFUSAL_OFF_HOURS, "%s", outside);
        assert(env->schedule);
        if (env->schedule->state == SCHEDULE_AWAY)
                g_snprintf(what, sizeof(what), "you are away (rule %s)", env->schedule->window.rule->name);
        else
                g_strlcpy(what, outside, sizeof(what));
        if (calendar_agenda(env->calendar, now, now + CALENDAR_HORIZON_USEC, note_window, &next) != 1)
                return refuse(ret_refusal, REFUSAL_OFF_HOURS, "%s, and no window follows within two years",
                                what);
        timestamp_format_local(next.from_real_usec, next.offset_sec, "%Y-%m-%d %H:%M", when);
        return refuse(ret_refusal, REFUSAL_OFF_HOURS, "%s; the next window, of the rule %s, begins %s", what,
                        next.window.rule->name, when);
}

static int start_length(const Event *event, const MachineEnv *env, IntervalKind kind, uint64_t *ret_planned,
                Refusal *ret_refusal) {
        uint64_t planned = event->planned_usec;
        char text[DURATION_TEXT_MAX];

        if (kind == INTERVAL_FREEFORM) {
                if (planned != 0)
                        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                        "freeform work has no end: start it without a length, or start a pomodoro of %s",
                                        duration_format(planned, text));
        } else if (planned == 0)
                planned = settings_length(env->settings, kind);
        else if (planned < LENGTH_MIN_USEC || planned > LENGTH_MAX_USEC)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "a length of %s is out of range; it must be between 1s and 24h",
                                duration_format(planned, text));
        *ret_planned = planned;
        return 0;
}

/* Whether it can have begun so long ago: within this boot, and not over by now. */
static int check_ago(const Event *event, const MachineEnv *env, uint64_t planned, Refusal *ret_refusal) {
        char ago[DURATION_TEXT_MAX], length[DURATION_TEXT_MAX];
        duration_format(event->ago_usec, ago);

        if (event->ago_usec > CAP_AGO_USEC)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "%s ago is too far back; a start can be dated back by 24h, add older work to the log",
                                ago);
        if (event->ago_usec >= env->now.boot_usec || event->ago_usec >= env->now.real_usec)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "%s ago the computer was not on yet; add that time to the log instead", ago);
        if (planned != 0 && event->ago_usec >= planned)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "what began %s ago and lasts %s is over already; add it to the log instead",
                                ago, duration_format(planned, length));
        return 0;
}

/* Ends what runs so that something else can begin at this moment. */
static int make_room(const Machine *m, const Event *event, const MachineEnv *env, uint64_t boot_usec,
                Change *change, Refusal *ret_refusal) {
        const char *why = event->by_schedule ? "schedule" : "switched";
        const Running *r = &m->running;
        char at[TIMESTAMP_TEXT_MAX];

        if (boot_usec < r->started_boot_usec)
                return refuse(ret_refusal, REFUSAL_OVERLAP,
                                "%s has been running since %s (#%" G_GINT64_FORMAT
                                "): nothing else can have begun before that",
                                interval_kind_phrase(r->kind), local_clock(env, r->started_real_usec, at),
                                r->id);
        if (boot_usec != env->now.boot_usec && (r->pauses > 0))
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "#%" G_GINT64_FORMAT
                                " was paused meanwhile; start now, and correct the times in the log",
                                r->id);
        if (interval_kind_is_break(r->kind))
                change_end(change, env, boot_usec, OUTCOME_SKIPPED, "started", "started");
        else
                change_end(change, env, boot_usec,
                                r->kind == INTERVAL_POMODORO ? OUTCOME_VOID : OUTCOME_COMPLETED, why, why);
        return 0;
}

/* What was noted since the new start was noted of what then ran, which is known by now to be the new one. */
static void take_interruptions(const Machine *m, const Event *event, uint64_t boot_usec, Change *change) {
        Running *r = &change->machine.running;

        for (unsigned i = 0; i < change->n_rows; i++)
                change->rows[i].keep_later |= change->rows[i].type == ROW_END;
        r->internal = event->later_internal;
        r->external = event->later_external;
        Row *row = change_row(change, ROW_TAKE);
        row->running = *r;
        row->from = m->running.id;
        row->offset_usec = boot_usec - m->running.started_boot_usec;
}

static int on_start(const Machine *m, const Event *event, const MachineEnv *env, Change *change,
                Refusal *ret_refusal) {
        IntervalKind kind = event->kind;
        uint64_t planned = 0;
        int r;

        if (event->any_break)
                kind = interval_kind_is_break(m->break_due) ? m->break_due : INTERVAL_SHORT_BREAK;
        else if (kind == INTERVAL_NONE)
                kind = machine_next_kind(m, env->mode);
        if (interval_kind_is_break(kind) && event->task != 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "a break has no task: start it without one");
        if (machine_running(m) && !interval_kind_is_break(m->running.kind) && !event->switch_running)
                return refuse_busy(m, env, ret_refusal);
        /* Nobody needs leave to rest. */
        if (env->off_hours && !event->anyway && !interval_kind_is_break(kind))
                return refuse_off_hours(env, ret_refusal);
        r = start_length(event, env, kind, &planned, ret_refusal);
        if (r == 0)
                r = check_ago(event, env, planned, ret_refusal);
        if (r != 0)
                return r;

        uint64_t boot = env->now.boot_usec - event->ago_usec, real = env->now.real_usec - event->ago_usec;
        if (machine_running(m)) {
                r = make_room(m, event, env, boot, change, ret_refusal);
                if (r != 0)
                        return r;
        } else if (event->ago_usec > 0 && env->now.real_usec >= m->newest_end_real_usec &&
                        real < m->newest_end_real_usec) {
                char at[TIMESTAMP_TEXT_MAX];
                return refuse(ret_refusal, REFUSAL_OVERLAP,
                                "the last interval ended at %s: nothing else can have begun before that",
                                local_clock(env, m->newest_end_real_usec, at));
        }
        change_begin(change, env, kind, planned, boot, real, event->task);
        if (machine_running(m) && event->later_internal + event->later_external > 0)
                take_interruptions(m, event, boot, change);
        return 0;
}

/* ---- what ends or changes the running interval ---- */

static int on_stop(const Machine *m, const Event *event, const MachineEnv *env, Change *change,
                Refusal *ret_refusal) {
        const Running *r = &m->running;
        uint64_t boot = env->now.boot_usec;
        char at[TIMESTAMP_TEXT_MAX];

        if (event->at_real_usec != 0) {
                if (r->kind != INTERVAL_FREEFORM)
                        return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                        "only freeform work can be ended at an earlier time; %s is running",
                                        interval_kind_phrase(r->kind));
                if (event->at_real_usec > env->now.real_usec)
                        return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                        "%s is in the future; it can be ended now or earlier",
                                        local_clock(env, event->at_real_usec, at));
                if (event->at_real_usec <= r->started_real_usec)
                        return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                        "it began at %s; it cannot have ended before that",
                                        local_clock(env, r->started_real_usec, at));
                boot = r->started_boot_usec + (event->at_real_usec - r->started_real_usec);
                if (boot < MAX(r->paused_since_boot_usec, r->resumed_boot_usec))
                        return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                        "it was paused after that; stop it now, and correct the times in the log");
        }
        IntervalOutcome outcome = r->kind == INTERVAL_POMODORO   ? OUTCOME_VOID
                                  : r->kind == INTERVAL_FREEFORM ? OUTCOME_COMPLETED
                                                                 : OUTCOME_SKIPPED;
        change_end(change, env, boot, outcome, event->note && *event->note ? event->note : "stopped",
                        "stopped");
        change->machine.carry_task = 0;
        return 0;
}

static int on_skip(const Machine *m, const MachineEnv *env, Change *change, Refusal *ret_refusal) {
        switch (m->running.kind) {
        case INTERVAL_POMODORO:
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "a pomodoro cannot be skipped: it rings or is void; stop it instead");
        case INTERVAL_FREEFORM:
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "freeform work cannot be skipped; stop it instead");
        default:
                change_end(change, env, env->now.boot_usec, OUTCOME_SKIPPED, "skipped", "skipped");
                change_after_break(
                                change, env, env->now.boot_usec, change->machine.newest_end_real_usec, false);
                return 0;
        }
}

static int on_interrupt(const Event *event, const MachineEnv *env, Change *change, Refusal *ret_refusal) {
        Running *r = &change->machine.running;
        if (interval_kind_is_break(r->kind))
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "a break cannot be interrupted; skip it to go back to work");
        if (r->internal + r->external >= CAP_INTERRUPTIONS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "#%" G_GINT64_FORMAT " has %u interruptions already, which is the most",
                                r->id, CAP_INTERRUPTIONS);
        if (event->external)
                r->external++;
        else
                r->internal++;
        Row *row = change_row(change, ROW_INTERRUPT);
        row->offset_usec = env->now.boot_usec - r->started_boot_usec;
        row->external = event->external;
        row->note = event->note;
        Happening *happening = change_happening(change, HAPPENED_INTERRUPTED, env->now.real_usec);
        happening->external = event->external;
        happening->note = event->note;
        return 0;
}

static int on_pause(const MachineEnv *env, Change *change, Refusal *ret_refusal) {
        Running *r = &change->machine.running;
        if (running_paused(r))
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE, "it is paused already");
        if (interval_kind_is_break(r->kind))
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "%s cannot be paused; skip it to go back to work",
                                interval_kind_phrase(r->kind));
        if (r->kind != INTERVAL_FREEFORM && !r->may_pause && env->settings->pause)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "%s cannot be paused that began before the setting pause allowed it; interrupt or stop it, the next one can be paused",
                                interval_kind_phrase(r->kind));
        if (r->kind != INTERVAL_FREEFORM && !r->may_pause)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "%s cannot be paused; interrupt or stop it, or allow it for the next one with the setting pause",
                                interval_kind_phrase(r->kind));
        if (r->pauses >= CAP_PAUSES)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "#%" G_GINT64_FORMAT " was paused %u times already, which is the most", r->id,
                                CAP_PAUSES);
        r->paused_since_boot_usec = env->now.boot_usec;
        r->pauses++;
        change_row(change, ROW_PAUSE)->offset_usec = env->now.boot_usec - r->started_boot_usec;
        change_happening(change, HAPPENED_PAUSED, env->now.real_usec);
        return 0;
}

static int on_resume(const MachineEnv *env, Change *change, Refusal *ret_refusal) {
        Running *r = &change->machine.running;
        if (!running_paused(r))
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE, "it is not paused");
        Row *row = change_row(change, ROW_RESUME);
        row->offset_usec = r->paused_since_boot_usec - r->started_boot_usec;
        row->length_usec = env->now.boot_usec - r->paused_since_boot_usec;
        r->paused_total_usec += row->length_usec;
        r->paused_since_boot_usec = 0;
        r->resumed_boot_usec = env->now.boot_usec;
        r->checkpoint_boot_usec = env->now.boot_usec;
        change_happening(change, HAPPENED_RESUMED, env->now.real_usec);
        return 0;
}

static int on_extend(const Event *event, const MachineEnv *env, Change *change, Refusal *ret_refusal) {
        Running *r = &change->machine.running;
        char by[DURATION_TEXT_MAX], left[DURATION_TEXT_MAX];
        if (r->kind == INTERVAL_FREEFORM)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE,
                                "freeform work has no end that could be extended");
        if (event->extend_usec == 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "extend by how long? 0s is not enough; try 5m");
        if (event->extend_usec > CAP_EXTEND_USEC - r->extended_usec)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "cannot be extended by %s: 4h in all is the most, %s of it is left",
                                duration_format(event->extend_usec, by),
                                duration_format(CAP_EXTEND_USEC - r->extended_usec, left));
        r->planned_usec += event->extend_usec;
        r->extended_usec += event->extend_usec;
        change_update(change);
        change_happening(change, HAPPENED_EXTENDED, env->now.real_usec);
        return 0;
}

static int on_set_task(const Machine *m, const Event *event, const MachineEnv *env, Change *change,
                Refusal *ret_refusal) {
        if (interval_kind_is_break(m->running.kind))
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE, "a break has no task");
        change->machine.running.task = event->task;
        change_update(change);
        change_happening(change, HAPPENED_TASK, env->now.real_usec);
        return 0;
}

static int on_absence(const Machine *m, const Event *event, const MachineEnv *env, Change *change) {
        Running *r = &change->machine.running;
        uint64_t *since = event->absence == ABSENCE_LOCKED ? &r->locked_since_boot_usec
                                                           : &r->idle_since_boot_usec;
        uint64_t now = env->now.boot_usec;

        if (!machine_running(m) || event->absent == (*since != 0))
                return 0;
        if (event->absent) {
                uint64_t from = event->absent_since_usec != 0 ? MIN(event->absent_since_usec, now) : now;
                *since = MAX(from, r->started_boot_usec);
                change_update(change);
                return 0;
        }
        uint64_t offset = *since - r->started_boot_usec, length = now - *since;
        *since = 0;
        if (r->absences < CAP_ABSENCES) {
                r->absences++;
                Row *row = change_row(change, ROW_ABSENCE);
                row->offset_usec = offset;
                row->length_usec = length;
                row->absence = event->absence;
        }
        change_update(change);
        if (r->kind == INTERVAL_FREEFORM && !running_paused(r))
                change_happening(change, HAPPENED_BACK, env->now.real_usec)->since_real_usec =
                                r->started_real_usec + offset;
        return 0;
}

/* The one request that fits the state. */
static EventType toggle_becomes(const Machine *m) {
        if (!machine_running(m))
                return EVENT_START;
        if (running_paused(&m->running))
                return EVENT_RESUME;
        switch (m->running.kind) {
        case INTERVAL_POMODORO:
                return m->running.may_pause ? EVENT_PAUSE : EVENT_INTERRUPT;
        case INTERVAL_FREEFORM:
                return EVENT_STOP;
        default:
                return EVENT_SKIP;
        }
}

static bool needs_interval(EventType type) {
        return type != EVENT_TIME && type != EVENT_START && type != EVENT_ABSENCE && type < _EVENT_TYPE_MAX;
}

static int decide(const Machine *m, const Event *event, const MachineEnv *env, Change *change,
                Refusal *ret_refusal) {
        if (needs_interval(event->type) && !machine_running(m))
                return refuse(ret_refusal, REFUSAL_NOT_RUNNING, "nothing is running");
        switch (event->type) {
        case EVENT_TIME:
                machine_time(event, env, m, change);
                return 0;
        case EVENT_START:
                return on_start(m, event, env, change, ret_refusal);
        case EVENT_STOP:
                return on_stop(m, event, env, change, ret_refusal);
        case EVENT_SKIP:
                return on_skip(m, env, change, ret_refusal);
        case EVENT_INTERRUPT:
                return on_interrupt(event, env, change, ret_refusal);
        case EVENT_PAUSE:
                return on_pause(env, change, ret_refusal);
        case EVENT_RESUME:
                return on_resume(env, change, ret_refusal);
        case EVENT_EXTEND:
                return on_extend(event, env, change, ret_refusal);
        case EVENT_SET_TASK:
                return on_set_task(m, event, env, change, ret_refusal);
        case EVENT_ABSENCE:
                return on_absence(m, event, env, change);
        default:
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "%d is no event of the timer",
                                (int) event->type);
        }
}

int machine_dispatch(const Machine *machine, const Event *event, const MachineEnv *env, Change *ret_change,
                Refusal *ret_refusal) {
        Event becomes = *event;

        assert(!event->note || text_check(event->note, CAP_NOTE_BYTES) == 0);
        if (event->type == EVENT_TOGGLE)
                becomes.type = toggle_becomes(machine);

        Change change;
        change_init(&change, machine, &env->now, becomes.type);
        int r = decide(machine, &becomes, env, &change, ret_refusal);
        if (r == 0)
                *ret_change = change;
        return r;
}
