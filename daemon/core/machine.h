/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The state machine of one user: what runs, what follows, what is written down. Pure: it is given a machine,
 * an event and what the clocks say, and fills in a change that the caller stores and announces. It owns
 * nothing, does no I/O and cannot fail half-way: on a refusal or an error the change is untouched and the old
 * machine stands.
 *
 * The machine is plain data: copying the struct copies the machine.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/caps.h"
#include "daemon/core/calendar.h"
#include "daemon/core/now.h"
#include "daemon/core/refusal.h"
#include "daemon/core/settings.h"
#include "daemon/core/types.h"

#define MACHINE_CHECKPOINT_USEC (5ULL * 60 * 1000000) /* how often a running freeform is noted */
#define MACHINE_CYCLE_REST_USEC \
        (60ULL * 60 * 1000000) /* after this long without a pomodoro the cycle restarts */
#define MACHINE_NEVER UINT64_MAX

/* The interval that runs. Times on BOOTTIME are of machine.boot_id. */
typedef struct Running {
        int64_t id;
        IntervalKind kind; /* INTERVAL_NONE: idle, and all else is 0 */
        uint64_t started_boot_usec;
        uint64_t started_real_usec; /* re-based when the clock is set */
        int32_t offset_sec;
        uint64_t planned_usec; /* with extensions; 0 for freeform */
        uint64_t extended_usec;
        uint64_t paused_total_usec;      /* of the pauses that ended */
        uint64_t paused_since_boot_usec; /* 0: not paused now */
        uint64_t resumed_boot_usec;      /* when the newest pause ended; 0: never paused and resumed */
        uint32_t pauses;
        uint32_t internal, external;
        uint64_t slept_usec;             /* the computer slept so long within it */
        uint64_t checkpoint_boot_usec;   /* freeform: last noted as running */
        uint64_t locked_since_boot_usec; /* 0: not locked, or not known */
        uint64_t idle_since_boot_usec;
        uint32_t absences;
        bool may_pause; /* of the settings, as they were when it began */
        uint64_t suspend_grace_usec;
        int64_t task;
        char rule[CAP_RULE_BYTES + 1];
        char window_date[11]; /* of that rule's window; empty none */
        bool overtime;
} Running;

typedef struct Machine {
        Running running;
        uint32_t cycle;          /* pomodoros rung since the last long break */
        int64_t due_id;          /* whose deadline came last, while nothing or its break runs; 0 none */
        IntervalKind break_due;  /* rang, and the break did not start by itself */
        int64_t carry_task;      /* of the pomodoro before this break: the one after it goes on with it */
        uint64_t rung_real_usec; /* when the last pomodoro rang, 0 never; both clocks, the first for other
                                    boots */
        uint64_t rung_boot_usec;
        int64_t next_id;               /* the id of the next interval */
        uint32_t epoch;                /* of the clock */
        uint64_t newest_end_real_usec; /* of the intervals in this epoch */
        /* The clocks when it was last looked at, to see what happened to them since. */
        char boot_id[33];
        uint64_t seen_boot_usec;
        uint64_t seen_mono_usec;
        uint64_t seen_real_usec;
} Machine;

typedef enum EventType {
        EVENT_TIME, /* see what time did: another boot, sleep, a clock set, a deadline, a checkpoint, the
                       cycle's end */
        EVENT_START,
        EVENT_STOP,
        EVENT_SKIP,
        EVENT_INTERRUPT,
        EVENT_PAUSE,
        EVENT_RESUME,
        EVENT_EXTEND,
        EVENT_TOGGLE,   /* becomes the one of the above that fits */
        EVENT_SET_TASK, /* of the running interval; 0 none */
        EVENT_ABSENCE,  /* the screen was locked or unlocked, the session went idle or came back */
        _EVENT_TYPE_MAX,
} EventType;

