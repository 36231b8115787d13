/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Edits of the log: whether what a person wants to write into it makes sense by itself. Whether it overlaps
 * something is the store's to say. Texts are those that the bus has checked.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/now.h"
#include "daemon/core/refusal.h"
#include "daemon/core/settings.h"
#include "daemon/core/types.h"

/* A new record, or fields to change in one that exists. */
typedef struct LogEdit {
        bool has_kind, has_started, has_ended, has_task, has_note;
        IntervalKind kind; /* pomodoro (completed) or freeform; adding without kind: freeform */
        uint64_t started_real_usec, ended_real_usec;
        int64_t task;     /* 0: none */
        const char *note; /* "": none */
} LogEdit;

/* A whole record from an edit: kind, times, offset, outcome completed, edited. Caller owns its strings. */
int log_edit_make(const LogEdit *edit, GTimeZone *zone, const Now *now, Interval *ret_interval,
                Refusal *ret_refusal);

/*
 * What an existing record becomes. Times of a running one cannot be edited; pauses are
 * clipped to what is left. Kind cannot become or stop being a break.
 */
int log_edit_apply(const Interval *interval, const LogEdit *edit, GTimeZone *zone, const Now *now,
                Interval *ret_interval, Refusal *ret_refusal);
