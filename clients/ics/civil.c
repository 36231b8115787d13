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

const char *day_format(int64_t day, char buf[ICS_DATE_MAX]) {
        time_t t = (time_t) (day * ICS_DAY);
        struct tm tm;

        if (!gmtime_r(&t, &tm) || strftime(buf, ICS_DATE_MAX, "%Y-%m-%d", &tm) == 0)
                buf[0] = '\0';
        return buf;
}

int day_parse(const char *text, int64_t *ret_day) {
        char again[ICS_DATE_MAX];
        struct tm tm = { .tm_isdst = 0 };
        int64_t day;
        int n = 0;

        if (sscanf(text, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &n) != 3 || n != 10 ||
                        text[10] != '\0' || tm.tm_year < 1970)
                return -EINVAL;
        tm.tm_year -= 1900;
        tm.tm_mon -= 1;
        day = civil_day((Civil) timegm(&tm));
        /* What is no date comes back as another one. */
        if (strcmp(day_format(day, again), text) != 0)
                return -EINVAL;
        *ret_day = day;
        return 0;
}

int ics_refuse(char sentence[ICS_SENTENCE_MAX], const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        vsnprintf(sentence, ICS_SENTENCE_MAX, format, ap);
        va_end(ap);
        return -EINVAL;
}
