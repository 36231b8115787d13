/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The log for people: a row an interval under the day that it belongs to, with its own offset from UTC, and
 * what it comes to. Rows are printed as they come, so that a log of any length takes no memory.
 */

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "clients/pomoctl/ctl.h"

typedef struct LogTotals {
        uint64_t pomodoros, voids;
        uint64_t pomodoro_usec, freeform_usec, void_usec; /* void_usec: of pomodoros that became void */
        uint64_t overtime_usec;                           /* of all of these */
} LogTotals;

typedef struct LogRows {
        const Ctl *ctl;
        FILE *file;
        unsigned columns;    /* of the terminal; 0: there is none */
        char day[16];        /* of the last row */
        uint64_t epoch;      /* of the clock, with which the day began */
        bool several_clocks; /* on that day */
        unsigned n_days;
        LogTotals of_day, in_all;
} LogRows;

void log_rows_add(LogRows *rows, struct json_object *record);
void log_rows_end(LogRows *rows); /* the sums; says so where there was no row */

/* One interval in a line with its date: "2026-07-01 09:00–10:15 freeform, completed · Write report #12" */
void log_line_print(FILE *file, struct json_object *record);
