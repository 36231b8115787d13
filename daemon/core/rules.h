/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Rules of the schedule and focus profiles, and their text form: a key file with a group for each. Parsing
 * and printing are each other's inverse; what makes no sense is refused with a sentence that names the group
 * and the value, and what can never come true is a warning.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/caps.h"
#include "common/enums.h"
#include "common/yield.h"
#include "common/date.h"
#include "daemon/core/refusal.h"
#include "daemon/core/types.h"

typedef enum RuleKind {
        RULE_KIND_NONE = -1, /* of a claim that is no rule's */
        RULE_WORK,
        RULE_OFFICE_DAY,
        RULE_AWAY,
        _RULE_KIND_MAX,
} RuleKind;
DECLARE_ENUM_WORDS(RuleKind, rule_kind);

typedef enum RuleRange {
        RANGE_ALWAYS, /* no Dates */
        RANGE_YEARLY, /* 06-15..08-31, also over the new year */
        RANGE_DATES,  /* two full dates */
} RuleRange;

typedef enum LockKind {
        LOCK_NONE,
        LOCK_DELAY,
        LOCK_ADMIN,
        _LOCK_KIND_MAX,
} LockKind;
DECLARE_ENUM_WORDS(LockKind, lock_kind);

/* Half-open, seconds of the local day; an end not above its start is on the next date; 86400 is 24:00. */
typedef struct RuleHours {
        uint32_t start_sec;
        uint32_t end_sec;
} RuleHours;

#define RULE_HOURS_MAX 24u
#define RULE_DATES_MAX 400u /* of Also, of Except */

typedef struct Rule {
        char name[CAP_RULE_BYTES + 1];
        RuleKind kind;
        RuleRange range;
        int from_month, from_day, to_month, to_day; /* yearly, as written: 02-29 stays 02-29 */
        Date from_date, to_date;                    /* full dates, both included */
        bool every_day;                             /* no Days */
        uint8_t weekdays;                           /* bit per Weekday */
        uint8_t nth[5];                             /* bit per Weekday: the first to fifth of the month */
        uint8_t nth_last[5];                        /* the last to the fifth last */
        RuleHours *hours;                           /* as written, owned; none: the whole day */
        unsigned n_hours;
        IntervalKind mode; /* pomodoro or freeform */
        int32_t priority;
        uint32_t target;     /* 0: none */
        Date *also, *except; /* sorted, owned */
        unsigned n_also, n_except;
        char focus[CAP_RULE_BYTES + 1]; /* a profile's name; empty: none */
        LockKind lock;
        uint64_t lock_delay_usec;
        uint32_t quota;   /* 0: none */
        bool quota_month; /* a month, else a week */
        bool auto_start, auto_switch;
        uint64_t since_real_usec; /* since when it stands: no part of the text form */
} Rule;

void rule_done(Rule *rule);
Rule rule_copy(const Rule *rule);

/* Settings for plugins under a name. */
typedef struct ProfileSetting {
        char *plugin; /* "sites" */
        char *key;    /* "Block" */
        char *value;  /* as written */
} ProfileSetting;

typedef struct Profile {
        char name[CAP_RULE_BYTES + 1];
        char **plugins; /* NULL-terminated, in the order written */
        ProfileSetting *settings;
        unsigned n_settings;
        bool breaks; /* stays in force in the breaks of its interval */
} Profile;

void profile_done(Profile *profile);
Profile profile_copy(const Profile *profile);
bool profile_names_plugin(const Profile *profile, const char *plugin);

/* A list of rules in their order and of profiles by name. Pointers into it live until it changes. */
typedef struct RuleSet {
        GArray *rules;    /* of Rule; cleared with rule_done() */
        GArray *profiles; /* of Profile */
} RuleSet;

void rule_set_init(RuleSet *ret_set);
void rule_set_done(RuleSet *set);
RuleSet rule_set_copy(const RuleSet *set);
const Rule *rule_set_find(const RuleSet *set, const char *name);
const Profile *rule_set_find_profile(const RuleSet *set, const char *name);
/* In the place of the one of the same name, else at the end. Takes what the rule owns. */
void rule_set_put(RuleSet *set, Rule *rule);
void rule_set_put_profile(RuleSet *set, Profile *profile);
bool rule_set_remove(RuleSet *set, const char *name);
bool rule_set_remove_profile(RuleSet *set, const char *name);

/*
 * The text form. The whole text or nothing: REFUSAL_INVALID_ARGUMENT with the line's group, key and value,
 * and REFUSAL_LIMITS_EXCEEDED past CAP_RULES or CAP_PROFILES. Two groups of one name are refused.
 */
int rule_set_parse(const char *text, RuleSet *ret_set, Refusal *ret_refusal);
/* The same, which gives way after every group. */
int rule_set_parse_yielding(const char *text, const Yield *yield, RuleSet *ret_set, Refusal *ret_refusal);
/* All of a set, one rule, or one profile; owned by the caller. NULL: no memory. */
char *rule_set_print(const RuleSet *set);
char *rule_print(const Rule *rule);
char *profile_print(const Profile *profile);
/* How many bytes that would be. */
size_t profile_size(const Profile *profile);

/* One rule or profile from its keys, as the bus gives them; ends as in the text form. */
int rule_from_keys(const char *name, const char *const *keys, const char *const *values, unsigned n,
                Rule *ret_rule, Refusal *ret_refusal);
int profile_from_keys(const char *name, const char *const *keys, const char *const *values, unsigned n,
                Profile *ret_profile, Refusal *ret_refusal);
/* Every key that is not at its default, with its canonical value, in the order of the text form. */
typedef void (*RuleKeyFunc)(const char *key, const char *value, void *userdata);
void rule_each_key(const Rule *rule, RuleKeyFunc func, void *userdata);
void profile_each_key(const Profile *profile, RuleKeyFunc func, void *userdata);

/* The text form of a lock: "none", "admin", "delay 10m". */
int lock_read(const char *value, LockKind *ret_lock, uint64_t *ret_delay_usec, Refusal *ret_refusal);
void lock_write(LockKind lock, uint64_t delay_usec, GString *text);
