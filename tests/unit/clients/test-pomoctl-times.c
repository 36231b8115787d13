/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <time.h>

#include "clients/pomoctl/times.h"

static void zone(const char *name) {
        g_setenv("TZ", name, TRUE);
        tzset();
}

static time_t utc(const char *text) {
        GTimeZone *tz = g_time_zone_new_utc();
        GDateTime *t = g_date_time_new_from_iso8601(text, tz);
        time_t seconds;

        g_assert_nonnull(t);
        seconds = (time_t) g_date_time_to_unix(t);
        g_date_time_unref(t);
        g_time_zone_unref(tz);
        return seconds;
}

/* now: 2026-07-01 12:00 in Berlin */
static const char now_text[] = "2026-07-01T10:00:00Z";

static void test_times(void) {
        static const struct {
                const char *text, *is;
        } cases[] = {
                { "18:10", "2026-07-01T16:10:00Z" },
                { "9:05", "2026-07-01T07:05:00Z" },
                { "18:10:30", "2026-07-01T16:10:30Z" },
                { "2026-01-01 18:10", "2026-01-01T17:10:00Z" },
                { "2026-01-01T18:10", "2026-01-01T17:10:00Z" },
                { "2026-01-01T18:10:00Z", "2026-01-01T18:10:00Z" },
                { "2026-01-01T18:10:00+05:30", "2026-01-01T12:40:00Z" },
                { "2026-03-29 02:30", "2026-03-29T01:30:00Z" }, /* skipped: 03:30 */
                { "2026-10-25 02:30", "2026-10-25T00:30:00Z" }, /* twice: the first */
                { "2024-02-29 00:00", "2024-02-28T23:00:00Z" },
        };
        char sentence[TIMES_SENTENCE_MAX];
        time_t t;

        zone("Europe/Berlin");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_test_message("%s", cases[i].text);
                g_assert_cmpint(time_parse(cases[i].text, utc(now_text), &t, sentence), ==, 0);
                g_assert_cmpint(t, ==, utc(cases[i].is));
        }
}

static void test_bad_times(void) {
        static const char *const bad[] = { "", "18", "24:00", "18:60", "18:10:60", "1810", "18:1",
                "2026-02-30 10:00", "2026-13-01 10:00", "2026-07-01", "18:10x", "2026-07-01 18:10 now",
                "tomorrow", "-1:00" };
        char sentence[TIMES_SENTENCE_MAX];
        time_t t = 7;

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_test_message("'%s'", bad[i]);
                g_assert_cmpint(time_parse(bad[i], utc(now_text), &t, sentence), ==, -EINVAL);
                g_assert_cmpint(t, ==, 7);
                g_assert_nonnull(strstr(sentence, bad[i]));
        }
}

static void test_past(void) {
        char sentence[TIMES_SENTENCE_MAX];
        time_t t;

        zone("Europe/Berlin");
        g_assert_cmpint(time_parse_past("11:59", utc(now_text), &t, sentence), ==, 0);
        g_assert_cmpint(t, ==, utc("2026-07-01T09:59:00Z"));
        g_assert_cmpint(time_parse_past("18:10", utc(now_text), &t, sentence), ==, 0);
        g_assert_cmpint(t, ==, utc("2026-06-30T16:10:00Z"));
        /* With a date it is what it says, and for the daemon to refuse. */
        g_assert_cmpint(time_parse_past("2026-07-01 18:10", utc(now_text), &t, sentence), ==, 0);
        g_assert_cmpint(t, ==, utc("2026-07-01T16:10:00Z"));
}

static void test_ranges(void) {
        static const struct {
                const char *text, *start, *end;
        } cases[] = {
                { "09:00-10:15", "2026-07-01T07:00:00Z", "2026-07-01T08:15:00Z" },
                { "9:00 - 10:15", "2026-07-01T07:00:00Z", "2026-07-01T08:15:00Z" },
                { "09:00–10:15", "2026-07-01T07:00:00Z", "2026-07-01T08:15:00Z" },
                { "09:00..10:15", "2026-07-01T07:00:00Z", "2026-07-01T08:15:00Z" },
                { "2026-06-01 09:00-10:15", "2026-06-01T07:00:00Z", "2026-06-01T08:15:00Z" },
                { "2026-06-01 22:00-02:30", "2026-06-01T20:00:00Z", "2026-06-02T00:30:00Z" },
                { "22:00-02:30", "2026-06-30T20:00:00Z", "2026-07-01T00:30:00Z" }, /* the night that was */
                { "2026-06-01 22:00..2026-06-02 11:00", "2026-06-01T20:00:00Z", "2026-06-02T09:00:00Z" },
                { "2026-06-01T22:00:00Z..2026-06-01T23:00:00Z", "2026-06-01T22:00:00Z",
                                "2026-06-01T23:00:00Z" },
                { "2026-03-29 01:00-04:00", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z" },
        };
        char sentence[TIMES_SENTENCE_MAX];
        time_t start, end;

        zone("Europe/Berlin");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_test_message("%s", cases[i].text);
                g_assert_cmpint(time_range_parse(cases[i].text, utc(now_text), 0, &start, &end, sentence), ==,
                                0);
                g_assert_cmpint(start, ==, utc(cases[i].start));
                g_assert_cmpint(end, ==, utc(cases[i].end));
        }
}

