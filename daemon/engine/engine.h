/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The engine: the only owner of mutable state. There is one way to a user's state and one out of it, around
 * every message: engine_enter() settles what time did (sleep, a set clock, deadlines), and engine_leave()
 * ends it. What is read and asked for in between is declared in read.h, agenda.h, reports.h and
 * request.h. One timer serves all users.
 *
 * In between, functions return 0, a positive RefusalCode with its sentence, or a negative errno as it came
 * from the environment; engine_leave() alone makes a sentence of what a store cannot do.
 *
 * Users are loaded when they are first asked for (and, at the start, where an interval runs). A read makes no
 * store.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/core/now.h"
#include "daemon/core/refusal.h"
#include "daemon/core/types.h"
#include "daemon/engine/clocks.h"
#include "daemon/engine/replay.h"

typedef struct Engine Engine;
/* A user between engine_enter() and engine_leave(). */
typedef struct User User;

typedef enum BackupKind {
        BACKUP_BY_TIME,
        BACKUP_BY_HAND,
        BACKUP_RESTORE, /* what will take the store's place is made of a backup */
} BackupKind;

/* What a process of its own does for a user: of each kind one at a time. */
typedef struct BackupJob {
        uid_t uid;
        BackupKind kind;
        const char *folder;
        const char *name; /* RESTORE: the backup; else NULL */
} BackupJob;

typedef struct EngineConfig {
        Clocks *clocks; /* taken over */
        const char *state_dir;
        bool many_users;  /* state_dir/UID each, as on the system bus; else state_dir is the one user's */
        uid_t single_uid; /* who that is, where there is one */
        uid_t uid_min;    /* many users: accounts below have no store (UID_MIN of login.defs) */
        /* The name of a uid's account, as it is known now, without waiting for anybody: 0, -ENOENT no
         * account, any other errno: nobody knows yet. */
        int (*account_name)(void *userdata, uid_t uid, char **ret_name);
        /* Finds out what is so now: 1 it is known, or cannot be found out; 0 it is asked for, and
         * engine_account_answered() follows. NULL: what is known always is. */
        int (*account_look)(void *userdata, uid_t uid);
        /* Many users: whether everybody feels a setting of a profile, which categories there are, and whether
         * the computer's configuration grants an account everything. NULL: no consent is needed, as off the
         * computer's bus. */
        bool (*is_felt)(void *userdata, const char *plugin, const char *key);
        bool (*is_category)(void *userdata, const char *name);
        bool (*is_granted_all)(void *userdata, const char *account);
        /* Runs a job in a process of its own, at once or when its turn comes, and calls engine_backup_done();
         * NULL: no backups. */
        int (*spawn_backup)(void *userdata, const BackupJob *job);
        void *userdata;
} EngineConfig;

Engine *engine_new(const EngineConfig *config);
Engine *engine_free(Engine *engine); /* stores what waits; NULL is fine; returns NULL */
/* Loads the users in whose store something runs, and settles them. Called once, before the first request. */
int engine_start(Engine *engine);

/* ---- the one way in and out ---- */

/*
 * call: what was asked for, as people know it ("Timer.Start"); it lives until engine_leave(), and is in each
 * line of the journal that tells of a failure. 0 with the user, who is then to be left, or a RefusalCode, or
 * a negative errno where the clocks cannot be read. A user is entered once at a time, and never by a
 * listener.
 */
int engine_enter(Engine *engine, uid_t uid, const char *call, User **ret_user, Refusal *ret_refusal);
/*
 * r: what the call came to. An errno of the store becomes a RefusalCode with its sentence, and a store that
 * was found damaged (-EUCLEAN) is replaced by its newest good backup; 0, a RefusalCode and any other errno
 * are returned as they are. After a change, time is settled, the timer armed, and a backup that is due begun.
 */
int engine_leave(User *user, int r, Refusal *ret_refusal);

uid_t engine_user_uid(const User *user);
/* The name of the account; NULL: it is not known, which only a bus of one user allows. */
const char *engine_user_account(const User *user);
/* It is known that the uid is still that of the account whose store this is. */
bool engine_user_is_known(const User *user);
/* REFUSAL_NO_USER for an account that has no user object here, REFUSAL_LOOKUP_FAILED where it is not known
 * whether there is one. */
