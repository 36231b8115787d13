/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Lines for the person who reads the journal, on standard error. Core and store never log: whoever decides to
 * stop handing an error up writes one line, which says what it means and not only what failed.
 */

typedef enum LogLevel {
        LOG_LEVEL_ERROR,   /* something was lost or does not work */
        LOG_LEVEL_WARNING, /* something unusual was dealt with */
        LOG_LEVEL_INFO,
} LogLevel;

void log_line(LogLevel level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...)   log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...)    log_line(LOG_LEVEL_INFO, __VA_ARGS__)
