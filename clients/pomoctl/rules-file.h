/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Files in the text form of rules and profiles, checked so far that a bus can carry them. */

#define RULES_FILE_SENTENCE_MAX 512u

/* path "-" is standard input. A byte order mark and carriage returns are dropped. 0, -EINVAL with a sentence
 * (too large, not UTF-8, no text), or a negative errno of reading. The text is the caller's. */
int rules_file_read(const char *path, char **ret_text, char sentence[RULES_FILE_SENTENCE_MAX]);

/* The whole file or the one that was there before. 0 or a negative errno. */
int rules_file_write(const char *path, const char *text);
