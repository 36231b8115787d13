/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Calendar dates as numbers: days since 1970-01-01 of the proleptic Gregorian calendar. No zone, no clock. */

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/refusal.h"

typedef int32_t Date;

#define DATE_NONE INT32_MIN
#define DATE_MIN  0       /* 1970-01-01 */
#define DATE_MAX  2932896 /* 9999-12-31 */

typedef enum Weekday {
        WEEKDAY_MON,
        WEEKDAY_TUE,
        WEEKDAY_WED,
        WEEKDAY_THU,
        WEEKDAY_FRI,
        WEEKDAY_SAT,
        WEEKDAY_SUN,
        _WEEKDAY_MAX,
} Weekday;

typedef struct YearMonthDay {
        int year;
        int month; /* 1 to 12 */
        int day;   /* 1 to 31 */
} YearMonthDay;

bool date_is_leap(int year);
int date_days_in_month(int year, int month);
/* DATE_NONE for what is no date, or outside 1970 to 9999. */
Date date_make(int year, int month, int day);
YearMonthDay date_split(Date date);
Weekday date_weekday(Date date);

#define DATE_TEXT_MAX 16
const char *date_format(Date date, char buf[DATE_TEXT_MAX]); /* "2026-07-01" */
/* -EINVAL for anything but YYYY-MM-DD. */
int date_parse(const char *text, Date *ret_date);
/* The same as a refusal, which names the text; the empty one is fine: no date. */
int date_check(const char *text, Refusal *ret_refusal);
