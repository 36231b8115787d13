/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Nonsense in every string and number of the table, one (BAD_ROW) a plugin; the host says which. */
#include "tests/plugins/bad/frame.h"

#define SETTING(...)                                   \
        { .size = sizeof(PomoSetting),                 \
                .key = "hold",                         \
                .sentence = "the names that are held", \
                .type = POMO_NAMES },                  \
                        __VA_ARGS__
#define KEY(text) \
        SETTING({ .size = sizeof(PomoSetting), .key = (text), .sentence = "a text", .type = POMO_TEXT })

#if BAD_ROW == 1 /* another name than its file's */
#define BAD_TOLD_NAME "somebody-else"
#elif BAD_ROW == 2
#define BAD_TOLD_NAME "../../etc/passwd"
#elif BAD_ROW == 3
#define BAD_TOLD_NAME NULL
#elif BAD_ROW == 4
#define BAD_SENTENCE "two\nlines"
#elif BAD_ROW == 5
#define BAD_SENTENCE "\xff\xfe is no UTF-8"
#elif BAD_ROW == 6
#define BAD_SENTENCE NULL
#elif BAD_ROW == 7
#define BAD_VERSION "1\x1b[31m"
#elif BAD_ROW == 8
#define BAD_SCOPE 3
#elif BAD_ROW == 9
#define BAD_SETTINGS KEY("Not A Key")
#elif BAD_ROW == 10
#define BAD_SETTINGS KEY(NULL)
#elif BAD_ROW == 11
#define BAD_SETTINGS KEY("hold") /* twice */
#elif BAD_ROW == 12
#define BAD_SETTINGS SETTING({ .size = sizeof(PomoSetting), .key = "a", .sentence = "a", .type = 99 })
#elif BAD_ROW == 13
#define BAD_SETTINGS                           \
        SETTING({ .size = sizeof(PomoSetting), \
                        .key = "a",            \
                        .sentence = "a",       \
                        .type = POMO_TEXT,     \
                        .flags = 1u << 31 })
#elif BAD_ROW == 14 /* no choices */
#define BAD_SETTINGS \
        SETTING({ .size = sizeof(PomoSetting), .key = "a", .sentence = "a", .type = POMO_CHOICE })
#elif BAD_ROW == 15 /* a fallback that does not fit */
#define BAD_SETTINGS                           \
        SETTING({ .size = sizeof(PomoSetting), \
                        .key = "a",            \
                        .sentence = "a",       \
                        .type = POMO_DURATION, \
                        .fallback = "soon" })
#elif BAD_ROW == 16
#define BAD_SETTINGS                           \
        SETTING({ .size = sizeof(PomoSetting), \
                        .key = "a",            \
                        .sentence = "a",       \
                        .type = POMO_NUMBER,   \
                        .min = 9,              \
                        .max = 3 })
#elif BAD_ROW == 17 /* a setting that is too small */
#define BAD_SETTINGS \
        { .size = 8, .key = "hold", .sentence = "the names that are held", .type = POMO_NAMES }
#elif BAD_ROW == 18
#define BAD_SETTINGS KEY(BAD_LONG)
#elif BAD_ROW == 19
#define BAD_APPLY NULL
#elif BAD_ROW == 20
#define BAD_RELEASE NULL
#elif BAD_ROW == 21 /* for-everyone is of a system plugin's names alone */
#define BAD_SETTINGS                                                                               \
        {                                                                                          \
                .size = sizeof(PomoSetting), .key = "hold", .sentence = "the names that are held", \
                .type = POMO_NAMES, .flags = POMO_FOR_EVERYONE                                     \
        }
#elif BAD_ROW == 22
#define BAD_SETTINGS \
        SETTING({ .size = sizeof(PomoSetting), .key = "a", .sentence = "\x07", .type = POMO_TEXT })
#endif

#define BAD_TEN     "aaaaaaaaaa"
#define BAD_HUNDRED BAD_TEN BAD_TEN BAD_TEN BAD_TEN BAD_TEN BAD_TEN BAD_TEN BAD_TEN BAD_TEN BAD_TEN
#define BAD_LONG    BAD_HUNDRED BAD_HUNDRED BAD_HUNDRED BAD_HUNDRED BAD_HUNDRED BAD_HUNDRED BAD_HUNDRED

#include "tests/plugins/bad/table.h"
