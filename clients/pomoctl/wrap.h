/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Text in so many columns of a terminal, broken between words. Pure; the text holds no escape sequences. */

#include <stddef.h>
#include <stdio.h>

/*
 * How many bytes of a text make its first line, and where the next one begins ("" past the last). A line ends
 * at a space, or behind a comma or semicolon; only what is wider than a line by itself is broken within.
 */
size_t wrap_line(const char *text, size_t columns, const char **ret_next);

/* Columns of the widest part of a text that wrap_line() would not break. */
size_t wrap_widest(const char *text);

/*
 * Prints a text that begins in column `at` of a line and goes on in column `indent` of the next ones, without
 * a line feed at its end. columns: of the terminal; 0: there is none, and all of it is one line.
 */
void wrap_print(FILE *file, const char *text, size_t at, size_t indent, size_t columns);
void wrap_printf(FILE *file, size_t at, size_t indent, size_t columns, const char *format, ...)
                __attribute__((format(printf, 5, 6)));

/* A line of a record where a row would be too wide: its name in so many columns, then the text below itself;
 * nothing where that is empty. bold and off: escape sequences around the name, or "". */
void wrap_print_named(FILE *file, const char *name, size_t name_width, const char *text, size_t columns,
                const char *bold, const char *off);