int engine_users_check(Engine *engine, uid_t uid, Refusal *ret_refusal);
/*
 * Enters and leaves each user that is loaded now: all in whose name something is in force are. func stops it
 * with any value but 0. A user who cannot be entered is left out, and put into unknown (of uid_t), which may
 * be NULL. Where it is not, so are those whose store was found at the start and could not be loaded since,
 * and those of whom nobody knows whose the uid is.
 */
typedef int (*UserFunc)(User *user, void *userdata);
int engine_each_user(Engine *engine, const char *call, UserFunc func, void *userdata, GArray *unknown);

/* ---- whose a uid is ---- */

/*
 * To be called before the first call of a connection is served, for the uid whose object it calls, once it is
 * clear that it may. 1: it is known whose the uid is now, or that nobody can say: go on, and
 * engine_users_check() says which. 0: it is being found out; the listener is told of the uid, from the loop,
 * within some ten seconds, and what is called is to wait until then. Not between enter and leave. A user
 * whose uid was given to another account is loaded anew in here, with an empty store, and told of with
 * CHANGED_ACCOUNT.
 */
int engine_account_look(Engine *engine, uid_t uid);
typedef void (*EngineAccountFunc)(uid_t uid, void *userdata);
void engine_set_account_listener(Engine *engine, EngineAccountFunc func, void *userdata);
/* What account_look() asked for is known, or cannot be found out. */
void engine_account_answered(Engine *engine, uid_t uid);

/* ---- plugins ---- */

/* Whether a plugin is installed where this pomod looks. NULL, as before it is set: all are. */
typedef bool (*EnginePluginFunc)(const char *plugin, void *userdata);
void engine_set_plugin_look(Engine *engine, EnginePluginFunc func, void *userdata);

/* What the engine's clocks say: the bus has none of its own. */
int engine_get_now(Engine *engine, Now *ret_now);
/* What tells one pomod from another: FOLDER#NUMBER of its stores, as the first call found them. 0, or a
 * refusal. */
int engine_get_identity(Engine *engine, const char **ret_identity, Refusal *ret_refusal);
/* Grows with every change of what should hold for a plugin of any user. */
uint64_t engine_desired_generation(Engine *engine);

/* ---- listeners ---- */

typedef enum ChangedKind {
        CHANGED_TIMER = 1 << 0,
        CHANGED_TASKS = 1 << 1,
        CHANGED_HISTORY = 1 << 2,
        CHANGED_SETTINGS = 1 << 3,
        CHANGED_SCHEDULES = 1 << 4,
        CHANGED_FOCUS = 1 << 5,   /* what should hold */
        CHANGED_ACCOUNT = 1 << 6, /* the uid is another account's: whoever was let in before is let out */
} ChangedKind;

/*
 * changed: a set of ChangedKind. events: what happened, in order, each with the next seq; may be none. A
 * listener may read the user with user_read_timer(), which shows what is announced; it enters nobody.
 */
typedef void (*EngineListener)(
                User *user, unsigned changed, const EngineEvent *events, unsigned n_events, void *userdata);
void engine_set_listener(Engine *engine, EngineListener listener, void *userdata);
/* Somebody is subscribed to this user: the day's edge and the cycle's end are then deadlines too. */
void engine_watch(User *user);
/* Nobody is any more. Nobody is entered or loaded for it. */
void engine_unwatch(Engine *engine, uid_t uid);

/* ---- backups ---- */

/* result: 0, a RefusalCode with refusal, or a negative errno. */
typedef void (*EngineBackupFunc)(int result, const Refusal *refusal, const char *name, void *userdata);
/* What spawn_backup() took has ended; name: the backup that was made. */
void engine_backup_done(Engine *engine, uid_t uid, BackupKind kind, int result, const char *name);
/* Before the bus ends: whoever waits for one is answered with -ECANCELED, and none is started any more. */
void engine_backup_cancel(Engine *engine);

/* ---- hints from outside, all of them checked against the clocks; the engine enters by itself ---- */

void engine_look(Engine *engine);  /* look at the time now, for all users */
void engine_sleep(Engine *engine); /* the computer is about to sleep: checkpoint what runs */
/* The system's zone may have changed: where it has not, this costs nobody anything. */
void engine_zone_changed(Engine *engine);
void engine_absence(Engine *engine, uid_t uid, AbsenceKind kind, bool absent, uint64_t since_boot_usec);
