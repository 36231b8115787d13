/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/days.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/cleanup.h"

#define SEC_PER_DAY ((time_t) 86400)

static Day day_of_date(struct tm date) {
        struct tm utc = { .tm_year = date.tm_year, .tm_mon = date.tm_mon, .tm_mday = date.tm_mday };
        time_t t = timegm(&utc);

        return (Day) ((t - (t % SEC_PER_DAY + SEC_PER_DAY) % SEC_PER_DAY) / SEC_PER_DAY);
}

Day day_of(time_t t) {
        struct tm local = {};

        localtime_r(&t, &local);
        return day_of_date(local);
}

struct tm day_split(Day day) {
        time_t t = (time_t) day * SEC_PER_DAY;
        struct tm tm = {};

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
        struct tm tm = {};

        localtime_r(&t, &tm);
        if (strftime(buf, DAY_TEXT_MAX,
                            same ? (tm.tm_sec ? "%H:%M:%S" : "%H:%M")
                                 : (tm.tm_sec ? "%a %Y-%m-%d %H:%M:%S" : "%a %Y-%m-%d %H:%M"),
                            &tm) == 0)
                buf[0] = '\0';
        return buf;
}

/* ---- days as words ---- */

static int bad_day(const char *text, char sentence[TIMES_SENTENCE_MAX]) {
        snprintf(sentence, TIMES_SENTENCE_MAX,
                        "'%.64s' is no date; say it like 2026-07-01, today, tomorrow or monday", text);
        return -EINVAL;
}

/* Which day of the week a word names, "monday" or "mon"; below zero: none. */
static int weekday_of(const char *text) {
        static const char *const names[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
                "saturday" };

        for (int i = 0; i < 7; i++)
                if (strcasecmp(text, names[i]) == 0 ||
                                (strlen(text) == 3 && strncasecmp(text, names[i], 3) == 0))
                        return i;
        return -EINVAL;
}

static int word_parse(const char *text, time_t now, DayLook look, Day *ret_day) {
        static const char *const words[] = { "yesterday", "today", "tomorrow" };
        Day today = day_of(now);
        int weekday;

        for (int i = 0; i < 3; i++)
                if (strcmp(text, words[i]) == 0) {
                        *ret_day = today + i - 1;
                        return 0;
                }

        weekday = weekday_of(text);
        if (weekday < 0)
                return weekday;
        *ret_day = look == DAY_AHEAD ? today + (weekday - day_split(today).tm_wday + 7) % 7
                                     : today - (day_split(today).tm_wday - weekday + 7) % 7;
        return 0;
}

bool day_is_word(const char *text) {
        Day day;

        return word_parse(text, 0, DAY_AHEAD, &day) == 0;
}

int day_parse(const char *text, time_t now, DayLook look, Day *ret_day, char sentence[TIMES_SENTENCE_MAX]) {
        struct tm date;

        if (word_parse(text, now, look, ret_day) == 0)
                return 0;
        if (date_parse(text, &date) < 0 || date.tm_year < 70)
                return bad_day(text, sentence);

        *ret_day = day_of_date(date);
        return 0;
}

char *days_spelled_out(const char *text, time_t now, DayLook look) {
        char *copy = NULL;
        size_t size;
        FILE *file = open_memstream(&copy, &size);

        if (!file)
                return NULL;
        while (*text) {
                size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
                char word[16], date[DAY_TEXT_MAX];
                Day day;

                snprintf(word, sizeof(word), "%.*s", n < sizeof(word) ? (int) n : 0, text);
                if (n > 0 && word_parse(word, now, look, &day) == 0)
                        fputs(day_format(day, date), file);
                else {
                        n = n > 0 ? n : 1;
                        fwrite(text, 1, n, file);
                }
                text += n;
        }
        if (fclose(file) != 0) {
                free(copy);
                return NULL;
        }
        return copy;
}

/* ---- several days ---- */

static Day month_first(Day day, int months) {
        struct tm tm = day_split(day);

        return day_of_date((struct tm){ .tm_year = tm.tm_year, .tm_mon = tm.tm_mon + months, .tm_mday = 1 });
}

static bool week_parse(const char *text, time_t now, int week_start, Day *ret_first, Day *ret_last) {
        static const char *const words[] = { "last-week", "week", "next-week" };
        Day today = day_of(now);

        for (int i = 0; i < 3; i++)
                if (strcmp(text, words[i]) == 0) {
                        *ret_first = today - (day_split(today).tm_wday - week_start + 7) % 7 + 7 * (i - 1);
                        *ret_last = *ret_first + 6;
                        return true;
                }
        return false;
}

static bool month_parse(const char *text, time_t now, Day *ret_first, Day *ret_last) {
        static const char *const words[] = { "last-month", "month", "next-month" };
        char date[16];
        struct tm tm;

        for (int i = 0; i < 3; i++)
                if (strcmp(text, words[i]) == 0) {
                        *ret_first = month_first(day_of(now), i - 1);
                        *ret_last = month_first(*ret_first, 1) - 1;
                        return true;
                }

        snprintf(date, sizeof(date), "%.7s-01", text);
        if (strlen(text) != strlen("2026-07") || date_parse(date, &tm) < 0 || tm.tm_year < 70)
                return false;
        *ret_first = day_of_date(tm);
        *ret_last = month_first(*ret_first, 1) - 1;
        return true;
}

int days_parse(const char *text, time_t now, int week_start, DayLook look, Day *ret_first, Day *ret_last,
                char sentence[TIMES_SENTENCE_MAX]) {
        const char *dots = strstr(text, "..");
        Day first, last;
        char begin[32];
        int r;

        if (week_parse(text, now, week_start, ret_first, ret_last) ||
                        month_parse(text, now, ret_first, ret_last))
                return 0;

        if (dots && (size_t) (dots - text) < sizeof(begin)) {
                snprintf(begin, sizeof(begin), "%.*s", (int) (dots - text), text);
                r = day_parse(begin, now, look, &first, sentence);
                if (r >= 0)
                        r = day_parse(dots + 2, now, look, &last, sentence);
                if (r < 0)
                        return r;
        } else {
                r = day_parse(text, now, look, &first, sentence);
                if (r < 0) {
                        snprintf(sentence, TIMES_SENTENCE_MAX,
                                        "'%.64s' are no days; say today, monday, week, next-week, month, 2026-07, 2026-07-01 or 2026-07-01..2026-07-14",
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
        cleanup_free_ char *spelled = days_spelled_out(text, now, DAY_AHEAD);
        const char *typed = text, *point;
        char whole[64];
        struct tm date;
        time_t t;

        if (spelled)
                text = spelled;
        point = strchr(text, '.');

        if (strcmp(text, "now") == 0) {
                *ret_time = now;
                return 0;
        }
        if (date_parse(text, &date) == 0) {
                if (date.tm_year < 70)
                        return bad_day(typed, sentence);
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
                                "'%.64s' is no instant; say now, 18:10, monday, 2026-07-01, \"2026-07-01 18:10\" or 2026-07-01T18:10:00Z",
                                typed);
                return -EINVAL;
        }

        *ret_time = t;
        return 0;
}
