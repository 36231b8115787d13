/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Calendar dates as numbers, as text and as the words that people type: the one place that knows the
 * Gregorian calendar. No zone, no clock: which date is today is an argument.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Days since 1970-01-01 of the proleptic Gregorian calendar. Functions take any from the year 1 to 5,000,000.
 */
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
/* The date that an instant has on a clock which is so many seconds east of UTC. */
Date date_at(int64_t sec, int32_t offset_sec);
/* The first of the month that lies so many months after a date's own. */
Date date_month_start(Date date, int months);
/* The first date of the week that a date lies in. */
Date date_week_start(Date date, Weekday week_start);
/* The midnight of a date as strftime() takes it, without a zone. */
struct tm date_to_tm(Date date);

#define DATE_TEXT_MAX 16
const char *date_format(Date date, char buf[DATE_TEXT_MAX]); /* "2026-07-01"; returns buf */
/* Reads YYYY-MM-DD and nothing shorter at *text, from the year 1 to 9999, and moves *text behind. 0 or
 * -EINVAL. */
int date_scan(const char **text, Date *ret_date);
/* The same for a whole text, from 1970. */
int date_parse(const char *text, Date *ret_date);

/* What words for dates are counted from. */
typedef struct DateWords {
        Date today;
        Weekday week_start;
        bool ahead; /* the name of a weekday is the next such day, else the last; today is either */
} DateWords;

/* "today", "tomorrow", "yesterday", the name of a weekday. 0 or -EINVAL. */
int date_word_parse(const char *text, const DateWords *words, Date *ret_date);
/*
 * A word as above, YYYY-MM-DD or two of these with ".." between; "week", "month" and both with "last-" or
 * "next-"; "2026-07". First and last are included. -EINVAL: no dates; -ERANGE: the last lies before the
 * first.
 */
int date_range_parse(const char *text, const DateWords *words, Date *ret_first, Date *ret_last);
