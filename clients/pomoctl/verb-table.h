/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files that hold the table of verbs share. Each is ended by a verb without a name. */

#include "clients/pomoctl/verb.h"

#define DATE_WORDS_AHEAD \
        "A DATE is 2026-07-01, today, tomorrow, yesterday, or monday or mon for the next one from today on."

/* They make a table that reads as one: */
/* clang-format off */
#define OPTIONS(...) (const Option[]) { __VA_ARGS__ {} }
#define ITEMS(...)   (const HelpItem[]) { __VA_ARGS__ {} }
#define DETAILS(...) (const char *const[]) { __VA_ARGS__, NULL }
/* clang-format on */

extern const Verb verbs_of_timer[];
extern const Verb verbs_of_task[];
extern const Verb verbs_of_log[];      /* log, settings, backups */
extern const Verb verbs_of_schedule[]; /* schedule, office days, focus, plan */