/* 00:49 in Dhaka, and the day begins at four. A stretch whose start has not come is of the day before; one
 * that is dated is what it says.
 */
static void test_ranges_after_midnight(void) {
        static const struct {
                const char *text, *start, *end;
        } cases[] = {
                { "21:00-22:00", "2026-06-30T15:00:00Z", "2026-06-30T16:00:00Z" },
                { "00:50-01:00", "2026-06-29T18:50:00Z", "2026-06-29T19:00:00Z" },
                { "00:10-00:40", "2026-06-30T18:10:00Z", "2026-06-30T18:40:00Z" },
                { "00:10-01:00", "2026-06-30T18:10:00Z", "2026-06-30T19:00:00Z" },
                { "23:00-00:30", "2026-06-30T17:00:00Z", "2026-06-30T18:30:00Z" },
                { "23:00-02:00", "2026-06-30T17:00:00Z", "2026-06-30T20:00:00Z" },
                { "2026-07-01 21:00-22:00", "2026-07-01T15:00:00Z", "2026-07-01T16:00:00Z" },
                { "21:00..2026-07-01 22:00", "2026-07-01T15:00:00Z", "2026-07-01T16:00:00Z" },
        };
        const time_t now = utc("2026-06-30T18:49:00Z");
        char sentence[TIMES_SENTENCE_MAX];
        time_t start, end;

        zone("Asia/Dhaka");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_test_message("%s", cases[i].text);
                g_assert_cmpint(time_range_parse(cases[i].text, now, 4 * 3600, &start, &end, sentence), ==,
                                0);
                g_assert_cmpint(start, ==, utc(cases[i].start));
                g_assert_cmpint(end, ==, utc(cases[i].end));
        }
        /* The day has begun: that is in the future, and nobody guesses. */
        g_assert_cmpint(time_range_parse("21:00-22:00", now, 0, &start, &end, sentence), ==, 0);
        g_assert_cmpint(start, ==, utc("2026-07-01T15:00:00Z"));
}

static void test_bad_ranges(void) {
        static const char *const bad[] = { "", "09:00", "09:00-", "-10:15", "10:15-09:00", "09:00-09:00",
                "09:00-10:15-11:00", "2026-06-02 09:00..2026-06-01 09:00", "Write report" };
        char sentence[TIMES_SENTENCE_MAX];
        time_t start = 1, end = 2;

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_test_message("'%s'", bad[i]);
                g_assert_cmpint(time_range_parse(bad[i], utc(now_text), 0, &start, &end, sentence), ==,
                                -EINVAL);
                g_assert_cmpint(start + end, ==, 3);
                g_assert_nonnull(strstr(sentence, bad[i]));
        }
}

/* The day that Samoa went without has no noon; what is typed for it is answered all the same. */
static void test_skipped_day(void) {
        char sentence[TIMES_SENTENCE_MAX];
        time_t t;

        zone("Pacific/Apia");
        g_assert_cmpint(time_parse("2011-12-30 12:00", 0, &t, sentence), ==, 0);
        g_assert_cmpint(time_parse("2011-12-31 12:00", 0, &t, sentence), ==, 0);
        g_assert_cmpint(t, ==, utc("2011-12-30T22:00:00Z"));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/times/times", test_times);
        g_test_add_func("/pomoctl/times/bad-times", test_bad_times);
        g_test_add_func("/pomoctl/times/past", test_past);
        g_test_add_func("/pomoctl/times/ranges", test_ranges);
        g_test_add_func("/pomoctl/times/ranges-after-midnight", test_ranges_after_midnight);
        g_test_add_func("/pomoctl/times/bad-ranges", test_bad_ranges);
        g_test_add_func("/pomoctl/times/skipped-day", test_skipped_day);
        return g_test_run();
}
