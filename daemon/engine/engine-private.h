/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of the engine share among themselves. Nobody else includes it. */

#include <glib.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/journal.h"
#include "daemon/store/store.h"

#define ENGINE_STORES_KEPT      16u                /* open stores of users where nothing goes on */
#define ENGINE_RETRY_FIRST_USEC USEC_PER_SEC       /* of rows that could not be stored; doubles … */
#define ENGINE_RETRY_LAST_USEC  (5 * USEC_PER_MIN) /* … up to this */
#define ENGINE_BACKUP_AGE_USEC  USEC_PER_DAY       /* an older newest backup wants another one */
#define ENGINE_BACKUP_LOOK_USEC USEC_PER_HOUR      /* how often the newest one is looked at */
#define ENGINE_HAPPENINGS_MAX   (CHANGE_HAPPENINGS_MAX + 1) /* of one change, with a task made for it */

/* A change that is true and told, and not yet stored. */
typedef struct Pending {
        Change change;
        uint64_t seq;
        uint64_t completed_real_usec; /* when the pomodoro that rang in it had begun; 0: none rang */
        char window_date[11];         /* that it began on; empty none */
} Pending;

/* Which window was last told of: an edge is where another one is found. */
typedef struct Lived {
        bool known;
        ScheduleState state;
        IntervalKind mode;
        uint64_t window_from_usec;
        uint64_t until_usec; /* 0: not within the horizon */
        char rule[CAP_RULE_BYTES + 1];
} Lived;

/* The newest events, for those who missed some. */
typedef struct EventRing {
        EngineEvent *events; /* CAP_EVENTS of them, made with the first */
        unsigned first, n;
        uint64_t before_seq; /* events up to this one are not known */
} EventRing;

/* Claims in force, as they are on record, and what hosts said of them. */
typedef struct Focus {
        GArray *claims;      /* of Claim; NULL before the store was read */
        GArray *kept;        /* of Claim: true, and not yet stored; NULL none */
        uint64_t retry_usec; /* BOOTTIME, while something is kept */
        int64_t next_id;
        uint64_t generation;        /* the seq with which what should hold became what it is */
        char synchronised_boot[33]; /* in which the clock was synchronised at some moment */
        GHashTable *reports;        /* plugin → PluginReport; NULL none */
        const char *start_profile;  /* of the interval that is just being started; NULL none */
        bool was_break;             /* what ran when it was last settled */
        bool busy;                  /* being settled: who is told settles nothing again */
} Focus;

typedef struct User {
        Engine *engine;
        uid_t uid;
        char *folder;
        char *account;
        Store *store; /* NULL: none was made yet */
        Machine machine;
        Settings settings;
        uint64_t seq;
        GTimeZone *zone;  /* NULL: to be made anew */
        char *task_title; /* of the running interval; NULL none */

        /* When time changes something next: even if nobody watches; and what the user's timer is armed for.
         */
        uint64_t next_usec;
        uint64_t wake_usec;

        RuleSet rules;
        bool has_duty;      /* rules that begin or enforce something by themselves: never unloaded */
        Calendar *calendar; /* of rules and zone; NULL: to be made anew */
        bool schedule_known;
        Schedule schedule; /* what holds from … up to an edge of the wall clock */
        uint64_t schedule_from_usec, schedule_edge_usec;
        char window_date[DATE_TEXT_MAX]; /* of the window that holds; empty none */
        Lived lived;

        /* The day that it is: a date, with the span that the settings give it. In a window it is the window's
         * date, whatever the clock says, and ends with the window at the soonest. */
        bool today_known;
        char today_date[DATE_TEXT_MAX];
        char told_date[DATE_TEXT_MAX]; /* the day that was last told of */
        Span today;
        uint64_t today_from_usec, today_to_usec; /* how long it stays today */
        uint32_t completed_today;
        uint32_t rules_target; /* that the day's rules have together; 0 none */

        bool watched;
        bool just_started; /* what happened before was seen by nobody */
        uint64_t used;     /* the engine's count when it was last asked for */

        GQueue pending;      /* of Pending, oldest first */
        uint64_t retry_usec; /* BOOTTIME, while something is pending */
        uint64_t retry_delay_usec;
        int failure; /* what the store said last, to log it once */

        EventRing ring;
        Focus focus;

        bool backup_running;
        uint64_t backup_look_usec; /* BOOTTIME from which the newest backup is looked at again */
        EngineBackupFunc backup_done;
        void *backup_userdata;
} User;

struct Engine {
        EngineConfig config;
        char *state_dir;
        Clocks *clocks;
        GHashTable *users;     /* uid → User */
        Now now;               /* of the call that is being served */
        Yield yield;           /* given to long work: see yield.h */
        uint64_t yielded_usec; /* BOOTTIME: when it last saw to what was due */
        uint64_t armed_usec;
        uint64_t count;
        int last_open_error; /* why the last user could not be loaded */
        bool started;
        uint64_t desired_generation; /* of what should hold for all users */
        bool busy;                   /* within a listener: no settling, what is known now is the truth */
        EngineListener listener;
        void *listener_userdata;
};

