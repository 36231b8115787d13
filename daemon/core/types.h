/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The records that all rooms of the daemon speak of: intervals and tasks. Plain data, no behaviour but
 * ownership. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/caps.h"
#include "common/enums.h"
#include "daemon/core/fields.h"

/* A stretch of one kind. As a state of the timer, INTERVAL_NONE is "idle". */
typedef enum IntervalKind {
        INTERVAL_NONE, /* "idle" */
        INTERVAL_POMODORO,
        INTERVAL_SHORT_BREAK,
        INTERVAL_LONG_BREAK,
        INTERVAL_FREEFORM,
        _INTERVAL_KIND_MAX,
} IntervalKind;
DECLARE_ENUM_WORDS(IntervalKind, interval_kind);

static inline bool interval_kind_is_break(IntervalKind kind) {
        return kind == INTERVAL_SHORT_BREAK || kind == INTERVAL_LONG_BREAK;
}

typedef enum IntervalOutcome {
        OUTCOME_RUNNING,
        OUTCOME_COMPLETED,
        OUTCOME_VOID,
        OUTCOME_SKIPPED,
        _INTERVAL_OUTCOME_MAX,
} IntervalOutcome;
DECLARE_ENUM_WORDS(IntervalOutcome, interval_outcome);

typedef enum AbsenceKind {
        ABSENCE_LOCKED,
        ABSENCE_IDLE,
        _ABSENCE_KIND_MAX,
} AbsenceKind;
DECLARE_ENUM_WORDS(AbsenceKind, absence_kind);

typedef struct Interruption {
        uint64_t offset_usec;  /* from the start of its interval */
        uint64_t at_real_usec; /* filled in when it is shown */
        bool external;
        char *note; /* NULL none */
} Interruption;

#define INTERRUPTION_FIELDS(STORED, EDITABLE, DERIVED, FILLED, COMPUTED) \
        STORED(offset_usec, USEC, "offset_usec", NULL)                   \
        FILLED(at_real_usec, USEC, "AtRealtimeUSec")                     \
        STORED(external, FLAG, "external", "External")                   \
        STORED(note, TEXT, "note", "Note")
extern const RecordInfo interruption_record;

/*
 * One interval of the log. Nothing in it is a total that could disagree: where it ends is started + length,
 * what was worked is length - pauses. Strings are owned; NULL means none.
 */
typedef struct Interval {
        int64_t id;    /* what people type as #12; never reused */
        char uuid[37]; /* for export and merging */
        IntervalKind kind;
        IntervalOutcome outcome;
        char *reason; /* why it ended as it did: "suspend", "reboot", "restored", "stopped", … */
        char *note;
        char *rule;                 /* the rule whose window it began in */
        char window_date[11];       /* the date of that window, which its day is: "2026-07-01"; empty none */
        char date[11];              /* of the day that it belongs to; derived when read */
        uint64_t started_real_usec; /* UTC */
        int32_t offset_sec;         /* east of UTC, of the user's zone at the start */
        uint64_t length_usec; /* from start to end, pauses included, measured on BOOTTIME; running: so far, as
                                 last stored */
        uint64_t planned_usec;       /* with extensions; 0 for freeform */
        uint64_t extended_usec;      /* the part of planned_usec that was asked for later */
        uint64_t paused_usec;        /* sum of the pauses */
        bool paused;                 /* it was paused at least once */
        uint32_t internal, external; /* interruptions */
        Interruption *interruptions; /* where they were asked for, oldest first; owned */
        uint32_t n_interruptions;
        uint64_t locked_usec, idle_usec; /* absences noted within it */
        uint32_t epoch;                  /* of the clock: no two intervals overlap within one */
        bool overtime;                   /* work that began outside the hours of the day's rules */
        uint64_t overtime_usec;          /* worked outside them; derived when read, by the rules of then */
        bool edited;                     /* added or changed by hand */
        int64_t task;                    /* 0: none */
        char *task_title;                /* joined in when read */
        char *project;                   /* joined in when read */
} Interval;

