/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Checks for tables: each row carries the __LINE__ it is written on, and a failure names that line. A failed
 * check marks the test as failed and goes on, so that one run shows all rows that are wrong.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A message each, as GLib keeps only the first of a test that fails several times. */
#define check_failed(...)                    \
        do {                                 \
                g_test_message(__VA_ARGS__); \
                g_test_fail();               \
        } while (0)

static inline void check_int_at(int line, const char *what, int64_t got, int64_t want) {
        if (got != want)
                check_failed("line %d: %s is %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT, line, what, got,
                                want);
}

static inline void check_true_at(int line, const char *what, bool got) {
        if (!got)
                check_failed("line %d: %s does not hold", line, what);
}

static inline void check_str_at(int line, const char *what, const char *got, const char *want) {
        if (g_strcmp0(got, want) != 0)
                check_failed("line %d: %s is \"%s\", not \"%s\"", line, what, got ? got : "(none)",
                                want ? want : "(none)");
}

#define CHECK_INT(line, got, want) check_int_at(line, #got, (int64_t) (got), (int64_t) (want))
#define CHECK_STR(line, got, want) check_str_at(line, #got, got, want)
#define CHECK(line, condition)     check_true_at(line, #condition, condition)