/* user.c: users come and go */
User *user_free(User *user);
int engine_take_user(Engine *engine, uid_t uid, User **ret_user, Refusal *ret_refusal);
/* … with the time looked at and settled: what every call begins with. */
int engine_enter(Engine *engine, uid_t uid, User **ret_user, Refusal *ret_refusal);
int user_open_store(User *user, bool create);
int user_reload(User *user);
void user_unload_idle(Engine *engine);
GTimeZone *user_zone(User *user);
void user_forget_zone(User *user);
void user_env(User *user, MachineEnv *ret_env);
int user_refresh_title(User *user);
int user_count_today(User *user);
void user_date_at(User *user, uint64_t real_usec, char ret_date[11]);
/* The day, from day-start to day-start, that contains an instant. */
void user_day_at(User *user, uint64_t real_usec, Span *ret_span, char ret_date[11]);
/* Whether an interval that began then, in the window of a date or in none, counts for today. */
bool user_is_today(const User *user, uint64_t started_real_usec, const char *window_date);

/* settle.c: what time did */
int engine_look_at_clocks(Engine *engine);
void user_settle_rings(User *user);
int user_settle(User *user, Refusal *ret_refusal);
/* Tells one thing that is no transition of the machine; it is stored for its number. */
int user_commit_happening(User *user, unsigned changed, const Happening *happening);
void user_rearm(User *user);
void engine_arm(Engine *engine);

/* schedule.c: what the rules make of the day */
void user_adopt_rules(User *user, RuleSet *rules);
void user_forget_calendar(User *user);
Calendar *user_calendar(User *user); /* NULL: no memory */
const Schedule *user_schedule(User *user);
bool user_schedule_is_current(const User *user);
uint64_t user_schedule_next(const User *user); /* the next edge, on BOOTTIME */
/* Says in the refusal of a start when the next window is. */
void user_explain_off_hours(User *user, Refusal *refusal);
/* Tells and lives an edge that was passed. started: it is the first look since the program began. */
int user_settle_schedule(User *user, bool started);

/* rules.c: stores the set and lives by it from here on */
int user_commit_rules(User *user, RuleSet *set, Refusal *ret_refusal);

/* commit.c: stored, then told */
void user_adopt(User *user, const Change *change);
/* Raises the user's seq to this one and tells the listener. */
void user_announce(User *user, unsigned changed, const Happening *happenings, unsigned n, uint64_t seq);
int user_commit(User *user, Change *change, Task *new_task, Refusal *ret_refusal);
int user_checkpoint(User *user);
/* The store has just taken a change as number seq: tells it, with one happening of that type. */
void user_announce_stored(User *user, unsigned changed, HappeningType type, int64_t id, uint64_t seq);

/* pending.c: true, told, not yet stored */
void user_keep_pending(User *user, const Change *change, uint64_t seq, uint64_t completed_real_usec,
                const char *window_date);
int user_flush_pending(User *user, bool now);
void user_drop_pending(User *user);
uint32_t user_pending_completed(User *user);
/* Makes of a stored record that is said to run what is true now. */
int user_patch_interval(User *user, Interval *interval);

/* failure.c: what the store could not do, in words */
int engine_refuse_open(Engine *engine, uid_t uid, int error, Refusal *ret_refusal);
int user_refuse_store(User *user, int error, Refusal *ret_refusal);
void user_log_store(User *user, int error, const char *what);
void user_log_report(User *user, const StoreReport *report);
int user_recover(User *user);

/* events.c */
void ring_add(EventRing *ring, const EngineEvent *event);
void ring_forget(EventRing *ring, uint64_t seq);

/* tasks.c: what requests of other files need of tasks */
/* The open task of a title; STORE_NEW_TASK where none has it. */
int user_resolve_task(
                User *user, const char *title, const char *project, int64_t *ret_id, Refusal *ret_refusal);
int user_check_room_for_task(User *user, const char *project, Refusal *ret_refusal);
int user_check_task(User *user, int64_t id, Refusal *ret_refusal);

/* history.c: refuses where something lies in that time, what runs included, and says what */
int user_check_free(User *user, int64_t except, uint64_t started, uint64_t ended, Refusal *ret_refusal);

/* request.c hands these on by subject */
int user_request_task(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
int user_request_log(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
int user_request_setting(User *user, const Request *request, Refusal *ret_refusal);
int user_request_rules(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
int user_request_office_day(User *user, const Request *request, Refusal *ret_refusal);
int user_request_restore(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);

/* focus.c: claims */
/* From the store, when a user is loaded, restored or recovered: what was in force in memory stays in force.
 */
int user_load_focus(User *user);
void user_focus_done(User *user);
/* After each settling, commit, edge and change of the rules. 0 or a negative errno of the store. */
int user_settle_focus(User *user);
/* When it wants to be asked next, on BOOTTIME; MACHINE_NEVER. */
uint64_t user_focus_next(User *user);
/* Something is in force: such a user stays loaded. */
bool user_has_focus(const User *user);
/* Before a start with Request.focus: whether there is such a profile. */
int user_check_focus(User *user, const char *profile, Refusal *ret_refusal);
/* After that start is committed: its interval claims the profile. */
int user_start_focus(User *user, const char *profile);
int user_request_focus(User *user, const Request *request, Answer *answer, Refusal *ret_refusal);
/* On the claims in force that name the plugin. */
void user_note_failure(User *user, const PluginReport *report);
/* What could not be stored when time did it; a negative errno where it still cannot. */
int user_flush_focus(User *user);
void user_adopt_focus(User *user, const FocusChange *change, uint64_t seq);
void user_focus_env(User *user, FocusEnv *ret_env);
GHashTable *focus_reports_new(void);

/* backup.c */
void user_maybe_backup(User *user);
void user_cancel_backup(User *user);
