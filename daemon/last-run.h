/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * How the run before this one ended. A supervisor restarts pomod for ever and at once, so pomod itself waits
 * where it ends badly again and again: 0.1 s after the first time, then twice as long, 10 s at most.
 */

#include <stdint.h>

#include "daemon/core/now.h"

#define LAST_RUN_WAIT_MAX_USEC UINT64_C(10000000)
/* A run that lasted longer is none of a row of failures. */
#define LAST_RUN_SHORT_USEC UINT64_C(60000000)

typedef struct LastRun {
        uint64_t began_boot_usec;
        unsigned n_bad; /* that ended badly in a row before this run */
} LastRun;

/* What to wait before serving, and in ret_run what is to be noted of the run that begins now. last is NULL
 * where the one before ended well. */
uint64_t last_run_wait_usec(const LastRun *last, const Now *now, LastRun *ret_run);

/* Reads and replaces the note in a folder that a reboot empties: 0, or a negative errno. A note that cannot
 * be read is none. */
int last_run_begin(const char *runtime_dir, const Now *now, uint64_t *ret_wait_usec);
/* This run ends well. */
void last_run_end(const char *runtime_dir);
