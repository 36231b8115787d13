/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The engine: the only owner of mutable state. A request is decided by core, committed to the store, then
 * told to the listeners, then answered; what could not be stored did not happen. The one exception is a ring,
 * which follows from what is on disk already: it is announced first, and its rows are stored right after,
 * with back-off if they cannot be. One timer serves all users. Every call first settles what time did (sleep,
 * a set clock, deadlines).
 *
 * Users are loaded when they are first asked for (and, at the start, where an interval runs). A read makes no
 * store. Functions return 0, a negative errno, or a positive RefusalCode with its sentence. What the store
 * cannot do is turned into REFUSAL_STORE_FAILED here, with a sentence for the person who asked; the cause is
 * logged once.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/core/calendar.h"
#include "daemon/core/focus.h"
#include "daemon/core/log.h"
#include "daemon/core/machine.h"
#include "daemon/core/query.h"
#include "daemon/core/refusal.h"
#include "daemon/core/settings.h"
#include "daemon/core/tasks.h"
#include "daemon/core/types.h"
#include "daemon/engine/clocks.h"

typedef struct Engine Engine;

typedef struct EngineConfig {
        Clocks *clocks; /* taken over */
        const char *state_dir;
        bool many_users;  /* state_dir/UID each, as on the system bus; else state_dir is the one user's */
        uid_t single_uid; /* who that is, where there is one */
        uid_t uid_min;    /* many users: accounts below have no store (UID_MIN of login.defs) */
        /* The account name of a uid; NULL: getpwuid. A test's own. */
        int (*account_name)(uid_t uid, char **ret_name);
        /* Runs "pomod --make-backup FOLDER" in a process of its own and calls engine_backup_done(); NULL: no
         * backups. */
        int (*spawn_backup)(void *userdata, uid_t uid, const char *folder);
        void *userdata;
} EngineConfig;

int engine_new(const EngineConfig *config, Engine **ret_engine);
Engine *engine_free(Engine *engine); /* stores what is pending; NULL is fine; returns NULL */
/* Loads the users in whose store something runs, and settles them. Called once, before the first request. */
int engine_start(Engine *engine);

/* ---- listeners ---- */

typedef enum ChangedKind {
        CHANGED_TIMER = 1 << 0,
        CHANGED_TASKS = 1 << 1,
        CHANGED_HISTORY = 1 << 2,
        CHANGED_SETTINGS = 1 << 3,
        CHANGED_SCHEDULES = 1 << 4,
        CHANGED_FOCUS = 1 << 5, /* Desired is another one */
} ChangedKind;

typedef struct EngineEvent {
        uint64_t seq;
        Happening happening;
} EngineEvent;

/*
 * changed: a set of ChangedKind. events: what happened, in order, each with the next seq; may be none. A
 * listener may read with engine_get_timer(), which then shows what is announced and settles nothing again; it
 * makes no request.
 */
typedef void (*EngineListener)(
                uid_t uid, unsigned changed, const EngineEvent *events, unsigned n_events, void *userdata);
void engine_set_listener(Engine *engine, EngineListener listener, void *userdata);
/* Somebody is subscribed to this user: the day's edge and the cycle's end are then deadlines too. */
void engine_set_watched(Engine *engine, uid_t uid, bool watched);

/* ---- reading ---- */

typedef struct TimerSnapshot {
        TimerView view;
        const char *task_title; /* valid until the next call into the engine; "" none */
        uint32_t completed_today;
        uint32_t target_today;      /* 0 none */
        IntervalKind mode;          /* INTERVAL_NONE: empty */
        const char *rule;           /* "" none */
        const char *schedule_state; /* "window", "away", "off-hours", "free" */
        const char *time_zone;      /* the setting; "" the system's */
        const char *boot_id;
        uint64_t seq;
} TimerSnapshot;

/* REFUSAL_NO_USER for an account that has no user object here. */
int engine_check_user(Engine *engine, uid_t uid, Refusal *ret_refusal);
/* Users that are loaded now: all in whose name something is in force are. func may call the engine. */
typedef int (*UserFunc)(uid_t uid, void *userdata); /* non-zero stops and is returned */
int engine_each_user(Engine *engine, UserFunc func, void *userdata);
/* What the engine's clocks say: the bus has none of its own. */
int engine_get_now(Engine *engine, Now *ret_now);
int engine_get_timer(Engine *engine, uid_t uid, TimerSnapshot *ret_snapshot, Refusal *ret_refusal);
int engine_get_settings(Engine *engine, uid_t uid, Settings *ret_settings, Refusal *ret_refusal);
int engine_get_task(Engine *engine, uid_t uid, int64_t id, Task *ret_task, Refusal *ret_refusal);
/* The one open task of a title; REFUSAL_NO_SUCH_TASK, REFUSAL_AMBIGUOUS_TASK. project may be NULL. */
int engine_find_task(Engine *engine, uid_t uid, const char *title, const char *project, int64_t *ret_id,
                Refusal *ret_refusal);
