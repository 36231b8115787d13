/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Days, weeks and periods. GLib's date-times resolve a time in a gap to the gap's end and an ambiguous one to
 * its second occurrence, so that only its offsets are used here, and RFC 5545 is kept by looking at those.
 */

#include "daemon/core/log.h"

#include <errno.h>
#include <string.h>

#include "common/text.h"
#include "daemon/core/date.h"

#define SEC_PER_HOUR 3600
#define SEC_PER_DAY  86400
#define USEC         G_GINT64_CONSTANT(1000000)

#define LAST_USEC ((uint64_t) INT64_MAX) /* what a store's integers can hold */
#define FIRST_DAY 0                      /* 1970-01-01 */

static int64_t floor_div(int64_t a, int64_t b) {
        return a / b - (a % b < 0);
}

static int32_t offset_at_sec(GTimeZone *zone, int64_t sec) {
        return g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, sec));
}

int32_t zone_offset_at(GTimeZone *zone, uint64_t real_usec) {
        return offset_at_sec(zone, (int64_t) (real_usec / (uint64_t) USEC));
}

/*
 * The instant of a local time, both in seconds since 1970. Offsets have been within 16 hours of UTC, and no
 * zone changed twice within the three hours of a step, so that every offset that can be meant is seen.
 */
int64_t zone_resolve_local(GTimeZone *zone, int64_t local) {
        const int64_t step = 3 * SEC_PER_HOUR, from = local - 18 * SEC_PER_HOUR,
                      to = local + 18 * SEC_PER_HOUR;
        int32_t before = offset_at_sec(zone, from), across = before;

        if (g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, from) ==
                        g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, to))
                return local - before;

        for (int64_t at = from; at <= to; at += step) {
                int32_t offset = offset_at_sec(zone, at);

                /* From early to late: the first that fits is the first occurrence. */
                if (offset_at_sec(zone, local - offset) == offset)
                        return local - offset;
                if (at - step + before <= local && at + offset > local)
                        across = before;
                before = offset;
        }
        return local - across;
}

int zone_resolve(GTimeZone *zone, int year, int month, int day, uint32_t second_of_day,
                uint64_t *ret_real_usec) {
        Date date;
        int64_t sec;

        if (year < 1970 || year > 9999)
                return -ERANGE;
        date = date_make(year, month, day);
        if (date == DATE_NONE || second_of_day >= SEC_PER_DAY)
                return -EINVAL;

        /* A new year's morning east of Greenwich was still 1969 in UTC. */
        sec = zone_resolve_local(zone, (int64_t) date * SEC_PER_DAY + second_of_day);
        if (sec < 0)
                return -ERANGE;
        *ret_real_usec = (uint64_t) sec * (uint64_t) USEC;
        return 0;
}

/* When the day of a date begins. Where its start falls into a gap of a whole day, that is also when the next
 * one does. */
static int64_t day_start(const Settings *settings, GTimeZone *zone, int64_t day) {
        return zone_resolve_local(zone, day * SEC_PER_DAY + settings->day_start_sec);
}

static uint64_t usec_of(int64_t sec) {
        if (sec < 0)
                return 0;
        return sec > INT64_MAX / USEC ? LAST_USEC : (uint64_t) (sec * USEC);
}

/* From the beginning of one day up to that of another. */
static void span_of_days(
                const Settings *settings, GTimeZone *zone, int64_t first, int64_t past_last, Span *ret_span) {
        *ret_span = (Span){
                .from_real_usec = usec_of(day_start(settings, zone, first)),
                .to_real_usec = usec_of(day_start(settings, zone, past_last)),
        };
}

/* The date whose day contains an instant: asked of the starts themselves, so that days have neither gaps nor
 * overlaps. */
static int64_t day_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec) {
        int64_t sec = (int64_t) (MIN(real_usec, LAST_USEC) / (uint64_t) USEC);
        int64_t day = floor_div(sec + offset_at_sec(zone, sec), SEC_PER_DAY) + 2;

        while (day_start(settings, zone, day) > sec)
                day--;
        return day;
}

void day_span_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec, Span *ret_span) {
        int64_t day = day_at(settings, zone, real_usec);

        span_of_days(settings, zone, day, day + 1, ret_span);
}

void week_span_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec, Span *ret_span) {
        int64_t day = day_at(settings, zone, real_usec);
        int64_t weekday = ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; 0 is Monday */
        int64_t first = day - (weekday - ((int64_t) settings->week_start - 1) + 7) % 7;

        span_of_days(settings, zone, first, first + 7, ret_span);
}

/* "2026-07-01", and nothing shorter: a number of digits that varies is a typing error more often than a date.
 */
static int parse_date(const char *text, size_t n, int64_t *ret_day) {
        char copy[sizeof("0000-00-00")];
        Date date;

        if (n != sizeof(copy) - 1)
                return -EINVAL;
        memcpy(copy, text, n);
        copy[n] = '\0';
        if (date_parse(copy, &date) < 0)
                return -EINVAL;
        *ret_day = date;
        return 0;
}

/* Yesterday is the last day that there was: a zone may have skipped a date. */
static void span_of_yesterday(
                const Settings *settings, GTimeZone *zone, uint64_t now_real_usec, Span *ret_span) {
        int64_t day = day_at(settings, zone, now_real_usec);

        do
                span_of_days(settings, zone, day - 1, day, ret_span);
        while (ret_span->from_real_usec == ret_span->to_real_usec && day-- > FIRST_DAY);
}

static int parse_dates(const char *text, const Settings *settings, GTimeZone *zone, Span *ret_span,
                Refusal *ret_refusal) {
        const char *dots = strstr(text, "..");
        size_t n = strnlen(text, TEXT_EXCERPT_MAX);
        char excerpt[TEXT_EXCERPT_MAX];
        int64_t first = 0, last = 0;
        int r;

        if (dots) {
                r = parse_date(text, (size_t) (dots - text), &first);
                if (r == 0)
                        r = parse_date(dots + 2, strnlen(dots + 2, TEXT_EXCERPT_MAX), &last);
        } else {
                r = parse_date(text, n, &first);
                last = first;
        }
        if (r < 0)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is not a period; write today, yesterday, week, all, a date like 2026-07-01 or two like 2026-07-01..2026-07-31",
                                text_excerpt(text, excerpt));
        if (last < first)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" ends before it begins; write the earlier date first",
                                text_excerpt(text, excerpt));
        span_of_days(settings, zone, first, last + 1, ret_span);
        return 0;
}

int period_parse(const char *text, const Settings *settings, GTimeZone *zone, uint64_t now_real_usec,
                Span *ret_span, Refusal *ret_refusal) {
        if (!text)
                text = "";

        if (strcmp(text, "today") == 0)
                day_span_at(settings, zone, now_real_usec, ret_span);
        else if (strcmp(text, "yesterday") == 0)
                span_of_yesterday(settings, zone, now_real_usec, ret_span);
        else if (strcmp(text, "week") == 0)
                week_span_at(settings, zone, now_real_usec, ret_span);
        else if (strcmp(text, "all") == 0)
                *ret_span = (Span){ .from_real_usec = 0, .to_real_usec = LAST_USEC };
        else
                return parse_dates(text, settings, zone, ret_span, ret_refusal);
        return 0;
}
