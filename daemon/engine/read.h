/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Reading a user, between engine_enter() and engine_leave(). Nothing is changed, and no store is made. A
 * negative errno is the store's.
 */

#include "daemon/core/focus.h"
#include "daemon/core/plugin.h"
#include "daemon/core/query.h"
#include "daemon/engine/engine.h"

/*
 * A reading that goes on record by record, begun by user_read_tasks() or user_read_intervals(): next fills in
 * a record, which the caller frees, and returns 1, or 0 behind the last. It must end before the user is left.
 */
typedef struct Reading {
        User *user;
        struct StoreCursor *rows; /* NULL: there is nothing to read */
        Span day; /* of the last record that was in no window: the next is mostly of the same */
        char date[11];
} Reading;
void user_read_end(Reading *reading);

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
        const char *not_enforced; /* "sites is not running", valid until the next call; "" nothing */
        uint64_t seq;
} TimerSnapshot;

/* What bars and prompts read all day: in a settled state no allocation, no store, no system call. A listener
 * may read it, too, and sees what it is told. */
void user_read_timer(User *user, TimerSnapshot *ret_snapshot);
void user_read_settings(const User *user, Settings *ret_settings);

/* REFUSAL_NO_SUCH_TASK. */
int user_read_task(User *user, int64_t id, Task *ret_task, Refusal *ret_refusal);
/* The one open task of a title; REFUSAL_NO_SUCH_TASK, REFUSAL_AMBIGUOUS_TASK. project may be NULL. */
int user_read_task_id(
                User *user, const char *title, const char *project, int64_t *ret_id, Refusal *ret_refusal);
int user_read_tasks(User *user, const TaskQuery *query, Reading *ret_reading);
int user_read_next_task(Reading *reading, Task *ret_task);

/* REFUSAL_NO_SUCH_INTERVAL. What runs is given with its length up to now, here and in listings. */
int user_read_interval(User *user, int64_t id, Interval *ret_interval, Refusal *ret_refusal);
/* Adds to such an interval as many of its interruptions as a record has, behind the first few. */
int user_read_interruptions(User *user, Interval *interval, uint32_t after);
/* A period of core/days.h, in the user's zone and days. */
int user_read_period(User *user, const char *text, Span *ret_span, Refusal *ret_refusal);
/* Records of the log. Resume with the cursor of the last one. READING_HIDDEN: one lay on the way that the
 * query hides, of which the key alone is filled in; whoever has read long enough ends there. */
#define READING_HIDDEN 2
int user_read_intervals(User *user, const LogQuery *query, Reading *ret_reading);
int user_read_next_interval(Reading *reading, Interval *ret_interval);

/* Events after since, oldest first; ret_complete is false where the replay no longer reaches back so far. */
void user_read_events(User *user, uint64_t since, ReplayFunc func, void *userdata, bool *ret_complete);

/* Rules and profiles; valid until they are changed. */
const RuleSet *user_read_rules(const User *user);
/* Another for each set that they have been: whoever reads them bit by bit sees whether they still are. */
uint64_t user_read_rules_number(const User *user);

/* The instant at which the user was entered. */
Now user_read_now(const User *user);
/* The next claim in force, from a place on that begins at 0; NULL behind the last. */
const Claim *user_read_claim(const User *user, unsigned *place);
/* How far a claim in force is from what it asks for, as hosts say now. */
typedef struct ClaimShortfall {
        bool enforced;           /* all its plugins do what they should, as far as they say */
        char *failing, *in_part; /* "sites: why; mute: why", may be empty; the caller's */
} ClaimShortfall;
void user_read_claim_shortfall(const User *user, const Claim *claim, ClaimShortfall *ret_shortfall);
/* All that engaged within the span, in force or over, behind a claim (0: all); REFUSAL_NO_SUCH_CLAIM. What
 * func returns other than 0 stops it, and is returned. */
int user_read_claims_of(User *user, const Span *span, int64_t after, ClaimFunc func, void *userdata,
                Refusal *ret_refusal);
/* Whether this user's claims reach a plugin: all but those that were disabled. */
bool user_read_plugin_enabled(const User *user, const char *plugin);
/* "sites is not running", or why else it does not do what it should for this user, as far as it says; for
 * free(), NULL: it does. */
char *user_read_plugin_failing(const User *user, const char *plugin);
/* The standing settings that this user has set: of PluginValue, NULL none; valid until they are changed. */
const GArray *user_read_plugin_values(const User *user);

/* What a profile may block for everyone, and what not; false where nobody has to be asked, and then
 * ret_items is empty. */
bool user_read_consent(const User *user, const Profile *profile, ConsentItems *ret_items);

/* The lists of this user, by name: of NameList, NULL none; valid until they are changed. */
const GArray *user_read_lists(const User *user);
/* The text of a digest, of a list or of a claim in force, for g_free(); REFUSAL_NO_SUCH_LIST. */
int user_read_list_text(User *user, const char *digest, char **ret_text, Refusal *ret_refusal);

/* Grows with every change of what should hold for a plugin of this user. */
uint64_t user_read_generation(const User *user);

/* Of Backup, newest first; the caller unrefs it. -ENOENT: there is none. */
int user_read_backups(const User *user, GArray **ret_backups);
