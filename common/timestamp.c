/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/timestamp.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#define SEC_PER_DAY  86400
#define DAYS_PER_ERA 146097 /* 400 years, after which the Gregorian calendar repeats */

/* libc's gmtime_r() reads the zone's file first, which doubles the work of a client that prints one time. */
static void civil_from_seconds(int64_t sec, struct tm *ret_tm) {
        static const int days_before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
        int64_t days = sec / SEC_PER_DAY, rest = sec % SEC_PER_DAY, era, year;
        int day_of_era, year_of_era, day_of_year, m, month, day, leap;

        if (rest < 0) {
                rest += SEC_PER_DAY;
                days--;
        }

        /* Years that begin in March, so that the leap day is the last: months then fall out of one division.
         */
        era = (days + 719468) / DAYS_PER_ERA;
        day_of_era = (int) (days + 719468 - era * DAYS_PER_ERA);
        year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        m = (5 * day_of_year + 2) / 153;
        day = day_of_year - (153 * m + 2) / 5 + 1;
        month = m < 10 ? m + 3 : m - 9;
        year = year_of_era + era * 400 + (month <= 2);
        leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        *ret_tm = (struct tm){
                .tm_sec = (int) (rest % 60),
                .tm_min = (int) (rest / 60 % 60),
                .tm_hour = (int) (rest / 3600),
                .tm_mday = day,
                .tm_mon = month - 1,
                .tm_year = (int) (year - 1900),
                .tm_wday = (int) (((days + 4) % 7 + 7) % 7),
                .tm_yday = days_before[month - 1] + day - 1 + (leap && month > 2),
        };
}

const char *timestamp_format_utc(uint64_t realtime_usec, char buf[TIMESTAMP_TEXT_MAX]) {
        struct tm tm;

        civil_from_seconds((int64_t) (realtime_usec / 1000000), &tm);
        snprintf(buf, TIMESTAMP_TEXT_MAX, "%04ld-%02u-%02uT%02u:%02u:%02u.%06uZ", (long) tm.tm_year + 1900,
                        (unsigned) (tm.tm_mon + 1) % 100, (unsigned) tm.tm_mday % 100,
                        (unsigned) tm.tm_hour % 100, (unsigned) tm.tm_min % 100, (unsigned) tm.tm_sec % 100,
                        (unsigned) (realtime_usec % 1000000));
        return buf;
}

const char *timestamp_format_local(uint64_t realtime_usec, int32_t offset_sec, const char *format,
                char buf[TIMESTAMP_TEXT_MAX]) {
        struct tm tm;

        assert(format);
        civil_from_seconds((int64_t) (realtime_usec / 1000000) + offset_sec, &tm);
        tm.tm_gmtoff = offset_sec;
        tm.tm_zone = offset_sec == 0 ? "UTC" : "";

        /* Callers' formats are checked by the attribute on the declaration; gcc wants a literal here all the
         * same. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        /* A format that is empty or too long leaves the buffer undefined. */
        if (strftime(buf, TIMESTAMP_TEXT_MAX, format, &tm) == 0)
                buf[0] = '\0';
#pragma GCC diagnostic pop
        return buf;
}
