/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/times.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define HOUR          ((time_t) 3600)
#define DAY           (24 * HOUR)
#define NIGHT_AT_MOST (12 * HOUR)

static bool shows(time_t t, const struct tm *local) {
        struct tm tm;

        return localtime_r(&t, &tm) && tm.tm_year == local->tm_year && tm.tm_mon == local->tm_mon &&
               tm.tm_mday == local->tm_mday && tm.tm_hour == local->tm_hour && tm.tm_min == local->tm_min &&
               tm.tm_sec == local->tm_sec;
}

static time_t offset_at(time_t t) {
        struct tm tm;

        return localtime_r(&t, &tm) ? tm.tm_gmtoff : 0;
}

time_t time_from_local(struct tm local) {
        struct tm copy = local;
        time_t naive = timegm(&copy);
        time_t before = naive - offset_at(naive - DAY), after = naive - offset_at(naive + DAY);

        /* The offset before comes first: it is the earlier of two, and the right one in a gap. */
        return !shows(before, &local) && shows(after, &local) ? after : before;
}

static int days_of_month(int year, int month) {
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        return month == 2 && leap ? 29 : days[month - 1];
}

/* Exactly n digits. */
static int digits(const char **p, int n, int *ret) {
        int value = 0;

        for (int i = 0; i < n; i++, (*p)++) {
                if (!isdigit((unsigned char) **p))
                        return -EINVAL;
                value = value * 10 + (**p - '0');
        }

        *ret = value;
        return 0;
}

static int date_scan(const char **text, struct tm *ret_date) {
        const char *p = *text;
        int y, m, d;

        if (digits(&p, 4, &y) < 0 || *p++ != '-' || digits(&p, 2, &m) < 0 || *p++ != '-' ||
                        digits(&p, 2, &d) < 0)
                return -EINVAL;
        if (m < 1 || m > 12 || d < 1 || d > days_of_month(y, m))
                return -ERANGE;

        ret_date->tm_year = y - 1900;
        ret_date->tm_mon = m - 1;
        ret_date->tm_mday = d;
        *text = p;
        return 0;
}

static int clock_scan(const char **text, struct tm *ret_clock) {
        const char *p = *text;
        int h = 0, m, s = 0;

        if (digits(&p, isdigit((unsigned char) p[0]) && p[1] == ':' ? 1 : 2, &h) < 0 || *p++ != ':' ||
                        digits(&p, 2, &m) < 0)
                return -EINVAL;
        if (*p == ':') {
                p++;
                if (digits(&p, 2, &s) < 0)
                        return -EINVAL;
        }
        if (h > 23 || m > 59 || s > 59)
                return -ERANGE;

        ret_clock->tm_hour = h;
        ret_clock->tm_min = m;
        ret_clock->tm_sec = s;
        *text = p;
        return 0;
}

/* "Z", "+02:00" or nothing; *ret_given says which. */
static int offset_scan(const char **text, bool *ret_given, time_t *ret_offset) {
        const char *p = *text;
        int h, m, sign;

        *ret_given = false;
        if (*p == 'Z') {
                *text = p + 1;
                *ret_given = true;
                *ret_offset = 0;
                return 0;
        }
        if (*p != '+' && *p != '-')
                return 0;

        sign = *p++ == '-' ? -1 : 1;
        if (digits(&p, 2, &h) < 0 || *p++ != ':' || digits(&p, 2, &m) < 0)
                return 0; /* the dash of a range, for all we know */
        if (h > 23 || m > 59)
                return -ERANGE;
        /* "-10:15" after a time is the end of a range unless nothing follows a date: left to the caller. */
        *ret_offset = sign * (h * HOUR + m * 60);
        *text = p;
        *ret_given = true;
        return 0;
}

typedef struct Scanned {
        struct tm tm;
        bool date, zone;
        time_t offset;
} Scanned;

static int moment_scan(const char **text, bool zones, Scanned *ret) {
        Scanned s = {};
        const char *p = *text;
        int r;

        r = date_scan(&p, &s.tm);
        if (r == -ERANGE)
                return r;
        if (r == 0) {
                s.date = true;
                if (*p != ' ' && *p != 'T')
                        return -EINVAL;
                p += *p == 'T' ? 1 : strspn(p, " ");
        }

        r = clock_scan(&p, &s.tm);
        if (r < 0)
                return r;

        if (s.date && zones) {
                r = offset_scan(&p, &s.zone, &s.offset);
                if (r < 0)
                        return r;
        }

        *text = p;
        *ret = s;
        return 0;
}

static void date_of(time_t t, struct tm *tm) {
        struct tm local = {};

        localtime_r(&t, &local);
        tm->tm_year = local.tm_year;
        tm->tm_mon = local.tm_mon;
        tm->tm_mday = local.tm_mday;
}

static time_t moment_resolve(Scanned s, time_t day) {
        if (s.zone)
                return timegm(&s.tm) - s.offset;
        if (!s.date)
                date_of(day, &s.tm);
        return time_from_local(s.tm);
}

