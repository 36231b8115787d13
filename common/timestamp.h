/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Instants as text: RFC 3339 in UTC with microseconds, the one form that scripts are given. */

#include <stdint.h>

#define TIMESTAMP_TEXT_MAX 40

/* "2026-02-10T23:00:00.000000Z" for microseconds since 1970. Returns buf. */
const char *timestamp_format_utc(uint64_t realtime_usec, char buf[TIMESTAMP_TEXT_MAX]);

/* The same instant on a clock offset_sec east of UTC, with a strftime format, which is never NULL. Returns
 * buf. */
const char *timestamp_format_local(uint64_t realtime_usec, int32_t offset_sec, const char *format,
                char buf[TIMESTAMP_TEXT_MAX]) __attribute__((format(strftime, 3, 0)));
