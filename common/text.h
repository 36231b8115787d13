/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Text that people type and that others will read: checks on the way in, escapes on the way to a terminal. A
 * text is never NULL where nothing else is said.
 */

#include <stdbool.h>
#include <stddef.h>

/*
 * 0 for a text that is at most max_bytes of valid UTF-8 with no control characters (C0, DEL, C1, also
 * U+2028/2029 and the bidirectional overrides). -E2BIG too long, -EILSEQ not UTF-8, -EINVAL a control
 * character or NULL. The length is judged first, so that 10 MB are never walked.
 */
int text_check(const char *text, size_t max_bytes);

/* A copy that is safe to print on a terminal: what text_check() would refuse becomes U+FFFD. NULL: no memory.
 */
char *text_for_terminal(const char *text);

#define TEXT_EXCERPT_MAX 64

/* What a sentence can name of a text that was refused: as above, and cut with an ellipsis. Returns buf. */
const char *text_excerpt(const char *text, char buf[TEXT_EXCERPT_MAX]);

/*
 * Columns a terminal needs for a text, character by character as wcwidth() of the C library counts them in
 * its own UTF-8 locale, whatever the locale of the process: ideographs, Hangul and emoji two; combining
 * marks, variation selectors and joiners none; all else one, also an unassigned character, East Asian
 * ambiguous width and a byte that is not UTF-8. A sequence of emoji that are joined counts each of them, as
 * terminals that draw them apart do. Where the C library has no C.UTF-8 every character counts one.
 */
size_t text_width(const char *text);
/* Bytes of the longest beginning of it, of whole characters, that takes at most so many columns. */
size_t text_fitting_bytes(const char *text, size_t columns);

/* Letters to add, drop, change or swap with their neighbour to make one word of the other, whatever their
 * case; UINT_MAX for one that is too long to be a slip. */
unsigned text_slips(const char *typed, const char *word);

/* The word of a NULL-terminated list that is nearest to what was typed, which may be NULL; NULL if none is
 * near. */
const char *text_nearest(const char *typed, const char *const *words);
