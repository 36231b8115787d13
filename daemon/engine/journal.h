/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Lines for the person who reads the journal, on standard error. Core and store never log: whoever decides to
 * stop handing an error up writes one line, which says what it means and not only what failed.
 */

typedef enum JournalLevel {
        JOURNAL_ERROR,   /* something was lost or does not work */
        JOURNAL_WARNING, /* something unusual was dealt with */
        JOURNAL_INFO,
} JournalLevel;

void journal_line(JournalLevel level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define journal_error(...)   journal_line(JOURNAL_ERROR, __VA_ARGS__)
#define journal_warning(...) journal_line(JOURNAL_WARNING, __VA_ARGS__)
#define journal_info(...)    journal_line(JOURNAL_INFO, __VA_ARGS__)
