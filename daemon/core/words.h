/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Lists of words, as tags are: one text with a blank between two. Words are the same whatever their case and
 * Unicode form. */

#include <stdbool.h>

/* NULL: no words. */
bool words_have(const char *words, const char *word);
/* A copy in which no word is there twice, each as it is written first; freed with g_free(). */
char *words_unique(const char *words);
