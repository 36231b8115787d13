/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The one policy of clients without GLib for memory that runs out: the program ends with a sentence on
 * standard error. Nothing here returns NULL; what is returned is the caller's, to free().
 */

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* What an allocation returned; ends the program where that is NULL. */
void *memory_check(void *memory) __attribute__((returns_nonnull));

/* n of a type, all zero. */
#define memory_new(type, n) ((type *) memory_check(calloc((n) > 0 ? (n) : 1, sizeof(type))))

char *memory_copy(const char *text);
char *memory_copy_n(const char *text, size_t n_bytes); /* at most so many bytes of it */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *memory_format_va(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));
/* Appends to a text that the caller owns; *text may be NULL. */
void memory_append(char **text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A copy that is safe to print on a terminal, as text_for_terminal(); NULL becomes "". */
char *memory_safe_text(const char *text);

/* Room for n of a size in an array that has n_allocated; the array that it is in from now on. */
void *memory_reserve(void *array, size_t n, size_t *n_allocated, size_t size);
