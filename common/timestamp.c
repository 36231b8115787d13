/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/timestamp.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#include "common/date.h"

#define SEC_PER_DAY 86400

/* libc's gmtime_r() reads the zone's file first, which doubles the work of a client that prints one time. */
static struct tm civil_from_seconds(int64_t sec, int32_t offset_sec) {
        Date date = date_at(sec, offset_sec);
        int rest = (int) (sec + offset_sec - (int64_t) date * SEC_PER_DAY);
        struct tm tm = date_to_tm(date);

        tm.tm_sec = rest % 60;
        tm.tm_min = rest / 60 % 60;
        tm.tm_hour = rest / 3600;
        return tm;
}

const char *timestamp_format_utc(uint64_t realtime_usec, char buf[TIMESTAMP_TEXT_MAX]) {
        struct tm tm = civil_from_seconds((int64_t) (realtime_usec / 1000000), 0);

        snprintf(buf, TIMESTAMP_TEXT_MAX, "%04ld-%02u-%02uT%02u:%02u:%02u.%06uZ", (long) tm.tm_year + 1900,
                        (unsigned) (tm.tm_mon + 1) % 100, (unsigned) tm.tm_mday % 100,
                        (unsigned) tm.tm_hour % 100, (unsigned) tm.tm_min % 100, (unsigned) tm.tm_sec % 100,
                        (unsigned) (realtime_usec % 1000000));
        return buf;
}

const char *timestamp_format_local(uint64_t realtime_usec, int32_t offset_sec, const char *format,
                char buf[TIMESTAMP_TEXT_MAX]) {
        struct tm tm = civil_from_seconds((int64_t) (realtime_usec / 1000000), offset_sec);

        assert(format);
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
