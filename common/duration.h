/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Durations as people write them: "25m", "90s", "1h30m", "1h 30m". Whole numbers with the units h, m, s, each
 * at most once and from large to small. A bare number is refused: 25 of what?
 */

#include <stddef.h>
#include <stdint.h>

#define USEC_PER_SEC  1000000ULL
#define USEC_PER_MSEC 1000ULL
#define USEC_PER_MIN  (60ULL * USEC_PER_SEC)
#define USEC_PER_HOUR (3600ULL * USEC_PER_SEC)
#define USEC_PER_DAY  (24ULL * USEC_PER_HOUR)

#define DURATION_TEXT_MAX 32 /* bytes that duration_format() needs at most, with the NUL */

/* 0, -EINVAL for what is no duration, -ERANGE for one of more than 100 years. */
int duration_parse(const char *text, uint64_t *ret_usec);

/* "1h30m", "25m", "90s" is "1m30s", "0s"; parts of a second are dropped. Returns buf. */
const char *duration_format(uint64_t usec, char buf[DURATION_TEXT_MAX]);

/* A countdown: "24:59", "1:02:03", "0:07". Parts of a second are rounded up. Returns buf. */
const char *duration_format_clock(uint64_t usec, char buf[DURATION_TEXT_MAX]);