static int bad_time(const char *text, char sentence[TIMES_SENTENCE_MAX]) {
        snprintf(sentence, TIMES_SENTENCE_MAX,
                        "'%.64s' is no time; say it like 18:10 or \"2026-07-01 18:10\"", text);
        return -EINVAL;
}

static int time_parse_full(const char *text, time_t day, bool *ret_dated, time_t *ret_time,
                char sentence[TIMES_SENTENCE_MAX]) {
        const char *p = text + strspn(text, " ");
        Scanned s;

        if (moment_scan(&p, true, &s) < 0 || p[strspn(p, " ")] != '\0')
                return bad_time(text, sentence);

        *ret_dated = s.date;
        *ret_time = moment_resolve(s, day);
        return 0;
}

int time_parse(const char *text, time_t day, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]) {
        bool dated;

        return time_parse_full(text, day, &dated, ret_time, sentence);
}

int time_parse_past(const char *text, time_t now, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]) {
        bool dated;
        time_t t;
        int r;

        r = time_parse_full(text, now, &dated, &t, sentence);
        if (r < 0)
                return r;
        if (!dated && t > now) {
                struct tm noon = {};

                /* From noon, a day back is the day before, however long the days are. */
                date_of(now, &noon);
                noon.tm_hour = 12;
                r = time_parse(text, time_from_local(noon) - DAY, &t, sentence);
                if (r < 0)
                        return r;
        }

        *ret_time = t;
        return 0;
}

static int bad_range(const char *text, char sentence[TIMES_SENTENCE_MAX]) {
        snprintf(sentence, TIMES_SENTENCE_MAX,
                        "'%.64s' is no stretch of time; say it like 09:00-10:15, \"2026-07-01 09:00-10:15\" or \"2026-07-01 22:00..2026-07-02 01:00\"",
                        text);
        return -EINVAL;
}

static time_t day_shift(time_t day, int days) {
        struct tm noon = {};

        date_of(day, &noon);
        noon.tm_hour = 12;
        return time_from_local(noon) + days * DAY;
}

/* An end alone that is before the start is on the next day, if that makes no more than a night. */
static void range_resolve(Scanned a, Scanned b, time_t day, time_t *ret_start, time_t *ret_end) {
        time_t start = moment_resolve(a, day), end = moment_resolve(b, start);

        if (end < start && !b.date) {
                time_t next = moment_resolve(b, day_shift(start, 1));

                if (next - start <= NIGHT_AT_MOST)
                        end = next;
        }

        *ret_start = start;
        *ret_end = end;
}

static bool over_midnight(time_t start, time_t end) {
        struct tm a = {}, b = {};

        date_of(start, &a);
        date_of(end, &b);
        return end > start && a.tm_mday != b.tm_mday;
}

static bool is_before(time_t now, uint32_t second_of_day) {
        struct tm tm;

        return localtime_r(&now, &tm) &&
               (uint32_t) (tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) < second_of_day;
}

int time_range_parse(const char *text, time_t now, uint32_t day_start_sec, time_t *ret_start, time_t *ret_end,
                char sentence[TIMES_SENTENCE_MAX]) {
        const char *p = text + strspn(text, " ");
        Scanned a, b;
        time_t start, end;
        bool dots;

        /* With ".." between them either may name a zone; with "-" that dash could not be told from an offset.
         */
        dots = strstr(p, "..") != NULL;
        if (moment_scan(&p, dots, &a) < 0)
                return bad_range(text, sentence);
        p += strspn(p, " ");
        if (dots) {
                if (strncmp(p, "..", 2) != 0)
                        return bad_range(text, sentence);
                p += 2;
        } else if (strncmp(p, "–", strlen("–")) == 0)
                p += strlen("–");
        else if (*p++ != '-')
                return bad_range(text, sentence);
        p += strspn(p, " ");
        if (moment_scan(&p, dots, &b) < 0 || p[strspn(p, " ")] != '\0')
                return bad_range(text, sentence);

        range_resolve(a, b, now, &start, &end);
        if (!a.date && !b.date &&
                        ((start > now && is_before(now, day_start_sec)) ||
                                        (over_midnight(start, end) && end > now)))
                range_resolve(a, b, day_shift(now, -1), &start, &end);
        if (end <= start) {
                snprintf(sentence, TIMES_SENTENCE_MAX,
                                "'%.64s' ends %s it begins; for one over midnight write both dates, as in \"2026-07-01 22:00..2026-07-02 11:00\"",
                                text, end == start ? "when" : "before");
                return -EINVAL;
        }

        *ret_start = start;
        *ret_end = end;
        return 0;
}

int date_parse(const char *text, struct tm *ret_date) {
        struct tm date = {};

        if (date_scan(&text, &date) < 0 || *text != '\0')
                return -EINVAL;

        *ret_date = date;
        return 0;
}
