/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/days.h"

#include "common/caps.h"
#include "common/duration.h"
#include "common/timestamp.h"
#include "tests/unit/check.h"

/* Hours and minutes UTC of a day, as microseconds. */
#define DAY(days)                ((uint64_t) (days) *USEC_PER_DAY)
#define AT(days, hours, minutes) (DAY(days) + (hours) *USEC_PER_HOUR + (minutes) *USEC_PER_MIN)

static GTimeZone *zone_named(const char *name) {
        GTimeZone *zone = g_time_zone_new_identifier(name);

        g_assert_nonnull(zone);
        return zone;
}

static Settings settings_with(const char *day_start, const char *week_start) {
        Settings s;

        settings_init(&s);
        g_assert_cmpint(settings_set(&s, "day-start", day_start, NULL), ==, 0);
        g_assert_cmpint(settings_set(&s, "week-start", week_start, NULL), ==, 0);
        return s;
}

static void test_resolve(void) {
        static const struct {
                int line;
                const char *zone;
                int year, month, day;
                uint32_t hour, minute;
                const char *utc;
        } table[] = {
                { __LINE__, "UTC", 2026, 7, 1, 9, 0, "2026-07-01T09:00:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 7, 1, 9, 0, "2026-07-01T07:00:00.000000Z" },
                { __LINE__, "Asia/Kathmandu", 2026, 7, 1, 9, 0, "2026-07-01T03:15:00.000000Z" },
                { __LINE__, "Etc/GMT+12", 2026, 7, 1, 23, 0, "2026-07-02T11:00:00.000000Z" },
                { __LINE__, "Pacific/Kiritimati", 2026, 7, 1, 1, 0, "2026-06-30T11:00:00.000000Z" },
                /* Berlin's gap from 02:00 to 03:00: 02:30 is what 03:30 is called. */
                { __LINE__, "Europe/Berlin", 2026, 3, 29, 1, 59, "2026-03-29T00:59:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 3, 29, 2, 0, "2026-03-29T01:00:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 3, 29, 2, 30, "2026-03-29T01:30:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 3, 29, 3, 0, "2026-03-29T01:00:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 3, 29, 3, 30, "2026-03-29T01:30:00.000000Z" },
                /* And its overlap: the first of both. */
                { __LINE__, "Europe/Berlin", 2026, 10, 25, 1, 59, "2026-10-24T23:59:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 10, 25, 2, 0, "2026-10-25T00:00:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 10, 25, 2, 30, "2026-10-25T00:30:00.000000Z" },
                { __LINE__, "Europe/Berlin", 2026, 10, 25, 3, 0, "2026-10-25T02:00:00.000000Z" },
                { __LINE__, "America/New_York", 2026, 3, 8, 2, 30, "2026-03-08T07:30:00.000000Z" },
                { __LINE__, "America/New_York", 2026, 11, 1, 1, 30, "2026-11-01T05:30:00.000000Z" },
                /* Lord Howe's summer time is half an hour. */
                { __LINE__, "Australia/Lord_Howe", 2026, 10, 4, 2, 15, "2026-10-03T15:45:00.000000Z" },
                { __LINE__, "Australia/Lord_Howe", 2026, 4, 5, 1, 45, "2026-04-04T14:45:00.000000Z" },
                { __LINE__, "Australia/Lord_Howe", 2026, 4, 5, 2, 0, "2026-04-04T15:30:00.000000Z" },
                /* Midnight itself is in the gap. */
                { __LINE__, "Africa/Cairo", 2024, 4, 26, 0, 0, "2024-04-25T22:00:00.000000Z" },
                { __LINE__, "Africa/Cairo", 2024, 4, 26, 0, 30, "2024-04-25T22:30:00.000000Z" },
                /* Samoa had no 30 December 2011. */
                { __LINE__, "Pacific/Apia", 2011, 12, 29, 23, 59, "2011-12-30T09:59:00.000000Z" },
                { __LINE__, "Pacific/Apia", 2011, 12, 30, 0, 0, "2011-12-30T10:00:00.000000Z" },
                { __LINE__, "Pacific/Apia", 2011, 12, 30, 12, 0, "2011-12-30T22:00:00.000000Z" },
                { __LINE__, "Pacific/Apia", 2011, 12, 31, 0, 0, "2011-12-30T10:00:00.000000Z" },
                { __LINE__, "Pacific/Apia", 2011, 12, 31, 12, 0, "2011-12-30T22:00:00.000000Z" },

                { __LINE__, "UTC", 1970, 1, 1, 0, 0, "1970-01-01T00:00:00.000000Z" },
                { __LINE__, "UTC", 9999, 12, 31, 23, 59, "9999-12-31T23:59:00.000000Z" },
                { __LINE__, "UTC", 2024, 2, 29, 0, 0, "2024-02-29T00:00:00.000000Z" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                GTimeZone *zone = zone_named(table[i].zone);
                char buf[TIMESTAMP_TEXT_MAX];
                int64_t date = date_make(table[i].year, table[i].month, table[i].day);
                int64_t sec = zone_resolve_local(
                                zone, date * 86400 + (table[i].hour * 60 + table[i].minute) * 60);

                CHECK_STR(table[i].line, timestamp_format_utc((uint64_t) sec * USEC_PER_SEC, buf),
                                table[i].utc);
                g_time_zone_unref(zone);
        }
}

static void test_offset(void) {
        GTimeZone *zone = zone_named("Europe/Berlin");

        g_assert_cmpint(zone_offset_at(zone, 1774745999999999), ==, 3600); /* a microsecond before the gap */
        g_assert_cmpint(zone_offset_at(zone, 1774746000000000), ==, 7200);
        g_assert_cmpint(zone_offset_at(zone, 0), ==, 3600);
        g_assert_cmpint(zone_offset_at(zone, UINT64_MAX) % 3600, ==, 0);
        g_time_zone_unref(zone);
}

/* Days and weeks one after the other, over years with every kind of change: no gaps, no overlaps, at most 49
 * hours. */
static void test_days_follow(void) {
        static const char *const zones[] = { "UTC", "Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe",
                "Africa/Cairo", "America/Sao_Paulo", "Asia/Kathmandu", "Etc/GMT+12", "Pacific/Kiritimati",
                "America/St_Johns", "Antarctica/Troll" };
        static const char *const starts[] = { "00:00", "02:30", "04:00", "23:59" };

        for (size_t z = 0; z < G_N_ELEMENTS(zones); z++)
                for (size_t s = 0; s < G_N_ELEMENTS(starts); s++) {
                        GTimeZone *zone = zone_named(zones[z]);
                        Settings settings = settings_with(starts[s], "monday");
                        uint64_t at = AT(15300, 0, 0); /* November 2011 */
                        Span day, before;

                        day_span_at(&settings, zone, at, &before);
                        for (unsigned n = 0; n < 400; n++) {
                                Span week, last;

                                at = before.to_real_usec;
                                day_span_at(&settings, zone, at, &day);
                                g_assert_cmpuint(day.from_real_usec, ==, at);
                                g_assert_cmpuint(day.to_real_usec, >=, at + 22 * USEC_PER_HOUR);
                                g_assert_cmpuint(day.to_real_usec, <=, at + 26 * USEC_PER_HOUR);
                                day_span_at(&settings, zone, day.to_real_usec - 1, &last);
                                g_assert_cmpuint(last.from_real_usec, ==, at);
                                g_assert_cmpint(period_parse("week", &settings, zone, at, &week, NULL), ==,
                                                0);
                                g_assert_cmpuint(week.from_real_usec, <=, at);
                                g_assert_cmpuint(week.to_real_usec, >=, day.to_real_usec);
                                before = day;
                        }
                        g_time_zone_unref(zone);
                }
}

static void test_spans(void) {
        static const struct {
                int line;
                const char *zone, *day_start, *week_start;
                const char *text;
                uint64_t now_sec;
                const char *from, *to;
        } table[] = {
                /* 2026-07-01 is a Wednesday. */
                { __LINE__, "UTC", "00:00", "monday", "today", 1782900000, "2026-07-01T00:00",
                                "2026-07-02T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "yesterday", 1782900000, "2026-06-30T00:00",
                                "2026-07-01T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "week", 1782900000, "2026-06-29T00:00",
                                "2026-07-06T00:00" },
                { __LINE__, "UTC", "00:00", "sunday", "week", 1782900000, "2026-06-28T00:00",
                                "2026-07-05T00:00" },
                { __LINE__, "UTC", "00:00", "wednesday", "week", 1782900000, "2026-07-01T00:00",
                                "2026-07-08T00:00" },
                { __LINE__, "UTC", "00:00", "thursday", "week", 1782900000, "2026-06-25T00:00",
                                "2026-07-02T00:00" },
                { __LINE__, "UTC", "04:00", "monday", "today", 1782874800, "2026-06-30T04:00",
                                "2026-07-01T04:00" },
                { __LINE__, "UTC", "04:00", "monday", "today", 1782878400, "2026-07-01T04:00",
                                "2026-07-02T04:00" },
                { __LINE__, "Europe/Berlin", "00:00", "monday", "2026-03-29", 1782900000, "2026-03-28T23:00",
                                "2026-03-29T22:00" },
                { __LINE__, "Europe/Berlin", "02:30", "monday", "2026-03-29", 1782900000, "2026-03-29T01:30",
                                "2026-03-30T00:30" },
                { __LINE__, "Europe/Berlin", "02:30", "monday", "2026-10-25", 1782900000, "2026-10-25T00:30",
                                "2026-10-26T01:30" },
                { __LINE__, "UTC", "00:00", "monday", "2026-07-01..2026-07-31", 1782900000,
                                "2026-07-01T00:00", "2026-08-01T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "2026-07-01..2026-07-01", 1782900000,
                                "2026-07-01T00:00", "2026-07-02T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "1970-01-01", 1782900000, "1970-01-01T00:00",
                                "1970-01-02T00:00" },
                /* What is before 1970 in UTC begins at 1970. */
                { __LINE__, "Europe/Berlin", "00:00", "monday", "1970-01-01", 1782900000, "1970-01-01T00:00",
                                "1970-01-01T23:00" },
                { __LINE__, "UTC", "00:00", "monday", "week", 0, "1970-01-01T00:00", "1970-01-05T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "9999-12-31", 1782900000, "9999-12-31T00:00",
                                "10000-01-01T00:00" },
                /* Samoa on the last day of 2011: yesterday was the 29th, and the 30th never was. */
                { __LINE__, "Pacific/Apia", "00:00", "monday", "today", 1325260800, "2011-12-30T10:00",
                                "2011-12-31T10:00" },
                { __LINE__, "Pacific/Apia", "00:00", "monday", "yesterday", 1325260800, "2011-12-29T10:00",
                                "2011-12-30T10:00" },
                { __LINE__, "Pacific/Apia", "04:00", "monday", "yesterday", 1325260800, "2011-12-29T14:00",
                                "2011-12-30T14:00" },
                { __LINE__, "Pacific/Apia", "00:00", "monday", "2011-12-30", 1325260800, "2011-12-30T10:00",
                                "2011-12-30T10:00" },
                /* Words that are counted from today. */
                { __LINE__, "UTC", "00:00", "monday", "last-week", 1782900000, "2026-06-22T00:00",
                                "2026-06-29T00:00" },
                { __LINE__, "UTC", "00:00", "wednesday", "last-week", 1782900000, "2026-06-24T00:00",
                                "2026-07-01T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "month", 1782900000, "2026-07-01T00:00",
                                "2026-08-01T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "last-month", 1782900000, "2026-06-01T00:00",
                                "2026-07-01T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "2026-07", 1782900000, "2026-07-01T00:00",
                                "2026-08-01T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "2028-02", 1782900000, "2028-02-01T00:00",
                                "2028-03-01T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "monday", 1782900000, "2026-06-29T00:00",
                                "2026-06-30T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "wednesday", 1782900000, "2026-07-01T00:00",
                                "2026-07-02T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "Thu", 1782900000, "2026-06-25T00:00",
                                "2026-06-26T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "mon..today", 1782900000, "2026-06-29T00:00",
                                "2026-07-02T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "yesterday..tomorrow", 1782900000, "2026-06-30T00:00",
                                "2026-07-03T00:00" },
                { __LINE__, "UTC", "00:00", "monday", "2026-07-01..today", 1782900000, "2026-07-01T00:00",
                                "2026-07-02T00:00" },
                /* Before day-start it is still yesterday, the last of June, a Tuesday. */
                { __LINE__, "UTC", "04:00", "monday", "month", 1782874800, "2026-06-01T04:00",
                                "2026-07-01T04:00" },
                { __LINE__, "UTC", "04:00", "monday", "tuesday", 1782874800, "2026-06-30T04:00",
                                "2026-07-01T04:00" },
                { __LINE__, "UTC", "04:00", "monday", "wednesday", 1782874800, "2026-06-24T04:00",
                                "2026-06-25T04:00" },
                { __LINE__, "UTC", "00:00", "monday", "last-month", 0, "1970-01-01T00:00",
                                "1970-01-01T00:00" },
                { __LINE__, "Europe/Berlin", "00:00", "monday", "2026-03", 1782900000, "2026-02-28T23:00",
                                "2026-03-31T22:00" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                GTimeZone *zone = zone_named(table[i].zone);
                Settings settings = settings_with(table[i].day_start, table[i].week_start);
                char from[TIMESTAMP_TEXT_MAX], to[TIMESTAMP_TEXT_MAX];
                Span span = {};
                Refusal refusal;

                CHECK_INT(table[i].line,
                                period_parse(table[i].text, &settings, zone, table[i].now_sec * USEC_PER_SEC,
                                                &span, &refusal),
                                0);
                timestamp_format_local(span.from_real_usec, 0, "%Y-%m-%dT%H:%M", from);
                timestamp_format_local(span.to_real_usec, 0, "%Y-%m-%dT%H:%M", to);
                CHECK_STR(table[i].line, from, table[i].from);
                CHECK_STR(table[i].line, to, table[i].to);
                g_time_zone_unref(zone);
        }
}

static void test_period_all(void) {
        GTimeZone *zone = zone_named("UTC");
        Settings settings = settings_with("00:00", "monday");
        Span span;

        g_assert_cmpint(period_parse("all", &settings, zone, 0, &span, NULL), ==, 0);
        g_assert_cmpuint(span.from_real_usec, ==, 0);
        g_assert_cmpuint(span.to_real_usec, ==, INT64_MAX);
        day_span_at(&settings, zone, UINT64_MAX, &span);
        g_assert_cmpuint(span.from_real_usec, <=, INT64_MAX);
        g_assert_cmpuint(span.to_real_usec, ==, INT64_MAX);
        g_time_zone_unref(zone);
}

static void test_period_refuses(void) {
        static const char *const no_periods[] = {
                "",
                "2026",
                "2026-7-1",
                "2026-02-30",
                "2026-13-01",
                "1969-12-31",
                "10000-01-01",
                "2026-07-01.",
                "2026-07-01...2026-07-02",
                "2026-07-01..",
                "..2026-07-01",
                "..",
                "2026-07-01..2026-07-32",
                "2026-07-01 ",
                "2026/07/01",
                "-026-07-01",
                "2026-07-01..todei",
                "week..today",
                "all..today",
                "2026-13",
                "2026-7",
                "1969-12",
                "2026-07-01\n",
                "\xff\xff",
                "2026-07-01..2026-07-02..2026-07-03",
        };
        GTimeZone *zone = zone_named("UTC");
        Settings settings = settings_with("00:00", "monday");
        char *huge = g_strnfill(10 * 1024 * 1024, '.');
        Span span = { 1, 2 };
        Refusal refusal;

        for (size_t i = 0; i < G_N_ELEMENTS(no_periods); i++) {
                if (period_parse(no_periods[i], &settings, zone, 0, &span, &refusal) !=
                                                REFUSAL_INVALID_ARGUMENT ||
                                !strstr(refusal.message, "is not a period; write today"))
                        check_failed("\"%s\" was not refused as no period", no_periods[i]);
                g_assert_true(g_utf8_validate(refusal.message, -1, NULL));
        }
        g_assert_cmpint(period_parse(huge, &settings, zone, 0, &span, &refusal), ==,
                        REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpint(period_parse("2026-07-31..2026-07-01", &settings, zone, 0, &span, &refusal), ==,
                        REFUSAL_INVALID_ARGUMENT);
        g_assert_cmpstr(refusal.message, ==,
                        "\"2026-07-31..2026-07-01\" ends before it begins; write the earlier date first");
        g_assert_cmpuint(span.from_real_usec, ==, 1);
        g_free(huge);
        g_time_zone_unref(zone);
}

static void test_period_words_refused(void) {
        static const struct {
                int line;
                const char *text, *sentence;
        } table[] = {
                { __LINE__, "Today", "\"Today\" is not a period; did you mean \"today\"?" },
                { __LINE__, "yesterdy", "\"yesterdy\" is not a period; did you mean \"yesterday\"?" },
                { __LINE__, "lastweek", "\"lastweek\" is not a period; did you mean \"last-week\"?" },
                { __LINE__, "mondays", "\"mondays\" is not a period; did you mean \"monday\"?" },
                { __LINE__, "tomorrow",
                                "\"tomorrow\" is still to come, and the log has what was; write today, week or month for what is under way" },
                { __LINE__, "next-week",
                                "\"next-week\" is still to come, and the log has what was; write today, week or month for what is under way" },
                { __LINE__, "next-month",
                                "\"next-month\" is still to come, and the log has what was; write today, week or month for what is under way" },
                /* Not: the last Friday is before the last Monday on a Thursday, and is taken for the next. */
                { __LINE__, "mon..fri", "\"mon..fri\" ends before it begins; write the earlier date first" },
        };
        GTimeZone *zone = zone_named("UTC");
        Settings settings = settings_with("00:00", "monday");
        Refusal refusal;
        Span span;

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                CHECK_INT(table[i].line, period_parse(table[i].text, &settings, zone, 0, &span, &refusal),
                                REFUSAL_INVALID_ARGUMENT);
                CHECK_STR(table[i].line, refusal.message, table[i].sentence);
        }
        g_time_zone_unref(zone);
}

/* A text that is none breaks what the header asks of callers. */
static void test_no_text(void) {
        Settings settings = settings_with("00:00", "monday");
        Span span;

        if (g_test_subprocess()) {
                period_parse(NULL, &settings, g_time_zone_new_utc(), 0, &span, NULL);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*text && zone*");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/days/resolve", test_resolve);
        g_test_add_func("/days/offset", test_offset);
        g_test_add_func("/days/days-follow", test_days_follow);
        g_test_add_func("/days/spans", test_spans);
        g_test_add_func("/days/period-all", test_period_all);
        g_test_add_func("/days/period-refuses", test_period_refuses);
        g_test_add_func("/days/period-words-refused", test_period_words_refused);
        g_test_add_func("/days/no-text", test_no_text);
        return g_test_run();
}
