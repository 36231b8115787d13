/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the clocks say at one moment. Core never asks a clock; it is given this. */

#include <stdbool.h>
#include <stdint.h>

typedef struct Now {
        uint64_t boot_usec; /* CLOCK_BOOTTIME: goes on while the computer sleeps */
        uint64_t mono_usec; /* CLOCK_MONOTONIC: does not; the growth of the difference is time slept */
        uint64_t real_usec; /* CLOCK_REALTIME: what people call the time; can be set to anything */
        bool synchronised;  /* the kernel says that real_usec was set by a time service in this boot */
        char boot_id[33];   /* 32 hex digits: BOOTTIME of another boot compares with nothing */
} Now;