typedef struct Event {
        EventType type;
        /* EVENT_TIME */
        bool settling; /* nobody was there to see it: the daemon has just started */
        /* EVENT_START */
        IntervalKind kind;     /* INTERVAL_NONE: what is next */
        bool any_break;        /* the break that is due, short where none is */
        uint64_t planned_usec; /* 0: as the settings say; freeform takes none */
        uint64_t ago_usec;     /* it began so long ago */
        bool switch_running;   /* end what runs instead of Busy */
        bool anyway;           /* also outside the hours */
        bool by_schedule;      /* a window begins it: what it ends says so */
        int64_t task;
        uint32_t later_internal, later_external; /* interruptions of what runs, noted after the new start */
        /* EVENT_STOP, EVENT_INTERRUPT */
        const char *note;      /* stop: the reason given; interrupt: what it was. NULL none */
        uint64_t at_real_usec; /* stop of freeform: ended then instead of now; 0 now */
        bool external;
        /* EVENT_EXTEND */
        uint64_t extend_usec;
        /* EVENT_ABSENCE */
        AbsenceKind absence;
        bool absent;
        uint64_t absent_since_usec; /* BOOTTIME; 0 now */
} Event;

/* What surrounds a machine: the same for every event of one moment. */
typedef struct MachineEnv {
        const Settings *settings;
        GTimeZone *zone; /* the user's */
        Now now;
        IntervalKind mode;       /* what a bare start begins where no break is due: pomodoro or freeform */
        const char *rule;        /* whose window holds; empty none */
        const char *window_date; /* on which date, "2026-07-01"; empty or NULL none */
        const char *task_title;  /* of what runs, for a refusal; NULL none */
        bool off_hours;          /* start needs anyway */
        bool overtime;
        Calendar *calendar;       /* with off_hours: says when the next window is; NULL: nobody knows */
        const Schedule *schedule; /* with a calendar never NULL: what holds now */
} MachineEnv;

/* What to write, in order. Offsets are from the interval's start on BOOTTIME: setting the clock moves none.
 */
typedef enum RowType {
        ROW_BEGIN,     /* insert running with these values */
        ROW_UPDATE,    /* store running's started_real, planned, extended, epoch, task, length so far */
        ROW_END,       /* outcome, reason, note, length */
        ROW_PAUSE,     /* a pause begins at offset */
        ROW_RESUME,    /* the open pause ends, length usec after it began */
        ROW_INTERRUPT, /* at offset, external, note */
        ROW_ABSENCE,   /* at offset, of length, of kind absence */
        ROW_TAKE, /* the interruptions of another interval after an offset of it become those of this one */
} RowType;

typedef struct Row {
        RowType type;
        int64_t id;      /* of the interval */
        Running running; /* BEGIN, UPDATE */
        uint64_t offset_usec;
        uint64_t length_usec;
        IntervalOutcome outcome;
        const char *reason; /* static or the event's: valid until the event is gone */
        const char *note;   /* the event's */
        bool external;
        AbsenceKind absence;
        uint32_t epoch;
        bool keep_later; /* END: interruptions noted after it are not dropped, a TAKE follows */
        int64_t from;    /* TAKE */
} Row;

/* What happened, for those who watch. Words are the `kind` of Timer.Event. */
typedef enum HappeningType {
        HAPPENED_STARTED,         /* "started" */
        HAPPENED_COMPLETED,       /* "completed": it rang, or freeform ended */
        HAPPENED_VOID,            /* "void" */
        HAPPENED_SKIPPED,         /* "skipped" */
        HAPPENED_INTERRUPTED,     /* "interrupted" */
        HAPPENED_PAUSED,          /* "paused" */
        HAPPENED_RESUMED,         /* "resumed" */
        HAPPENED_EXTENDED,        /* "extended" */
        HAPPENED_TASK,            /* "task": the task of the running interval changed */
        HAPPENED_CLOCK_SET,       /* "clock-set" */
        HAPPENED_CYCLE_RESTARTED, /* "cycle-restarted" */
        HAPPENED_BACK,          /* "back": after an absence from a running freeform; offers to end it there */
        HAPPENED_TASKS_CHANGED, /* "tasks-changed"; made by the engine, as are the next */
        HAPPENED_HISTORY_CHANGED,  /* "history-changed" */
        HAPPENED_SETTINGS_CHANGED, /* "settings-changed" */
        HAPPENED_DAY_CHANGED,      /* "day-changed" */
        HAPPENED_SCHEDULE_CHANGED, /* "schedule-changed": another window, or other rules */
        HAPPENED_FOCUS_CHANGED,    /* "focus-changed": a claim engaged, ended, was released or will be */
        /* With a sentence for people: see told.h. */
        HAPPENED_WINDOW_ENTERED,    /* "window-entered" */
        HAPPENED_WINDOW_LEFT,       /* "window-left" */
        HAPPENED_FOCUS_ENGAGED,     /* "focus-engaged" */
        HAPPENED_FOCUS_ENDED,       /* "focus-ended" */
        HAPPENED_FOCUS_RELEASED,    /* "focus-released" */
        HAPPENED_RELEASE_PENDING,   /* "release-pending" */
        HAPPENED_RELEASE_WITHDRAWN, /* "release-withdrawn" */
        HAPPENED_PLUGIN_FAILED,     /* "plugin-failed" */
        HAPPENED_PLUGIN_RECOVERED,  /* "plugin-recovered" */
        HAPPENED_OFFICE_DAY_ENDED,  /* "office-day-ended" */
        _HAPPENING_TYPE_MAX,
} HappeningType;
DECLARE_ENUM_WORDS(HappeningType, happening);