int engine_each_task(Engine *engine, uid_t uid, const TaskQuery *query, TaskFunc func, void *userdata,
                Refusal *ret_refusal);
int engine_get_interval(Engine *engine, uid_t uid, int64_t id, Interval *ret_interval, Refusal *ret_refusal);
/* Adds to such an interval its interruptions. */
int engine_get_interruptions(Engine *engine, uid_t uid, Interval *interval, Refusal *ret_refusal);
/* A period of core/log.h, in the user's zone and days. */
int engine_parse_period(Engine *engine, uid_t uid, const char *text, Span *ret_span, Refusal *ret_refusal);
/* Records of the log; the running one is given with its length up to now. Resume with the cursor of the last
 * one. */
int engine_each_interval(Engine *engine, uid_t uid, const LogQuery *query, IntervalFunc func, void *userdata,
                Refusal *ret_refusal);
/* Events after since, oldest first; ret_complete is false where the ring no longer reaches back so far. */
int engine_each_event(Engine *engine, uid_t uid, uint64_t since,
                void (*func)(const EngineEvent *event, void *userdata), void *userdata, bool *ret_complete,
                Refusal *ret_refusal);

/* ---- schedules and focus ---- */

typedef int (*RuleFunc)(const Rule *rule, void *userdata); /* non-zero stops and is returned */
typedef int (*ProfileFunc)(const Profile *profile, void *userdata);
int engine_each_rule(Engine *engine, uid_t uid, RuleFunc func, void *userdata, Refusal *ret_refusal);
int engine_each_profile(Engine *engine, uid_t uid, ProfileFunc func, void *userdata, Refusal *ret_refusal);
int engine_print_rules(
                Engine *engine, uid_t uid, char **ret_text, Refusal *ret_refusal); /* free with g_free() */
int engine_each_warning(Engine *engine, uid_t uid, WarningFunc func, void *userdata, Refusal *ret_refusal);
/* at_real_usec 0: now. schedule points into the rules: valid until the next call. why: free with g_free(). */
int engine_explain(Engine *engine, uid_t uid, uint64_t at_real_usec, Schedule *ret_schedule, char **ret_why,
                Refusal *ret_refusal);
int engine_agenda(Engine *engine, uid_t uid, uint64_t from_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata, Refusal *ret_refusal);
/* from_real_usec 0: of the whole date. */
int engine_capacity(Engine *engine, uid_t uid, Date date, uint64_t from_real_usec, uint32_t *ret_pomodoros,
                Refusal *ret_refusal);
int engine_each_office_day(Engine *engine, uid_t uid, Date from, Date to, OfficeDayFunc func, void *userdata,
                Refusal *ret_refusal);
/* Claims in force (history false), else those that engaged within the span. */
int engine_each_claim(Engine *engine, uid_t uid, bool history, const Span *span, ClaimFunc func,
                void *userdata, Refusal *ret_refusal);
/* Grows with every change of what should hold for a plugin of this user; over all users for uid (uid_t) -1.
 */
uint64_t engine_desired_generation(Engine *engine, uid_t uid);
/* What a host last said of a plugin; stored in memory only. An older generation is ignored. */
typedef struct PluginReport {
        char plugin[CAP_RULE_BYTES + 1];
        char state[16]; /* engaged, released, failed, idle */
        char *message;
        uint64_t generation;
        uint64_t at_real_usec;
} PluginReport;
int engine_report(Engine *engine, uid_t uid, const PluginReport *report, Refusal *ret_refusal);
/* Of one that is kept elsewhere: that the plugin failed goes on record with the claims that name it. */
int engine_note_failure(Engine *engine, uid_t uid, const PluginReport *report, Refusal *ret_refusal);
typedef void (*PluginReportFunc)(const PluginReport *report, void *userdata);
int engine_each_report(
                Engine *engine, uid_t uid, PluginReportFunc func, void *userdata, Refusal *ret_refusal);

/* ---- writing: after authorization ---- */

