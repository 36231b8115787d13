/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The state of the engine and of each user, as plain data. Private to this room: what a part does with it is
 * in the header of that part, and everybody else knows Engine and User by name only.
 */

#include <glib.h>

#include "common/cleanup.h"
#include "common/duration.h"
#include "common/yield.h"
#include "daemon/core/plugin.h"
#include "daemon/core/tasks.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/journal.h"
#include "daemon/store/store.h"
#include "daemon/store/write.h"

/* Which window was last told of: an edge is where another window is found. */
typedef struct Lived {
        bool known;
        ScheduleState state;
        IntervalKind mode;
        uint64_t window_from_usec;
        uint64_t until_usec; /* 0: not within the horizon */
        char rule[CAP_RULE_BYTES + 1];
} Lived;

/* What was told before it was stored: see outbox.h. */
typedef struct Outbox {
        GQueue queue;        /* of what waits, oldest first */
        uint64_t retry_usec; /* BOOTTIME: not tried again before, unless somebody asks for something */
        uint64_t retry_delay_usec;
} Outbox;

/* Claims in force, as they are on record, and what hosts said of them. */
typedef struct Focus {
        GArray *claims; /* of Claim; NULL before the store was read */
        int64_t next_id;
        uint64_t generation;        /* of the engine, when what should hold became what it is */
        char synchronised_boot[33]; /* in which the clock was synchronised at some moment */
        GPtrArray *reports;         /* of PluginReport, see reports.h; NULL none */
        bool was_break;             /* what ran when it was last settled */

        /* See attendance.h. */
        GHashTable *absences;      /* plugin → since when it has no host; NULL none */
        uint64_t attendance_usec;  /* BOOTTIME: nothing changes of these before; 0: they are looked at anew */
        unsigned attendance_looks; /* a number for each look */
        GHashTable *told_failures; /* see plugin-news.h; NULL none */
        GPtrArray *shortfalls;     /* see shortfalls.h; NULL none */
        char *not_enforced;        /* see enforce.h; NULL nothing */
} Focus;

/* A backup that is being made into a store, see restore.h. */
typedef struct Restore {
        bool running;
        char *name;
        uint64_t written; /* what the store had counted when that began … */
        bool stale;       /* … which was another store */
        unsigned tries;
        EngineBackupFunc done;
        void *userdata;
} Restore;

struct User {
        Engine *engine;
        uid_t uid;
        char *folder;
        char *account;    /* NULL: not known, which only a bus of one user allows */
        int owner;        /* 0: account is who has the uid, as far as was looked; else why nobody is served */
        bool owner_waits; /* for the end of a backup, to be set aside then */
        Store *store;     /* NULL: none was made yet */

        const char *call; /* what is being done for the user; NULL: nothing */
        bool touched;     /* … and that changed something: time is to be settled and the timer armed */
        bool stored;      /* … and was stored: a backup may be due */
        int failure;      /* what the store said last, to journal it once */

        Machine machine;
        Settings settings;
        uint64_t seq;     /* counted in publish.c alone */
        GTimeZone *zone;  /* NULL: to be made anew */
        char *task_title; /* of the running interval; NULL none */

        /* When time changes something next: even if nobody watches; and what the user's timer is armed for.
         */
        uint64_t next_usec;
        uint64_t wake_usec;

        RuleSet rules;
        uint64_t rules_number; /* of the engine, another for each set of rules */
        bool has_duty;         /* rules that begin or enforce something by themselves: never unloaded */
        Calendar *calendar;    /* of rules and zone; NULL: to be made anew */
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

        Outbox outbox;
        Replay replay;
        Focus focus;
        GPtrArray *disabled_plugins; /* names; NULL before the store was read, as the next */
        GArray *plugin_values;       /* of PluginValue */
        GArray *lists;               /* of NameList, by name; NULL before the store was read */
        Grants *grants;              /* NULL before the store was read */
        Consent consent;             /* of both, as it was looked at last: see consent.h */

        bool backup_running;       /* or waits for its turn */
        bool backup_again;         /* it began before it was asked for: one more is made behind it */
        uint64_t backup_look_usec; /* BOOTTIME from which the newest backup is looked at again */
        uint64_t backup_next_usec; /* BOOTTIME from which one can be asked for; 0 whenever */
        EngineBackupFunc backup_done;
        void *backup_userdata;
        Restore restore;

        uint64_t changes_usec; /* BOOTTIME up to which changes are used up, see request.c */
};

struct Engine {
        EngineConfig config;
        char *state_dir;
        char *identity;  /* see store/identity.h; NULL: nobody has asked */
        char *zone_mark; /* of the system's zone, when it was last looked at */
        Clocks *clocks;
        GHashTable *users;     /* uid → User */
        Now now;               /* of the call that is being served */
        Yield yield;           /* given to long work: see yield.h */
        uint64_t yielded_usec; /* BOOTTIME: when it last saw to what was due */
        uint64_t armed_usec;
        uint64_t count;
        uint64_t rules_number; /* the last that was given */
        bool started;
        uint64_t generation, first_generation; /* of what should hold for all users; the first of this run */
        GPtrArray *reports;                    /* of PluginReport, of plugins that act for all; NULL none */
        GArray *unread; /* of uid_t: whose store was found at the start and could not be loaded; NULL none */
        GHashTable *hosts; /* see presence.h; NULL none */
        bool telling;      /* within the listener, who reads and asks for nothing */
        EngineListener listener;
        void *listener_userdata;
        EnginePluginFunc plugin_look; /* NULL: all are installed */
        void *plugin_userdata;
        EngineAccountFunc account_listener;
        void *account_userdata;
        GQueue waiting;    /* uids of stores whose account is to be asked for; the first is asked for */
        bool asking;       /* … now */
        uint64_t ask_usec; /* BOOTTIME: no answer was to be had, and is not asked for before */
        uint64_t ask_delay_usec;
};
