/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/date.h"

#include <errno.h>

#include "tests/unit/check.h"

static void test_make(void) {
        static const struct {
                int line, year, month, day;
                Date date;
        } table[] = {
                { __LINE__, 1970, 1, 1, DATE_MIN },
                { __LINE__, 9999, 12, 31, DATE_MAX },
                { __LINE__, 2000, 2, 29, 11016 },
                { __LINE__, 2026, 7, 1, 20635 },
                { __LINE__, 1969, 12, 31, DATE_NONE },
                { __LINE__, 10000, 1, 1, DATE_NONE },
                { __LINE__, -2026, 1, 1, DATE_NONE },
                { __LINE__, 2026, 2, 29, DATE_NONE },
                { __LINE__, 2100, 2, 29, DATE_NONE },
                { __LINE__, 2026, 13, 1, DATE_NONE },
                { __LINE__, 2026, 0, 1, DATE_NONE },
                { __LINE__, 2026, 1, 32, DATE_NONE },
                { __LINE__, 2026, 1, 0, DATE_NONE },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
                CHECK_INT(table[i].line, date_make(table[i].year, table[i].month, table[i].day),
                                table[i].date);
}

/* Every date there is, against libc. */
static void test_every_date(void) {
        for (Date date = -800; date <= DATE_MAX; date++) {
                time_t t = (time_t) date * 86400;
                YearMonthDay ymd = date_split(date);
                struct tm tm, ours = date_to_tm(date);

                gmtime_r(&t, &tm);
                g_assert_cmpint(ymd.year, ==, tm.tm_year + 1900);
                g_assert_cmpint(ymd.month, ==, tm.tm_mon + 1);
                g_assert_cmpint(ymd.day, ==, tm.tm_mday);
                g_assert_cmpint(date_weekday(date), ==, (tm.tm_wday + 6) % 7);
                g_assert_cmpint(ours.tm_wday, ==, tm.tm_wday);
                g_assert_cmpint(ours.tm_yday, ==, tm.tm_yday);
                g_assert_cmpint(date_month_start(date, 0), ==, date - (tm.tm_mday - 1));
                g_assert_cmpint(date_month_start(date, 1), ==,
                                date - tm.tm_mday + 1 + date_days_in_month(ymd.year, ymd.month));
                g_assert_cmpint(date_at(t + 86399, 0), ==, date);
                if (date >= DATE_MIN)
                        g_assert_cmpint(date_make(ymd.year, ymd.month, ymd.day), ==, date);
        }
        g_assert_cmpint(date_at(0, -1), ==, -1);
        g_assert_cmpint(date_at(86399, 1), ==, 1);
}

static void test_text(void) {
        static const char *const bad[] = { "", "2026", "2026-07", "2026-7-01", "2026-07-1", "26-07-01",
                "2026-07-01 ", " 2026-07-01", "2026-02-29", "2026-13-01", "1969-12-31", "0000-01-01",
                "-026-07-01", "2026/07/01" };
        const char *text = "2026-07-01T10:00";
        char buf[DATE_TEXT_MAX];
        Date date = 4711;

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_test_message("%s", bad[i]);
                g_assert_cmpint(date_parse(bad[i], &date), ==, -EINVAL);
                g_assert_cmpint(date, ==, 4711);
        }
        g_assert_cmpint(date_parse("2028-02-29", &date), ==, 0);
        g_assert_cmpstr(date_format(date, buf), ==, "2028-02-29");
        g_assert_cmpint(date_scan(&text, &date), ==, 0);
        g_assert_cmpstr(date_format(date, buf), ==, "2026-07-01");
        g_assert_cmpstr(text, ==, "T10:00");
        /* What lies before 1970 is read, so that a caller can say so. */
        text = "1969-12-31";
        g_assert_cmpint(date_scan(&text, &date), ==, 0);
        g_assert_cmpint(date, ==, -1);
}

/* 2026-07-01 is a Wednesday. */
static void test_words(void) {
        static const struct {
                int line;
                const char *text, *first, *last;
                bool back;
                Weekday week_start;
        } table[] = {
                { __LINE__, "today", "2026-07-01", "2026-07-01" },
                { __LINE__, "tomorrow", "2026-07-02", "2026-07-02" },
                { __LINE__, "yesterday", "2026-06-30", "2026-06-30" },
                { __LINE__, "wednesday", "2026-07-01", "2026-07-01" },
                { __LINE__, "wednesday", "2026-07-01", "2026-07-01", .back = true },
                { __LINE__, "thu", "2026-07-02", "2026-07-02" },
                { __LINE__, "thu", "2026-06-25", "2026-06-25", .back = true },
                { __LINE__, "Tuesday", "2026-07-07", "2026-07-07" },
                { __LINE__, "TUE", "2026-06-30", "2026-06-30", .back = true },
                { __LINE__, "week", "2026-06-29", "2026-07-05" },
                { __LINE__, "week", "2026-06-28", "2026-07-04", .week_start = WEEKDAY_SUN },
                { __LINE__, "week", "2026-07-01", "2026-07-07", .week_start = WEEKDAY_WED },
                { __LINE__, "last-week", "2026-06-22", "2026-06-28" },
                { __LINE__, "next-week", "2026-07-06", "2026-07-12" },
                { __LINE__, "month", "2026-07-01", "2026-07-31" },
                { __LINE__, "last-month", "2026-06-01", "2026-06-30" },
                { __LINE__, "next-month", "2026-08-01", "2026-08-31" },
                { __LINE__, "2028-02", "2028-02-01", "2028-02-29" },
                { __LINE__, "2026-12", "2026-12-01", "2026-12-31" },
                { __LINE__, "9999-12", "9999-12-01", "9999-12-31" },
                { __LINE__, "fri..mon", "2026-07-03", "2026-07-06" },
                { __LINE__, "2026-12-31..2027-01-01", "2026-12-31", "2027-01-01" },
                { __LINE__, "today..2026-07-05", "2026-07-01", "2026-07-05" },
        };
        static const char *const bad[] = { "", "..", "mond", "Today", "weak", "2026-13", "2026-7",
                "month..today", "2026-07-01..", "..2026-07-01", "2026-07-01...2026-07-02", "2026-07-01 10:00",
                "wednesday-evening..today", "all" };
        DateWords words = {};
        Date first = 7, last;
        char buf[DATE_TEXT_MAX];

        g_assert_cmpint(date_parse("2026-07-01", &words.today), ==, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_test_message("%s", bad[i]);
                g_assert_cmpint(date_range_parse(bad[i], &words, &first, &last), ==, -EINVAL);
        }
        g_assert_cmpint(date_range_parse("2026-07-02..today", &words, &first, &last), ==, -ERANGE);
        g_assert_cmpint(first, ==, 7);
        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                words.ahead = !table[i].back;
                words.week_start = table[i].week_start;
                CHECK_INT(table[i].line, date_range_parse(table[i].text, &words, &first, &last), 0);
                CHECK_STR(table[i].line, date_format(first, buf), table[i].first);
                CHECK_STR(table[i].line, date_format(last, buf), table[i].last);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/date/make", test_make);
        g_test_add_func("/date/every-date", test_every_date);
        g_test_add_func("/date/text", test_text);
        g_test_add_func("/date/words", test_words);
        return g_test_run();
}
