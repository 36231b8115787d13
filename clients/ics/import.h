/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* `pomoctl-ics import`: absences or office days out of a calendar file. */

#include "clients/ics/rules.h"
#include "clients/ics/session.h"

typedef struct ImportOptions {
        IcsKind kind;
        const char *path;  /* "-": standard input */
        const char *name;  /* what the names of the rules begin with; NULL: the calendar's own */
        const char *hours; /* of whole days; NULL: all day */
        bool dry_run;
        bool prune; /* rules of events that are not in the file any more go */
} ImportOptions;

int import_run(IcsSession *session, const ImportOptions *options); /* what to exit with */
