/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* An engine on a real store in a folder of its own, with test clocks, and a listener that remembers. */

#include <glib.h>

#include "common/cleanup.h"
#include "daemon/engine/agenda.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/read.h"
#include "daemon/engine/reports.h"
#include "daemon/engine/request.h"
#include "tests/clock/clocks-test.h"
#include "tests/clock/virtual-clock.h"
#include "tests/unit/check.h"

#define BOOT_1 "11111111111111111111111111111111"
#define BOOT_2 "22222222222222222222222222222222"

#define START_BOOT_USEC (1000 * USEC_PER_SEC)
#define START_REAL_USEC 1772445600000000ULL /* 2026-03-02T10:00:00Z, a Monday */

#define MIN_USEC(n) MIN_(n)

#define TEST_CALL "Test.Call"

#define TOLD_MAX 1024

typedef struct Fixture {
        char *dir;
        bool many_users;
        uid_t uid;
        Now now; /* where the clocks of the next engine begin */
        TestClocks *clocks;
        Engine *engine;
        EngineEvent told[TOLD_MAX];
        unsigned n_told;
        unsigned calls;               /* of the listener */
        unsigned changed;             /* all kinds it was ever told of */
        uint32_t completed_when_told; /* what a reading within the last call said */
        unsigned backups;             /* that were asked for */
        unsigned restores;            /* the same; fixture_restore_end() is the process that makes one */
        int restored;                 /* what the last came to; 1000: nothing yet */
        const char *owner;            /* of every uid; NULL: "user1000" */
        int owner_error;              /* why nobody knows; 0 */
        bool owner_is_asked;          /* a look is answered later, by the test */
        unsigned looks;
        unsigned answered; /* what the listener for accounts was told */
        bool consents;     /* names of sites take an administrator's word */
        bool grants_all;   /* … which the configuration gives */
        const char *const
                        *attended; /* plugins that have a host from the start on, ended by NULL; NULL none */
        Refusal refusal;
} Fixture;

void fixture_init(Fixture *f);
void fixture_done(Fixture *f); /* takes the folder away, too */
int fixture_start(Fixture *f);
void fixture_begin(Fixture *f); /* both, and it must start */
/* A profile, made for it, is in force by hand for 10 hours; its plugins are sites and mute. */
void fixture_engage(Fixture *f);
/* These plugins have a host that acts on the whole computer, now and after each start. */
void fixture_attend(Fixture *f, const char *const *plugins);
/* One of them, by a connection of that name. */
void fixture_host(Fixture *f, const char *plugin, const char *connection);
void fixture_stop(Fixture *f); /* in good order */
/* Does it in a process that then is gone at once, as in a crash; its clocks at the end are where the next
 * begin. */
void fixture_crash(Fixture *f, void (*live)(Fixture *f));

/* All of them check that it worked. */
int64_t fixture_start_interval(Fixture *f, IntervalKind kind, uint64_t planned_usec, const char *title);
void fixture_event(Fixture *f, EventType type);
void fixture_set(Fixture *f, const char *name, const char *text);
int64_t fixture_add(
                Fixture *f, int64_t started_min, int64_t ended_min, const char *title); /* minutes from now */
int fixture_restore_begin(Fixture *f, const char *name);
void fixture_restore_end(Fixture *f, const char *name);
int fixture_restore(Fixture *f, const char *name); /* both */
int fixture_request(Fixture *f, const Request *request, Answer *ret_answer);

TimerSnapshot fixture_timer(Fixture *f);
Interval fixture_interval(Fixture *f, int64_t id);
unsigned fixture_count(Fixture *f);
unsigned fixture_count_tasks(Fixture *f); /* those that are done, too */ /* records in the log */
unsigned fixture_told(const Fixture *f, HappeningType type);
const Happening *fixture_last(const Fixture *f);

/* Enters, does something with user, and leaves with what that came to; the refusal is the fixture's. */
#define fixture_in(f, something)                                                                           \
        ({                                                                                                 \
                Fixture *const fixture_f = (f);                                                            \
                User *user;                                                                                \
                int fixture_r;                                                                             \
                                                                                                           \
                fixture_f->refusal = (Refusal){};                                                          \
                fixture_r = engine_enter(                                                                  \
                                fixture_f->engine, fixture_f->uid, TEST_CALL, &user, &fixture_f->refusal); \
                if (fixture_r == 0)                                                                        \
                        fixture_r = engine_leave(user, (something), &fixture_f->refusal);                  \
                fixture_r;                                                                                 \
        })

#define assert_refused(f, expected, word)                                        \
        do {                                                                     \
                g_assert_cmpint((f)->refusal.code, ==, expected);                \
                if (!strstr((f)->refusal.message, word))                         \
                        g_error("no \"%s\" in: %s", word, (f)->refusal.message); \
        } while (0)

/* The disk is full from here on, and is not any more. */
void disk_full(void);
void disk_free(void);

/* What fails with an errno of what SQLite asks of the disk: a call of these kinds, counted from 1, and where
 * on is set all that follow. */
typedef struct DiskFault {
        unsigned calls; /* of DISK_… */
        unsigned at;
        bool on;
        int error;
} DiskFault;
#define DISK_WRITE 1u
#define DISK_SYNC  2u
#define DISK_OPEN  4u
void disk_fail(const DiskFault *fault);
/* Whether the call that was to fail came. */
bool disk_has_failed(void);

/* ---- an engine whose days go by rules: it begins at 11:00 of a Monday in Berlin, 2026-03-02 ---- */

#define BERLIN "Europe/Berlin"

#define SPLIT_DAY                                                          \
        "[Rule morning]\nDays=Mon-Fri\nHours=09:00-12:00\nMode=freeform\n" \
        "[Rule afternoon]\nDays=Mon-Fri\nHours=13:00-17:00\nTarget=7\n"

#define AFTERNOON "[Rule afternoon]\nHours=13:00-17:00\nAutoStart=yes\n"

void ruled_begin(Fixture *f, const char *rules);
void ruled_import(Fixture *f, const char *text); /* instead of those there are; checks that it worked */

uint64_t boot_now(Fixture *f);
void assert_armed_in(Fixture *f, uint64_t usec);
void assert_shown(Fixture *f, const char *state, const char *rule, IntervalKind mode);
