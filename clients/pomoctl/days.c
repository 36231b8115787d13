/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/days.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SEC_PER_DAY ((time_t) 86400)

static Day day_of_date(struct tm date) {
        struct tm utc = { .tm_year = date.tm_year, .tm_mon = date.tm_mon, .tm_mday = date.tm_mday };
        time_t t = timegm(&utc);

        return (Day) ((t - (t % SEC_PER_DAY + SEC_PER_DAY) % SEC_PER_DAY) / SEC_PER_DAY);
}

Day day_of(time_t t) {
        struct tm local = { 0 };

        localtime_r(&t, &local);
        return day_of_date(local);
}

struct tm day_split(Day day) {
        time_t t = (time_t) day * SEC_PER_DAY;
        struct tm tm = { 0 };

        gmtime_r(&t, &tm);
        return tm;
}

time_t day_start(Day day) {
        struct tm tm = day_split(day);

        return time_from_local(
                        (struct tm){ .tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday });
}

const char *day_format(Day day, char buf[DAY_TEXT_MAX]) {
        struct tm tm = day_split(day);

        if (strftime(buf, DAY_TEXT_MAX, "%Y-%m-%d", &tm) == 0)
                buf[0] = '\0';
        return buf;
}

const char *day_label(Day day, char buf[DAY_TEXT_MAX]) {
        struct tm tm = day_split(day);

        if (strftime(buf, DAY_TEXT_MAX, "%a %Y-%m-%d", &tm) == 0)
                buf[0] = '\0';
        return buf;
}

const char *moment_label(time_t t, time_t beside, char buf[DAY_TEXT_MAX]) {
        bool same = day_of(t) == day_of(beside);
        struct tm tm = { 0 };

        localtime_r(&t, &tm);
        if (strftime(buf, DAY_TEXT_MAX,
                            same ? (tm.tm_sec ? "%H:%M:%S" : "%H:%M")
                                 : (tm.tm_sec ? "%a %Y-%m-%d %H:%M:%S" : "%a %Y-%m-%d %H:%M"),
                            &tm) == 0)
                buf[0] = '\0';
        return buf;
}

static int bad_day(const char *text, char sentence[TIMES_SENTENCE_MAX]) {
        snprintf(sentence, TIMES_SENTENCE_MAX,
                        "'%.64s' is no date; say it like 2026-07-01, today or tomorrow", text);
        return -EINVAL;
}

int day_parse(const char *text, time_t now, Day *ret_day, char sentence[TIMES_SENTENCE_MAX]) {
        static const char *const words[] = { "yesterday", "today", "tomorrow" };
        struct tm date;

        for (int i = 0; i < 3; i++)
                if (strcmp(text, words[i]) == 0) {
                        *ret_day = day_of(now) + i - 1;
                        return 0;
                }
        if (date_parse(text, &date) < 0 || date.tm_year < 70)
                return bad_day(text, sentence);

        *ret_day = day_of_date(date);
        return 0;
}

int days_parse(const char *text, time_t now, int week_start, Day *ret_first, Day *ret_last,
                char sentence[TIMES_SENTENCE_MAX]) {
        const char *dots = strstr(text, "..");
        bool next = strcmp(text, "next-week") == 0;
        Day first, last;
        char begin[32];
        int r;

        if (next || strcmp(text, "week") == 0) {
                Day today = day_of(now);

                first = today - (day_split(today).tm_wday - week_start + 7) % 7 + (next ? 7 : 0);
                last = first + 6;
        } else if (dots && (size_t) (dots - text) < sizeof(begin)) {
                snprintf(begin, sizeof(begin), "%.*s", (int) (dots - text), text);
                r = day_parse(begin, now, &first, sentence);
                if (r >= 0)
                        r = day_parse(dots + 2, now, &last, sentence);
                if (r < 0)
                        return r;
        } else {
                r = day_parse(text, now, &first, sentence);
                if (r < 0) {
                        snprintf(sentence, TIMES_SENTENCE_MAX,
                                        "'%.64s' are no days; say today, week, next-week, 2026-07-01 or "
                                        "2026-07-01..2026-07-14",
                                        text);
                        return r;
                }
                last = first;
        }
        if (last < first) {
                snprintf(sentence, TIMES_SENTENCE_MAX, "'%.64s' ends before it begins", text);
                return -EINVAL;
        }

        *ret_first = first;
        *ret_last = last;
        return 0;
}

int instant_parse(const char *text, time_t now, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]) {
        const char *point = strchr(text, '.');
        char whole[64];
        struct tm date;
        time_t t;

        if (strcmp(text, "now") == 0) {
                *ret_time = now;
                return 0;
        }
        if (date_parse(text, &date) == 0) {
                if (date.tm_year < 70)
                        return bad_day(text, sentence);
                *ret_time = day_start(day_of_date(date));
                return 0;
        }

        /* Parts of a second, as this program prints them itself. */
        if (point && isdigit((unsigned char) point[1]) && strlen(text) < sizeof(whole)) {
                snprintf(whole, sizeof(whole), "%.*s%s", (int) (point - text), text,
                                point + 1 + strspn(point + 1, "0123456789"));
                if (time_parse(whole, now, &t, sentence) == 0)
                        text = whole;
        }
        if (time_parse(text, now, &t, sentence) < 0 || t < 1) {
                snprintf(sentence, TIMES_SENTENCE_MAX,
                                "'%.64s' is no instant; say now, 18:10, 2026-07-01, \"2026-07-01 18:10\" or "
                                "2026-07-01T18:10:00Z",
                                text);
                return -EINVAL;
        }

        *ret_time = t;
        return 0;
}
