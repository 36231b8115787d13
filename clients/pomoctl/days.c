/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/days.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

Date day_of(time_t t) {
        struct tm local = {};

        localtime_r(&t, &local);
        return date_at(t, (int32_t) local.tm_gmtoff);
}

time_t day_start(Date day) {
        return time_from_local(day, 0);
}

const char *day_label(Date day, char buf[DAY_TEXT_MAX]) {
        struct tm tm = date_to_tm(day);

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

bool day_is_word(const char *text) {
        Date day;

        return date_word_parse(text, &(DateWords){}, &day) == 0;
}

int day_parse(const char *text, time_t now, Date *ret_day, char sentence[TIMES_SENTENCE_MAX]) {
        DateWords words = { .today = day_of(now), .ahead = true };

        if (date_word_parse(text, &words, ret_day) < 0 && date_parse(text, ret_day) < 0)
                return bad_day(text, sentence);
        return 0;
}

char *days_spelled_out(const char *text, time_t now, bool ahead) {
        DateWords words = { .today = day_of(now), .ahead = ahead };
        char *copy = NULL;
        size_t size;
        FILE *file = open_memstream(&copy, &size);

        if (!file)
                return NULL;
        while (*text) {
                size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
                char word[16], date[DATE_TEXT_MAX];
                Date day;

                snprintf(word, sizeof(word), "%.*s", n < sizeof(word) ? (int) n : 0, text);
                if (n > 0 && date_word_parse(word, &words, &day) == 0)
                        fputs(date_format(day, date), file);
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

int days_parse(const char *text, time_t now, int week_start, bool ahead, Date *ret_first, Date *ret_last,
                char sentence[TIMES_SENTENCE_MAX]) {
        DateWords words = {
                .today = day_of(now), .week_start = (Weekday) ((week_start + 6) % 7), .ahead = ahead
        };
        int r = date_range_parse(text, &words, ret_first, ret_last);

        if (r == -ERANGE)
                snprintf(sentence, TIMES_SENTENCE_MAX, "'%.64s' ends before it begins", text);
        else if (r < 0)
                snprintf(sentence, TIMES_SENTENCE_MAX,
                                "'%.64s' are no days; say today, monday, week, next-week, month, 2026-07, 2026-07-01 or 2026-07-01..2026-07-14",
                                text);
        return r < 0 ? -EINVAL : 0;
}

int instant_parse(const char *text, time_t now, time_t *ret_time, char sentence[TIMES_SENTENCE_MAX]) {
        cleanup_free_ char *spelled = days_spelled_out(text, now, true);
        const char *typed = text, *point;
        char whole[64];
        Date date;
        time_t t;

        if (spelled)
                text = spelled;
        point = strchr(text, '.');

        if (strcmp(text, "now") == 0) {
                *ret_time = now;
                return 0;
        }
        if (date_parse(text, &date) == 0) {
                *ret_time = day_start(date);
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