typedef enum RequestType {
        REQUEST_TIMER, /* an Event of the machine: start, stop, skip, interrupt, pause, resume, extend,
                          toggle, set-task */
        REQUEST_TASK_ADD,
        REQUEST_TASK_UPDATE,
        REQUEST_TASK_REMOVE,
        REQUEST_LOG_ADD,
        REQUEST_LOG_EDIT,
        REQUEST_LOG_DELETE,
        REQUEST_LOG_UNDO,
        REQUEST_LOG_REDO,
        REQUEST_SETTING_SET,
        REQUEST_SETTING_RESET,
        REQUEST_RESTORE,
        REQUEST_RULE_SET,        /* rule */
        REQUEST_RULE_REMOVE,     /* name */
        REQUEST_PROFILE_SET,     /* profile */
        REQUEST_PROFILE_REMOVE,  /* name */
        REQUEST_RULES_IMPORT,    /* text, replace, dry_run */
        REQUEST_OFFICE_DAY_ADD,  /* name (empty: the only office-day rule), date */
        REQUEST_OFFICE_DAY_MOVE, /* name, date, to_date */
        REQUEST_OFFICE_DAY_DROP, /* name, date */
        REQUEST_FOCUS_ENGAGE,    /* name, for_usec, lock */
        REQUEST_FOCUS_RELEASE,   /* id (0: all in force), text: the reason, admin */
        REQUEST_FOCUS_WITHDRAW,  /* id (0: all pending) */
        _REQUEST_TYPE_MAX,
} RequestType;

typedef struct Request {
        RequestType type;
        bool has_if_seq;
        uint64_t if_seq;
        Event event;            /* TIMER */
        const char *task_title; /* TIMER start and set-task, LOG_ADD, LOG_EDIT: instead of a task id; created
                                   if unknown */
        const char *task_project; /* with it; NULL any */
        int64_t id;               /* TASK_UPDATE, TASK_REMOVE, LOG_EDIT, LOG_DELETE */
        TaskEdit task;            /* TASK_ADD, TASK_UPDATE */
        LogEdit log;              /* LOG_ADD, LOG_EDIT */
        const char *name;         /* SETTING_SET, SETTING_RESET, RESTORE */
        const char *text;         /* SETTING_SET, RULES_IMPORT; FOCUS_RELEASE: the reason */
        const Rule *rule;
        const Profile *profile;
        bool replace, dry_run;
        WarningFunc warning;    /* RULE_SET, RULES_IMPORT (with dry_run, too): called before it returns 0 with
                                   what */
        void *warning_userdata; /* can never come true of the rules as they would be; NULL: not wanted */
        ProfileFunc profile_func; /* RULES_IMPORT: called with each profile that there would be, where
                                     nothing of it is refused */
        void *profile_userdata;
        Date date, to_date;
        uint64_t for_usec;
        LockKind lock;
        uint64_t lock_delay_usec;
        bool admin;        /* what an admin lock asks for was granted */
        const char *focus; /* TIMER start: a profile in force for as long as the interval; NULL none */
} Request;

typedef struct Answer {
        int64_t id;                 /* of the interval begun, toggled, added, undone; of the task added */
        EventType did;              /* TOGGLE: what it became */
        bool hidden;                /* TASK_REMOVE: hidden, because the log needs it */
        int64_t created_task;       /* 0: none was created for a title */
        unsigned rules, profiles;   /* RULES_IMPORT: how many are new or others than before */
        unsigned removed;           /* RULES_IMPORT with replace */
        char kept[BACKUP_NAME_MAX]; /* RESTORE: the backup of what was there before; empty: it is only set
                                       aside */
        uint64_t release_real_usec; /* FOCUS_RELEASE: when it is released; now, or after the delay */
} Answer;

int engine_request(
                Engine *engine, uid_t uid, const Request *request, Answer *ret_answer, Refusal *ret_refusal);

/* ---- backups ---- */

/* Starts one; engine_backup_done() tells done. REFUSAL_BUSY while one is being made for this user. Where 0
 * was returned, done is called once, at the latest by engine_free() with -ECANCELED. */
typedef void (*EngineBackupFunc)(int result, const char *name, void *userdata);
int engine_backup(Engine *engine, uid_t uid, EngineBackupFunc done, void *userdata, Refusal *ret_refusal);
void engine_backup_done(Engine *engine, uid_t uid, int result, const char *name);
int engine_each_backup(Engine *engine, uid_t uid, BackupFunc func, void *userdata, Refusal *ret_refusal);

/* ---- hints from outside, all of them checked against the clocks ---- */

void engine_look(Engine *engine);         /* look at the time now, for all users */
void engine_sleep(Engine *engine);        /* the computer is about to sleep: checkpoint what runs */
void engine_zone_changed(Engine *engine); /* the system's zone is another one */
void engine_absence(Engine *engine, uid_t uid, AbsenceKind kind, bool absent, uint64_t since_boot_usec);
