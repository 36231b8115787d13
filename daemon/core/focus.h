/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Focus: which profiles are in force until when, because of whom. Pure, like the machine: it is given the
 * claims, what surrounds them and what happened, and fills in what becomes of them.
 *
 * A claim copies the profile's settings, its end and its lock when it engages. From then on nothing shortens
 * it but Release: no edit, removal, import, undo, restore, zone change, disabling, and no setting of the
 * clock, since its end is kept on BOOTTIME. In another boot its remainder is clamp(wall end - now, 0, full
 * length). Until the clock is first synchronised in a boot, or for the first 10 min of uptime where it never
 * is, claims of rules follow steps: a wrong hardware clock locks nobody in.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/enums.h"
#include "daemon/core/calendar.h"
#include "daemon/core/consent.h"
#include "daemon/core/lists.h"
#include "daemon/core/machine.h"
#include "daemon/core/now.h"
#include "daemon/core/refusal.h"
#include "daemon/core/rules.h"

#define FOCUS_UNSYNCHRONISED_USEC (10ULL * 60 * 1000000)   /* of uptime, for which rule claims follow steps */
#define FOCUS_OPEN_ENDED_USEC     (12ULL * 3600 * 1000000) /* what an interval without an end claims */
#define FOCUS_EXTEND_USEC         (6ULL * 3600 * 1000000)  /* … and is extended with so much left */
#define FOCUS_LENGTH_MIN_USEC     1000000ULL               /* by hand */
#define FOCUS_LENGTH_MAX_USEC     (7ULL * 24 * 3600 * 1000000)

typedef enum ClaimSource {
        CLAIM_BY_USER,
        CLAIM_BY_RULE,
        CLAIM_BY_INTERVAL,
        _CLAIM_SOURCE_MAX,
} ClaimSource;
DECLARE_ENUM_WORDS(ClaimSource, claim_source); /* "user", "rule", "interval" */

typedef enum ClaimState {
        CLAIM_IN_FORCE,
        CLAIM_ENDED,    /* stood to its end */
        CLAIM_RELEASED, /* before its end, with a reason */
        CLAIM_VOID,     /* a rule's, engaged by a wrong clock outside its window: it counts for nothing */
        _CLAIM_STATE_MAX,
} ClaimState;
DECLARE_ENUM_WORDS(ClaimState, claim_state); /* "in-force", "ended", "released", "void" */

#define CLAIM_LOCK_TEXT_MAX 64 /* "delay 1h30m" */

typedef struct Claim {
        int64_t id;
        ClaimSource source;
        char rule[CAP_RULE_BYTES + 1]; /* BY_RULE */
        RuleKind rule_kind;            /* BY_RULE: an office day's claims are counted */
        Date date;                 /* BY_RULE: of the window; one rule does not engage twice for one window */
        uint32_t window_start_sec; /* BY_RULE: which of the date's windows, as written */
        int64_t interval;          /* BY_INTERVAL: the one that it is with now */
        Profile profile; /* copied; a rule without Focus claims an empty one, so that its day is on record */
        LockKind lock;
        uint64_t lock_delay_usec;
        char lock_text[CLAIM_LOCK_TEXT_MAX]; /* of both, filled in when it is shown */
        uint64_t engaged_real_usec, engaged_boot_usec;
        uint64_t length_usec;     /* full, from engaging to its end */
        uint64_t until_real_usec; /* wall end, kept for another boot */
        uint64_t until_boot_usec; /* of boot_id: what counts */
        char boot_id[33];
        bool firm;    /* false: a rule's claim that still follows steps of an unsynchronised clock */
        bool carried; /* engaged in another boot, and this boot's clock is not trusted yet */
        bool resting; /* of an interval that is in its break; or over by a clock that is not trusted yet */
        uint64_t release_boot_usec; /* a pending release of lock delay; 0 none */
        uint64_t release_real_usec; /* the same on the wall clock, filled in when it is shown */
        /* 0: it does not rest; UINT64_MAX: until something changes; filled in when it is shown */
        uint64_t rests_until_boot_usec;
        ClaimState state;
        uint64_t ended_real_usec; /* of what is no longer in force */
        char *reason;             /* of a release, also of a pending one; owned; NULL none */
        char *failure;            /* "sites: why": see claim-failure.h; owned; NULL none */
        char *lists;   /* which text each list was that its settings name: "NAME DIGEST NAMES" a line; owned;
                          NULL none */
        char *granted; /* which of its items everybody may feel: see consent.h; owned; NULL none */
} Claim;

