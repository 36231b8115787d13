/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clients/ics/ics.h"

Civil civil_from_time(time_t t) {
        struct tm tm;

        if (!localtime_r(&t, &tm))
                return 0;
        return (Civil) t + tm.tm_gmtoff;
}

/* Both offsets that are in force near it are tried: the instant is the earliest that reads so. In a gap none
 * does, and the offset from before it is taken. */
time_t civil_to_time(Civil civil) {
        time_t before = (time_t) civil - ICS_DAY, after = (time_t) civil + ICS_DAY, first, second;

        first = (time_t) (civil - (civil_from_time(before) - (Civil) before));
        second = (time_t) (civil - (civil_from_time(after) - (Civil) after));
        if (civil_from_time(first) == civil && (civil_from_time(second) != civil || first <= second))
                return first;
        return civil_from_time(second) == civil ? second : first;
}

int ics_refuse(char sentence[ICS_SENTENCE_MAX], const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        vsnprintf(sentence, ICS_SENTENCE_MAX, format, ap);
        va_end(ap);
        return -EINVAL;
}
