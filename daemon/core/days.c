/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/days.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/text.h"

/*
 * GLib's date-times resolve a time in a gap to the gap's end and an ambiguous one to its second occurrence,
 * so that only its offsets are used here, and RFC 5545 is kept by looking at those.
 */

#define SEC_PER_HOUR 3600
#define SEC_PER_DAY  86400
#define USEC         G_GINT64_CONSTANT(1000000)

#define LAST_USEC ((uint64_t) INT64_MAX) /* what a store's integers can hold */

static int32_t offset_at_sec(GTimeZone *zone, int64_t sec) {
        return g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, sec));
}

int32_t zone_offset_at(GTimeZone *zone, uint64_t real_usec) {
        assert(zone);
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

/* When the day of a date begins. Where its start falls into a gap of a whole day, that is also when the next
 * one does. */
static int64_t day_start(const Settings *settings, GTimeZone *zone, Date date) {
        return zone_resolve_local(zone, (int64_t) date * SEC_PER_DAY + settings->day_start_sec);
}

static uint64_t usec_of(int64_t sec) {
        if (sec < 0)
                return 0;
        return sec > INT64_MAX / USEC ? LAST_USEC : (uint64_t) (sec * USEC);
}

static Span span_of_days(const Settings *settings, GTimeZone *zone, Date first, Date last) {
        return (Span){
                .from_real_usec = usec_of(day_start(settings, zone, first)),
                .to_real_usec = usec_of(day_start(settings, zone, last + 1)),
        };
}

/* The date whose day contains an instant: asked of the starts themselves, so that days have neither gaps nor
 * overlaps. */
static Date day_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec) {
        int64_t sec = (int64_t) (MIN(real_usec, LAST_USEC) / (uint64_t) USEC);
        Date day = date_at(sec, offset_at_sec(zone, sec)) + 2;

        while (day_start(settings, zone, day) > sec)
                day--;
        return day;
}

void day_span_at(const Settings *settings, GTimeZone *zone, uint64_t real_usec, Span *ret_span) {
        Date day;

        assert(settings && zone);
        day = day_at(settings, zone, real_usec);
        *ret_span = span_of_days(settings, zone, day, day);
}

/* ---- periods ---- */

static int refuse_period(Refusal *ret_refusal, const char *text) {
        static const char *const words[] = { "today", "yesterday", "week", "last-week", "month", "last-month",
                "all", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", NULL };
        const char *near = text_nearest(text, words);
        char excerpt[TEXT_EXCERPT_MAX];

        text_excerpt(text, excerpt);
        if (near)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is not a period; did you mean \"%s\"?", excerpt, near);
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                        "\"%s\" is not a period; write today, yesterday, monday, week, last-week, month, last-month, all, 2026-07, 2026-07-01 or 2026-07-01..2026-07-14",
                        excerpt);
}

static bool is_to_come(const char *text) {
        static const char *const words[] = { "tomorrow", "next-week", "next-month" };

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (strcmp(text, words[i]) == 0)
                        return true;
        return false;
}

int period_parse(const char *text, const Settings *settings, GTimeZone *zone, uint64_t now_real_usec,
                Span *ret_span, Refusal *ret_refusal) {
        DateWords words = { .week_start = (Weekday) (settings->week_start - 1) };
        char excerpt[TEXT_EXCERPT_MAX];
        Date first, last;
        Span span;

        assert(text && zone);
        if (strcmp(text, "all") == 0) {
                *ret_span = (Span){ .to_real_usec = LAST_USEC };
                return 0;
        }
        if (is_to_come(text))
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" is still to come, and the log has what was; write today, week or month for what is under way",
                                text);
        words.today = day_at(settings, zone, now_real_usec);
        switch (date_range_parse(text, &words, &first, &last)) {
        case 0:
                break;
        case -ERANGE:
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "\"%s\" ends before it begins; write the earlier date first",
                                text_excerpt(text, excerpt));
        default:
                return refuse_period(ret_refusal, text);
        }
        span = span_of_days(settings, zone, first, last);
        /* Yesterday is the last day that there was: a zone may have skipped a date. */
        while (strcmp(text, "yesterday") == 0 && span.from_real_usec == span.to_real_usec &&
                        first > DATE_MIN) {
                first--;
                span = span_of_days(settings, zone, first, first);
        }
        *ret_span = span;
        return 0;
}
