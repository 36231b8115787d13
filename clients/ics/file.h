/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A calendar at a path, which whoever reads it finds whole at every moment. */

#include "clients/ics/ics.h"

/*
 * Puts text where path leads to, in the place of what is there; a file that says the same is left alone.
 * 1 if it was written, 0 if not, or a negative errno with a sentence.
 */
int file_put(const char *path, const char *text, char sentence[ICS_SENTENCE_MAX]);
