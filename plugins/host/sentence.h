/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What went wrong, for people: a sentence that begins small and ends without a stop, as `NAME: SENTENCE` is
 * read. */

/* Puts a new sentence, which the caller frees, into ret_sentence, which may be NULL. Returns r, so that
 * failing is one line: return sentence_set(ret_sentence, -EINVAL, "…"). */
int sentence_set(char **ret_sentence, int r, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "pomod-plugin-host: SENTENCE" on standard error, made safe for a terminal. Returns 1: what to exit with. */
int sentence_fail(const char *sentence);

/* The same line as it is, from any thread and any signal: neither memory nor a lock is taken. */
void sentence_write(const char *sentence);