#define INTERVAL_FIELDS(STORED, EDITABLE, DERIVED, FILLED, COMPUTED)           \
        STORED(id, ID, "id", "Id")                                             \
        STORED(uuid, TOKEN, "uuid", "Uuid")                                    \
        STORED(kind, WORD(interval_kind), "kind", "Kind")                      \
        STORED(outcome, WORD(interval_outcome), "outcome", "Outcome")          \
        STORED(reason, TEXT, "reason", "Reason")                               \
        STORED(note, TEXT, "note", "Note")                                     \
        STORED(rule, TEXT, "rule", "Rule")                                     \
        STORED(window_date, CHARS, "window_date", NULL)                        \
        FILLED(date, DAY, "Date")                                              \
        STORED(started_real_usec, USEC, "started_usec", "StartedRealtimeUSec") \
        COMPUTED(interval_field_ended, USEC, "EndedRealtimeUSec")              \
        STORED(offset_sec, OFFSET, "offset_sec", "OffsetSec")                  \
        STORED(length_usec, USEC, "length_usec", NULL)                         \
        STORED(planned_usec, USEC, "planned_usec", "PlannedUSec")              \
        STORED(extended_usec, USEC, "extended_usec", NULL)                     \
        COMPUTED(interval_field_worked, USEC, "WorkedUSec")                    \
        DERIVED(paused_usec, USEC, "PausedUSec")                               \
        DERIVED(paused, FLAG, "Paused")                                        \
        DERIVED(internal, COUNT, "Internal")                                   \
        DERIVED(external, COUNT, "External")                                   \
        DERIVED(locked_usec, USEC, "LockedUSec")                               \
        DERIVED(idle_usec, USEC, "IdleUSec")                                   \
        STORED(task, REF, "task", "TaskId")                                    \
        DERIVED(task_title, TEXT, "Task")                                      \
        DERIVED(project, TEXT, "Project")                                      \
        STORED(overtime, FLAG, "overtime", "Overtime")                         \
        FILLED(overtime_usec, USEC, "OvertimeUSec")                            \
        STORED(edited, FLAG, "edited", "Edited")                               \
        STORED(epoch, COUNT, "epoch", "Epoch")
extern const RecordInfo interval_record;

void interval_done(Interval *interval);
/* At the end, with a note of its own. */
void interval_add_interruption(Interval *interval, const Interruption *interruption);
void interval_copy(const Interval *interval, Interval *ret_copy);

static inline uint64_t interval_ended_real_usec(const Interval *i) {
        return i->started_real_usec + i->length_usec;
}
static inline uint64_t interval_worked_usec(const Interval *i) {
        return i->length_usec > i->paused_usec ? i->length_usec - i->paused_usec : 0;
}

typedef struct Task {
        int64_t id; /* what people type as #3; never reused */
        char uuid[37];
        char *title;
        char *project;     /* NULL: none */
        char *note;        /* NULL: none */
        char *tags;        /* words with a blank between two; NULL: none */
        uint32_t estimate; /* in pomodoros; 0: none */
        bool done;
        bool removed;         /* hidden, kept because history needs it */
        char plan_date[11];   /* "2026-07-01", empty: not planned for a day */
        uint32_t used;        /* pomodoros completed on it; derived from the intervals when read */
        uint64_t worked_usec; /* worked on it in any kind; derived when read */
} Task;

#define TASK_FIELDS(STORED, EDITABLE, DERIVED, FILLED, COMPUTED)         \
        STORED(id, ID, "id", "Id")                                       \
        STORED(uuid, TOKEN, "uuid", "Uuid")                              \
        EDITABLE(title, TEXT, "title", "Title", CAP_TITLE_BYTES)         \
        EDITABLE(project, TEXT, "project", "Project", CAP_PROJECT_BYTES) \
        EDITABLE(note, TEXT, "note", "Note", CAP_NOTE_BYTES)             \
        EDITABLE(tags, WORDS, "tags", "Tags", CAP_TAGS_BYTES)            \
        EDITABLE(estimate, COUNT, "estimate", "Estimate", UINT32_MAX)    \
        EDITABLE(done, FLAG, "done", "Done", 0)                          \
        STORED(removed, FLAG, "removed", NULL)                           \
        EDITABLE(plan_date, DAY, "plan_date", "PlanDate", 0)             \
        DERIVED(used, COUNT, "Used")                                     \
        DERIVED(worked_usec, USEC, "WorkedUSec")
extern const RecordInfo task_record;

void task_done(Task *task);
