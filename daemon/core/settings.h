/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The settings of a user: one table says the name, type, default, range and a sentence for each. Parsing,
 * printing, the bus and the help of pomoctl all read that table.
 */

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/refusal.h"
#include "daemon/core/types.h"

#define SETTING_ZONE_MAX 64

typedef struct Settings {
        uint64_t pomodoro_usec;           /* pomodoro, 25m */
        uint64_t short_break_usec;        /* short-break, 5m */
        uint64_t long_break_usec;         /* long-break, 15m */
        uint32_t long_break_every;        /* long-break-every, 4 */
        uint32_t target;                  /* target: pomodoros a day, 0 none */
        bool auto_start_break;            /* auto-start-break, yes */
        bool auto_start_pomodoro;         /* auto-start-pomodoro, no */
        bool pause;                       /* pause: pomodoros may be paused, no */
        uint64_t suspend_grace_usec;      /* suspend-grace, 60s */
        char time_zone[SETTING_ZONE_MAX]; /* time-zone: empty is the system's */
        uint32_t day_start_sec;           /* day-start: "00:00", seconds after midnight */
        uint32_t week_start;              /* week-start: 1 Monday … 7 Sunday */
} Settings;

typedef enum SettingType {
        SETTING_DURATION, /* t: microseconds; as text "25m" */
        SETTING_NUMBER,   /* u */
        SETTING_BOOL,     /* b; as text "yes", "no" */
        SETTING_TIME,     /* s: "04:00", a time of day */
        SETTING_WORD,     /* s: one of a list */
        SETTING_ZONE,     /* s: an IANA name that the system knows, or empty */
} SettingType;

typedef struct SettingInfo {
        const char *name;
        SettingType type;
        const char *default_text;
        const char *minimum_text; /* NULL where it has no range */
        const char *maximum_text;
        const char *const *words; /* SETTING_WORD: NULL-terminated */
        const char *sentence;
} SettingInfo;

/* The table, in the order people should read it; NULL past the end. */
const SettingInfo *setting_info(unsigned index);
const SettingInfo *setting_find(const char *name);
/* REFUSAL_NO_SUCH_SETTING names the nearest there is. */
int setting_require(const char *name, const SettingInfo **ret_info, Refusal *ret_refusal);

void settings_init(Settings *ret_settings); /* all defaults */
/* How long an interval of a kind is that begins now; 0 for freeform, which has no end. */
uint64_t settings_length(const Settings *settings, IntervalKind kind);

/* Sets one from its text form. A refusal names the value and what would be right; settings stay untouched
 * then. */
int settings_set(Settings *settings, const char *name, const char *text, Refusal *ret_refusal);

#define SETTING_TEXT_MAX 96
/* The canonical text of one; settings_set() takes it back. -ENOENT for a name that is not in the table. */
int settings_get(const Settings *settings, const char *name, char buf[SETTING_TEXT_MAX]);
