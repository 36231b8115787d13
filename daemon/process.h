/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* This program once more, in a process of its own, for what the loop must not wait for. */

#include <sys/types.h>

/* Begins it with these arguments, NULL at the end. What it prints is read from ret_output, which the caller
 * closes and which nobody waits for; signals are as at first. 0 or a negative errno. */
int process_start_self(const char *const argv[], int *ret_output, pid_t *ret_pid);
