/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* What runs before the host has called anything: BAD_DEED crashes, hangs, or leaves a child behind that holds
 * what it got. */
#include "tests/plugins/bad/frame.h"

#define CRASH 1
#define HANG  2
#define FORK  3

__attribute__((constructor)) static void begin(void) {
        if (BAD_DEED == HANG)
                frame_hang();
        if (BAD_DEED == CRASH)
                raise(SIGSEGV);
        frame_fork();
}

#include "tests/plugins/bad/table.h"
