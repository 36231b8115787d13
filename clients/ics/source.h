/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A calendar file before anything is made of it: bytes of a capped number, then text of one line a property.
 */

#include "clients/ics/ics.h"

/*
 * All of a file, "-" for standard input; never more than ICS_FILE_MAX is read. 0, a negative errno, or
 * -EINVAL, each with a sentence.
 */
int source_read(const char *path, GString **ret_bytes, char sentence[ICS_SENTENCE_MAX]);

/*
 * The lines with their folds undone, which may be within a character. -EINVAL with a sentence for what is no
 * UTF-8, no calendar, cut off, or nested too deeply to be one. Owned by the caller.
 */
int source_unfold(const char *bytes, size_t n, GString **ret_text, char sentence[ICS_SENTENCE_MAX]);
