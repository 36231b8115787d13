/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/date.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SEC_PER_DAY  86400
#define DAYS_PER_ERA 146097 /* 400 years, after which the calendar repeats */
#define EPOCH_DAYS   719468 /* from 0000-03-01 to 1970-01-01 */

bool date_is_leap(int year) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int date_days_in_month(int year, int month) {
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

        return month == 2 && date_is_leap(year) ? 29 : days[month - 1];
}

/* Years that begin in March put the leap day last, where it disturbs no sum. */
static Date join(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400, year_of_era = y - era * 400;
        int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

        return era * DAYS_PER_ERA + day_of_era - EPOCH_DAYS;
}

static Date make_since(int first_year, int year, int month, int day) {
        if (year < first_year || year > 9999 || month < 1 || month > 12 || day < 1 ||
                        day > date_days_in_month(year, month))
                return DATE_NONE;
        return join(year, month, day);
}

Date date_make(int year, int month, int day) {
        return make_since(1970, year, month, day);
}

YearMonthDay date_split(Date date) {
        int z = date + EPOCH_DAYS;
        int era = z / DAYS_PER_ERA;
        int day_of_era = z - era * DAYS_PER_ERA;
        int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
        int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        int shifted = (5 * day_of_year + 2) / 153;
        int month = shifted < 10 ? shifted + 3 : shifted - 9;

        return (YearMonthDay){
                .year = year_of_era + era * 400 + (month <= 2),
                .month = month,
                .day = day_of_year - (153 * shifted + 2) / 5 + 1,
        };
}

Weekday date_weekday(Date date) {
        return (Weekday) ((date % 7 + 10) % 7); /* 1970-01-01 was a Thursday */
}

Date date_at(int64_t sec, int32_t offset_sec) {
        int64_t local = sec + offset_sec;

        return (Date) (local / SEC_PER_DAY - (local % SEC_PER_DAY < 0));
}

Date date_month_start(Date date, int months) {
        YearMonthDay ymd = date_split(date);
        int month = ymd.year * 12 + ymd.month - 1 + months;

        return join(month / 12, month % 12 + 1, 1);
}

Date date_week_start(Date date, Weekday week_start) {
        return date - (int) (date_weekday(date) - week_start + 7) % 7;
}

struct tm date_to_tm(Date date) {
        YearMonthDay ymd = date_split(date);

        return (struct tm){
                .tm_year = ymd.year - 1900,
                .tm_mon = ymd.month - 1,
                .tm_mday = ymd.day,
                .tm_wday = (int) (date_weekday(date) + 1) % 7,
                .tm_yday = date - join(ymd.year, 1, 1),
        };
}

const char *date_format(Date date, char buf[DATE_TEXT_MAX]) {
        YearMonthDay ymd = date_split(date);

        snprintf(buf, DATE_TEXT_MAX, "%04d-%02d-%02d", ymd.year, ymd.month, ymd.day);
        return buf;
}

static int digits(const char *text, int n) {
        int value = 0;

        for (int i = 0; i < n; i++) {
                if (text[i] < '0' || text[i] > '9')
                        return -EINVAL;
                value = value * 10 + (text[i] - '0');
        }
        return value;
}

int date_scan(const char **text, Date *ret_date) {
        const char *p = *text;
        int year, month, day;
        Date date;

        if ((year = digits(p, 4)) < 0 || p[4] != '-' || (month = digits(p + 5, 2)) < 0 || p[7] != '-' ||
                        (day = digits(p + 8, 2)) < 0)
                return -EINVAL;
        date = make_since(1, year, month, day);
        if (date == DATE_NONE)
                return -EINVAL;
        *text = p + strlen("2026-07-01");
        *ret_date = date;
        return 0;
}

int date_parse(const char *text, Date *ret_date) {
        Date date;

        if (date_scan(&text, &date) < 0 || *text != '\0' || date < DATE_MIN)
                return -EINVAL;
        *ret_date = date;
        return 0;
}

/* ---- words ---- */

/* "Monday" or "mon", in either case. 0 or -EINVAL. */
static int date_weekday_parse(const char *word, Weekday *ret_weekday) {
        static const char *const names[_WEEKDAY_MAX] = { "monday", "tuesday", "wednesday", "thursday",
                "friday", "saturday", "sunday" };

        for (int i = 0; i < _WEEKDAY_MAX; i++)
                if (strcasecmp(word, names[i]) == 0 ||
                                (strlen(word) == 3 && strncasecmp(word, names[i], 3) == 0)) {
                        *ret_weekday = (Weekday) i;
                        return 0;
                }
        return -EINVAL;
}

/* Which of three words it is, -1 to 1. */
static bool find_shift(const char *text, const char *const words[3], int *ret_shift) {
        for (int i = 0; i < 3; i++)
                if (strcmp(text, words[i]) == 0) {
                        *ret_shift = i - 1;
                        return true;
                }
        return false;
}

int date_word_parse(const char *text, const DateWords *words, Date *ret_date) {
        static const char *const days[] = { "yesterday", "today", "tomorrow" };
        int shift, today = (int) date_weekday(words->today);
        Weekday weekday;

        if (find_shift(text, days, &shift))
                *ret_date = words->today + shift;
        else if (date_weekday_parse(text, &weekday) < 0)
                return -EINVAL;
        else if (words->ahead)
                *ret_date = words->today + ((int) weekday - today + 7) % 7;
        else
                *ret_date = words->today - (today - (int) weekday + 7) % 7;
        return 0;
}

static bool span_parse(const char *text, const DateWords *words, Date *ret_first, Date *ret_last) {
        static const char *const weeks[] = { "last-week", "week", "next-week" };
        static const char *const months[] = { "last-month", "month", "next-month" };
        char whole[DATE_TEXT_MAX];
        Date first;
        int shift;

        if (find_shift(text, weeks, &shift)) {
                *ret_first = date_week_start(words->today, words->week_start) + 7 * shift;
                *ret_last = *ret_first + 6;
                return true;
        }
        if (find_shift(text, months, &shift))
                first = date_month_start(words->today, shift);
        else {
                snprintf(whole, sizeof(whole), "%.7s-01", text);
                if (strlen(text) != strlen("2026-07") || date_parse(whole, &first) < 0)
                        return false;
        }
        *ret_first = first;
        *ret_last = date_month_start(first, 1) - 1;
        return true;
}

static int day_parse(const char *text, const DateWords *words, Date *ret_date) {
        return date_word_parse(text, words, ret_date) == 0 ? 0 : date_parse(text, ret_date);
}

int date_range_parse(const char *text, const DateWords *words, Date *ret_first, Date *ret_last) {
        const char *dots = strstr(text, "..");
        char begin[DATE_TEXT_MAX];
        Date first, last;

        if (span_parse(text, words, ret_first, ret_last))
                return 0;
        if (!dots) {
                if (day_parse(text, words, &first) < 0)
                        return -EINVAL;
                last = first;
        } else {
                if ((size_t) (dots - text) >= sizeof(begin))
                        return -EINVAL;
                snprintf(begin, sizeof(begin), "%.*s", (int) (dots - text), text);
                if (day_parse(begin, words, &first) < 0 || day_parse(dots + 2, words, &last) < 0)
                        return -EINVAL;
        }
        if (last < first)
                return -ERANGE;
        *ret_first = first;
        *ret_last = last;
        return 0;
}
