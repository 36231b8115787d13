/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A row of the table of verbs: parsing, help and the man page read it, and nothing of a verb is written
 * anywhere else. Each file of verbs ends in the rows of its own; verbs.c puts these tables in their order.
 */

#include <limits.h>

#include "clients/pomoctl/args.h"
#include "clients/pomoctl/ctl.h"
#include "common/help.h"

#define WORDS_ANY UINT_MAX

struct Verb {
        const char *name;           /* "start", "log add", or "focus profile set" */
        const char *usage;          /* what follows the name */
        unsigned words;             /* how many it takes at most; more are refused before it runs */
        const char *brief;          /* a line for the list of verbs; NULL: of several words, not in it */
        const char *sentence;       /* "begin an interval": no capital, no full stop */
        const char *const *details; /* paragraphs for its help; NULL: none */
        const Option *options;      /* its own; NULL: none */
        const HelpItem *terms;      /* words that it knows: placeholders, keys; NULL: none */
        const char *terms_title;
        const HelpItem *examples; /* at least one */
        const ProgramHint *hints; /* options of its own against a refusal; NULL: none */
        int (*run)(Ctl *ctl, const Args *args);
};

/* They make a table that reads as one: */
/* clang-format off */
#define OPTIONS(...) (const Option[]) { __VA_ARGS__ {} }
#define ITEMS(...)   (const HelpItem[]) { __VA_ARGS__ {} }
#define HINTS(...)   (const ProgramHint[]) { __VA_ARGS__ {} }
#define DETAILS(...) (const char *const[]) { __VA_ARGS__, NULL }

/* ---- what several verbs say ---- */

#define PROJECT_OPTION { "project", "NAME", "the project of the task; a task that is created gets it" },

#define DATE_WORDS_AHEAD \
        "A DATE is 2026-07-01, today, tomorrow, yesterday, or monday or mon for the next one from today on."

#define DAYS_TERMS ITEMS(                                                                                 \
        { "today, tomorrow, yesterday", "a day" },                                                        \
        { "monday, mon", "the next one from today on" },                                                  \
        { "2026-07-01", "a date" },                                                                       \
        { "week, next-week, last-week", "from the day on which your weeks begin, by the setting week-start" }, \
        { "month, next-month, 2026-07", "a month" },                                                      \
        { "2026-07-01..2026-07-14", "from one day to another, both included; today..fri, too" }, )
/* clang-format on */

/* ---- the tables, each ended by a verb without a name ---- */

extern const Verb verbs_of_timer[], verbs_of_status[], verbs_of_watch[];
extern const Verb verbs_of_task[], verbs_of_log[], verbs_of_log_edits[], verbs_of_config[],
                verbs_of_backups[];
extern const Verb verbs_of_rule_list[], verbs_of_agenda[], verbs_of_explain[], verbs_of_rules[];
extern const Verb verbs_of_import[], verbs_of_ics[], verbs_of_presets[], verbs_of_office_days[];
extern const Verb verbs_of_focus[], verbs_of_focus_test[], verbs_of_profiles[], verbs_of_consent[];
extern const Verb verbs_of_profile_presets[], verbs_of_names[], verbs_of_plugins[], verbs_of_plan[];
