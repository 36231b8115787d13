/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/date.h"

#include <errno.h>
#include <stdio.h>

#include "common/text.h"

bool date_is_leap(int year) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int date_days_in_month(int year, int month) {
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

        return month == 2 && date_is_leap(year) ? 29 : days[month - 1];
}

/* Years that begin in March put the leap day last, where it disturbs no sum. */
Date date_make(int year, int month, int day) {
        int y, era, year_of_era, day_of_year, day_of_era;

        if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 ||
                        day > date_days_in_month(year, month))
                return DATE_NONE;
        y = month <= 2 ? year - 1 : year;
        era = y / 400;
        year_of_era = y - era * 400;
        day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        return era * 146097 + day_of_era - 719468;
}

YearMonthDay date_split(Date date) {
        int z = date + 719468;
        int era = z / 146097;
        int day_of_era = z - era * 146097;
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
        return (Weekday) ((date + 3) % 7); /* 1970-01-01 was a Thursday */
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
                        return -1;
                value = value * 10 + (text[i] - '0');
        }
        return value;
}

int date_parse(const char *text, Date *ret_date) {
        int year, month, day;
        Date date;

        year = digits(text, 4);
        if (year < 0 || text[4] != '-')
                return -EINVAL;
        month = digits(text + 5, 2);
        if (month < 0 || text[7] != '-')
                return -EINVAL;
        day = digits(text + 8, 2);
        if (day < 0 || text[10] != '\0')
                return -EINVAL;
        date = date_make(year, month, day);
        if (date == DATE_NONE)
                return -EINVAL;
        *ret_date = date;
        return 0;
}

int date_check(const char *text, Refusal *ret_refusal) {
        char excerpt[TEXT_EXCERPT_MAX];
        Date date;

        if (text[0] == '\0' || date_parse(text, &date) == 0)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT, "\"%s\" is no date; write it like 2026-07-01",
                        text_excerpt(text, excerpt));
}
