/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Enums with words: NAME_to_string() and NAME_from_string() over one dense table of strings. An unknown word
 * is -EINVAL, a value outside the table is NULL. One generic unit test walks every table for round trips.
 */

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* The words of an enum as data, for tables of fields. */
typedef struct EnumWords {
        const char *const *words;
        size_t n;
} EnumWords;

static inline const char *enum_to_string(const char *const *table, size_t n, int value) {
        return value >= 0 && (size_t) value < n ? table[value] : NULL;
}

static inline int enum_from_string(const char *const *table, size_t n, const char *word) {
        for (size_t i = 0; word && i < n; i++)
                if (table[i] && strcmp(table[i], word) == 0)
                        return (int) i;
        return -EINVAL;
}

static inline const char *enum_words_to_string(const EnumWords *words, int value) {
        return enum_to_string(words->words, words->n, value);
}

static inline int enum_words_from_string(const EnumWords *words, const char *word) {
        return enum_from_string(words->words, words->n, word);
}

#define DECLARE_ENUM_WORDS(type, name)            \
        const char *name##_to_string(type value); \
        int name##_from_string(const char *word); \
        extern const EnumWords name##_enum

#define DEFINE_ENUM_WORDS(type, name, table)                                                   \
        const EnumWords name##_enum = { table, sizeof(table) / sizeof((table)[0]) };           \
        const char *name##_to_string(type value) {                                             \
                return enum_to_string(table, sizeof(table) / sizeof((table)[0]), (int) value); \
        }                                                                                      \
        int name##_from_string(const char *word) {                                             \
                return enum_from_string(table, sizeof(table) / sizeof((table)[0]), word);      \
        }                                                                                      \
        struct enum_swallow_semicolon