/* The columns follow the table of claims, whose oldest rows are of version 2 of the store. */
#define CLAIM_FIELDS(STORED, EDITABLE, DERIVED, FILLED, COMPUTED)                   \
        STORED(id, ID, "id", "Id")                                                  \
        STORED(profile, PROFILE, "profile", NULL)                                   \
        STORED(profile.name, CHARS, "profile_name", "Profile")                      \
        STORED(source, WORD(claim_source), "source", "Source")                      \
        STORED(rule, CHARS, "rule", "Rule")                                         \
        STORED(rule_kind, WORD(rule_kind), "rule_kind", NULL)                       \
        STORED(date, DATE, "date", "Date")                                          \
        STORED(window_start_sec, COUNT, "window_start_sec", NULL)                   \
        STORED(interval, REF, "interval", "Interval")                               \
        STORED(lock, WORD(lock_kind), "lock", NULL)                                 \
        STORED(lock_delay_usec, USEC, "lock_delay_usec", NULL)                      \
        FILLED(lock_text, CHARS, "Lock")                                            \
        STORED(engaged_real_usec, USEC, "engaged_real_usec", "EngagedRealtimeUSec") \
        STORED(engaged_boot_usec, USEC, "engaged_boot_usec", NULL)                  \
        STORED(length_usec, USEC, "length_usec", NULL)                              \
        STORED(until_real_usec, USEC, "until_real_usec", "UntilRealtimeUSec")       \
        STORED(until_boot_usec, USEC, "until_boot_usec", "UntilBoottimeUSec")       \
        STORED(boot_id, TOKEN, "boot_id", "BootId")                                 \
        STORED(state, WORD(claim_state), "state", "State")                          \
        STORED(firm, FLAG, "firm", NULL)                                            \
        STORED(carried, FLAG, "carried", NULL)                                      \
        STORED(resting, FLAG, "resting", "Resting")                                 \
        STORED(release_boot_usec, USEC, "release_boot_usec", NULL)                  \
        FILLED(release_real_usec, USEC, "ReleaseRealtimeUSec")                      \
        STORED(ended_real_usec, USEC, "ended_real_usec", "EndedRealtimeUSec")       \
        STORED(reason, TEXT, "reason", "Reason")                                    \
        STORED(failure, TEXT, "failure", "Failure")                                 \
        STORED(lists, TEXT, "lists", NULL)                                          \
        STORED(granted, TEXT, "granted", NULL)
extern const RecordInfo claim_record;

/* Fills in the fields that only those need who show it. */
void claim_show(Claim *claim, const Now *now);
void claim_done(Claim *claim);
Claim claim_copy(const Claim *claim);
/* An array of claims that clears its own. */
GArray *claim_array_new(void);
Claim *claim_array_find(const GArray *claims, int64_t id); /* the array's; NULL: it is not among them */
/* Puts a copy in the place of the one with its number, or at the end. */
void claim_array_put(GArray *claims, const Claim *claim);
/* Its end follows the wall clock still: over by that clock is not over for good. */
bool claim_follows_wall(const Claim *claim);
/* In force by any clock: what people are shown. Of these, those that do not rest are what should hold. */
bool claim_in_force(const Claim *claim, const Now *now);
bool claim_holds(const Claim *claim, const Now *now);
bool claim_names_plugin(const Claim *claim, const char *plugin);
typedef int (*ClaimFunc)(const Claim *claim, void *userdata); /* non-zero stops and is returned */

typedef struct FocusEnv {
        Now now;
        bool synchronised;        /* the clock was synchronised at some moment of this boot */
        Calendar *calendar;       /* NULL: there are no rules */
        const Schedule *schedule; /* what the calendar says of now; NULL: there are no rules */
        const RuleSet *rules;
        const GArray *lists;          /* of NameList; NULL none */
        const Consent *consent;       /* NULL: none is needed here */
        const Running *running;       /* what the timer is at */
        const char *interval_profile; /* that the running interval has just been started with; NULL none */
        bool was_break; /* what ran when focus was last settled: the chain goes on from a break */
        int64_t next_id;
        /* Whether the rule has engaged for that window before: 1, 0, or a negative errno. */
        int (*engaged_before)(const char *rule, Date date, uint32_t start_sec, void *userdata);
        void *userdata;
} FocusEnv;

/* What becomes of the claims: each row is a claim as it is from now on, new (its id at or above next_id) or
 * known. */
typedef struct FocusChange {
        GArray *claims; /* of Claim: to be stored; owned */
        bool desired;   /* what hosts are told of them is another thing: Desired's generation grows */
        int64_t next_id;
} FocusChange;
void focus_change_init(FocusChange *ret_change);
void focus_change_done(FocusChange *change);

/* claims: those in force (of Claim). What time, rules, the timer and the clocks did to them. */
int focus_settle(const GArray *claims, const FocusEnv *env, FocusChange *ret_change);
/* When focus_settle() will next change something, on BOOTTIME; MACHINE_NEVER. */
uint64_t focus_next(const GArray *claims, const FocusEnv *env);

int focus_engage(const GArray *claims, const FocusEnv *env, const char *profile, uint64_t length_usec,
                LockKind lock, uint64_t lock_delay_usec, FocusChange *ret_change, Refusal *ret_refusal);
/*
 * Whether one more claim, with the settings of a profile (NULL: none) and lists as they are now (NULL: none),
 * may be in force beside these: 0, or REFUSAL_LIMITS_EXCEEDED. They are memory of everybody's daemon, and a
 * host is told all of it at once.
 */
int focus_share_check(const GArray *claims, const Now *now, const Profile *profile, const GArray *lists,
                Refusal *ret_refusal);

/* Which admin locks an administrator lets go of. */
typedef struct AdminWord {
        bool all;                    /* root's own word */
        const char *const *profiles; /* ended by NULL; NULL: none */
} AdminWord;

/*
 * id 0: all that are in force, or none. reason: one that the bus must have checked, or NULL. A delayed one
 * becomes pending and ends by itself. ret_release_boot_usec: when the last of them is released.
 */
int focus_release(const GArray *claims, const FocusEnv *env, int64_t id, const char *reason,
                const AdminWord *word, FocusChange *ret_change, uint64_t *ret_release_boot_usec,
                Refusal *ret_refusal);
/* Takes a pending release back; id 0: all of them. */
int focus_withdraw(const GArray *claims, const FocusEnv *env, int64_t id, FocusChange *ret_change,
                Refusal *ret_refusal);
