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

static time_t local_sec(time_t t) {
        struct tm tm;

        return localtime_r(&t, &tm) ? t + tm.tm_gmtoff : t;
}

time_t time_from_local(Date date, unsigned second_of_day) {
        time_t local = date * DAY + (time_t) second_of_day;
        time_t before = 2 * local - DAY - local_sec(local - DAY),
               after = 2 * local + DAY - local_sec(local + DAY);

        /* The offset before comes first: it is the earlier of two, and the right one in a gap. */
        return local_sec(before) != local && local_sec(after) == local ? after : before;
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

static int clock_scan(const char **text, unsigned *ret_second_of_day) {
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

        *ret_second_of_day = (unsigned) (h * 3600 + m * 60 + s);
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
        Date date; /* DATE_NONE: a time alone */
        unsigned second_of_day;
        bool zone;
        time_t offset;
} Scanned;

static int moment_scan(const char **text, bool zones, Scanned *ret) {
        Scanned s = { .date = DATE_NONE };
        const char *p = *text;
        int r;

        if (date_scan(&p, &s.date) == 0) {
                if (*p != ' ' && *p != 'T')
                        return -EINVAL;
                p += *p == 'T' ? 1 : strspn(p, " ");
        }

        r = clock_scan(&p, &s.second_of_day);
        if (r < 0)
                return r;

        if (s.date != DATE_NONE && zones) {
                r = offset_scan(&p, &s.zone, &s.offset);
                if (r < 0)
                        return r;
        }

        *text = p;
        *ret = s;
        return 0;
}

static Date date_of(time_t t) {
        return date_at(local_sec(t), 0);
}

static time_t moment_resolve(Scanned s, Date day) {
        if (s.zone)
                return s.date * DAY + (time_t) s.second_of_day - s.offset;
        return time_from_local(s.date != DATE_NONE ? s.date : day, s.second_of_day);
}

static int bad_time(const char *text, char sentence[TIMES_SENTENCE_MAX]) {
        snprintf(sentence, TIMES_SENTENCE_MAX,
                        "'%.64s' is no time; say it like 18:10 or \"2026-07-01 18:10\"", text);
        return -EINVAL;
}

static int whole_scan(const char *text, Scanned *ret, char sentence[TIMES_SENTENCE_MAX]) {
        const char *p = text + strspn(text, " ");

        if (moment_scan(&p, true, ret) < 0 || p[strspn(p, " ")] != '\0')
                return bad_time(text, sentence);
        return 0;
}

int time_parse(const char *text, time_t day, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]) {
        Scanned s;

        if (whole_scan(text, &s, sentence) < 0)
                return -EINVAL;
        *ret_time = moment_resolve(s, date_of(day));
        return 0;
}

int time_parse_past(const char *text, time_t now, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]) {
        Scanned s;
        time_t t;

        if (whole_scan(text, &s, sentence) < 0)
                return -EINVAL;
        t = moment_resolve(s, date_of(now));
        *ret_time = s.date == DATE_NONE && t > now ? moment_resolve(s, date_of(now) - 1) : t;
        return 0;
}

static int bad_range(const char *text, char sentence[TIMES_SENTENCE_MAX]) {
        snprintf(sentence, TIMES_SENTENCE_MAX,
                        "'%.64s' is no stretch of time; say it like 09:00-10:15, \"2026-07-01 09:00-10:15\" or \"2026-07-01 22:00..2026-07-02 01:00\"",
                        text);
        return -EINVAL;
}

/* An end alone that is before the start is on the next day, if that makes no more than a night. */
static void range_resolve(Scanned a, Scanned b, Date day, time_t *ret_start, time_t *ret_end) {
        time_t start = moment_resolve(a, day), end = moment_resolve(b, date_of(start));

        if (end < start && b.date == DATE_NONE) {
                time_t next = moment_resolve(b, date_of(start) + 1);

                if (next - start <= NIGHT_AT_MOST)
                        end = next;
        }

        *ret_start = start;
        *ret_end = end;
}

static bool over_midnight(time_t start, time_t end) {
        return end > start && date_of(start) != date_of(end);
}

static bool is_before(time_t now, uint32_t second_of_day) {
        return local_sec(now) - date_of(now) * DAY < (time_t) second_of_day;
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

        range_resolve(a, b, date_of(now), &start, &end);
        if (a.date == DATE_NONE && b.date == DATE_NONE &&
                        ((start > now && is_before(now, day_start_sec)) ||
                                        (over_midnight(start, end) && end > now)))
                range_resolve(a, b, date_of(now) - 1, &start, &end);
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
