/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* How the records of a user are asked for, in every room: what to give, where to go on, whom to hand each to.
 */

#include <stdbool.h>
#include <stdint.h>

#include "common/caps.h"
#include "daemon/core/days.h"
#include "daemon/core/types.h"

typedef struct TaskQuery {
        int64_t after; /* ids above this */
        bool include_done;
        const char *tag; /* NULL: with any tags or none */
        unsigned limit;  /* 0: CAP_RECORDS_PER_REPLY */
} TaskQuery;

/* Where a reading of the log stands: records come ordered by start, then id. Zero-initialised: the beginning.
 */
typedef struct LogCursor {
        uint64_t started_real_usec;
        int64_t id;
} LogCursor;

typedef struct LogQuery {
        Span span;   /* of starts */
        bool by_day; /* the span is of whole days: what began in a window is of the window's date */
        char from_date[11], to_date[11]; /* by day, filled in by the engine: the first date, and the one after
                                            the last */
        uint32_t interruptions;          /* so many of each, at most, with their notes */
        LogCursor after;
        int64_t task;                 /* 0: any */
        char tag[CAP_TAGS_BYTES + 1]; /* on tasks with that tag; empty: any */
        unsigned limit;               /* 0: no limit */
} LogQuery;
typedef int (*IntervalFunc)(const Interval *interval, void *userdata); /* non-zero stops and is returned */

/* Where a reading of claims stands: they come ordered by when they engaged, then id. */
typedef struct ClaimCursor {
        uint64_t engaged_real_usec;
        int64_t id;
} ClaimCursor;

typedef struct ClaimQuery {
        Span span; /* of when they engaged */
        ClaimCursor after;
        bool office_days; /* of office-day rules alone */
} ClaimQuery;

#define BACKUP_NAME_MAX 64

typedef struct Backup {
        char name[BACKUP_NAME_MAX];
        uint64_t made_real_usec;
        uint64_t bytes;
} Backup;
