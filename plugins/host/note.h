/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Lines for the person who reads the journal, on standard error. */

#include <syslog.h>

/* Before each line where there is no journal to say whose it is: "pomod-plugin-host[NAME]". The text must
 * last. */
void note_begin(const char *name);

/* priority: as of syslog, LOG_ERR to LOG_DEBUG. */
void note_line(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define note_error(...)   note_line(LOG_ERR, __VA_ARGS__)
#define note_warning(...) note_line(LOG_WARNING, __VA_ARGS__)
#define note_info(...)    note_line(LOG_INFO, __VA_ARGS__)