typedef struct Happening {
        HappeningType type;
        int64_t id; /* interval, 0 none */
        IntervalKind kind;
        int64_t task;
        uint64_t at_real_usec;    /* when it happened, which may be earlier than now */
        uint64_t worked_usec;     /* of what ended */
        char reason[32];          /* "suspend", "reboot", "stopped", "switched", …; empty none */
        bool external;            /* interrupted */
        const char *note;         /* interrupted: the event's; NULL none */
        uint64_t since_real_usec; /* back: since when */
        int64_t claim;            /* 0 none */
        const char *subject;      /* the profile, rule or plugin; whose it is says told.h; NULL none */
        const char *message;      /* for people; NULL none */
} Happening;

#define CHANGE_ROWS_MAX       8
#define CHANGE_HAPPENINGS_MAX 4

/*
 * A change without happenings (a checkpoint, a sleep that counts for nothing, a locked screen) is stored, but
 * nobody is told and the sequence number stays: no property of the timer changes.
 */
typedef struct Change {
        bool changed;    /* false: nothing happened, the machine may still have noted the clocks */
        EventType did;   /* what a toggle became; else the event's own type */
        bool rang;       /* follows from what is on disk: announced before it is stored, never undone */
        Machine machine; /* what is now true */
        Row rows[CHANGE_ROWS_MAX];
        unsigned n_rows;
        Happening happenings[CHANGE_HAPPENINGS_MAX];
        unsigned n_happenings;
} Change;

void machine_init(Machine *ret_machine, const Now *now);

/*
 * EVENT_TIME makes one transition a call; call again until change.changed is false, and before every other
 * event. Returns 0, or a positive RefusalCode with its sentence.
 */
int machine_dispatch(const Machine *machine, const Event *event, const MachineEnv *env, Change *ret_change,
                Refusal *ret_refusal);

/* Whether a request about an interval is about what there is now: REFUSAL_STATE_CHANGED unless it runs, or is
 * the one whose deadline came last while nothing or its break runs. */
int machine_check_interval(const Machine *machine, uint64_t id, Refusal *ret_refusal);

/*
 * When EVENT_TIME will next change something, on BOOTTIME; MACHINE_NEVER for never. The end of the cycle's
 * rest counts only for somebody who watches.
 */
uint64_t machine_next(const Machine *machine, const MachineEnv *env, bool watched);

/* What the timer shows: derived here once for bus and tests. BOOTTIME values are of the current boot. */
typedef struct TimerView {
        IntervalKind state;
        bool paused;
        bool can_pause; /* it would be taken now */
        IntervalKind next;
        int64_t interval;
        uint64_t started_real_usec, started_boot_usec;
        uint64_t deadline_real_usec, deadline_boot_usec; /* 0: none, or paused */
        uint64_t running_since_boot_usec;                /* 0 while paused or idle */
        uint64_t worked_usec;                            /* up to running_since; in all while paused */
        uint64_t paused_remaining_usec;                  /* 0 unless paused with an end */
        uint32_t cycle;
        int64_t task;
} TimerView;

void machine_view(const Machine *machine, const MachineEnv *env, TimerView *ret_view);
