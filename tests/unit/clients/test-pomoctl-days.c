/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
/* Dates and instants as people type them, in zones that skip and repeat hours and days. */
#include "clients/pomoctl/days.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>

static void zone(const char *name) {
        g_setenv("TZ", name, TRUE);
        tzset();
}

#define NOW 1782900000 /* Wed 2026-07-01 12:00 in Zurich */

static void test_days(void) {
        static const struct {
                const char *text, *first, *last;
        } good[] = {
                { "today", "Wed 2026-07-01", "Wed 2026-07-01" },
                { "tomorrow", "Thu 2026-07-02", "Thu 2026-07-02" },
                { "yesterday", "Tue 2026-06-30", "Tue 2026-06-30" },
                { "week", "Mon 2026-06-29", "Sun 2026-07-05" },
                { "next-week", "Mon 2026-07-06", "Sun 2026-07-12" },
                { "last-week", "Mon 2026-06-22", "Sun 2026-06-28" },
                { "month", "Wed 2026-07-01", "Fri 2026-07-31" },
                { "last-month", "Mon 2026-06-01", "Tue 2026-06-30" },
                { "next-month", "Sat 2026-08-01", "Mon 2026-08-31" },
                { "2028-02", "Tue 2028-02-01", "Tue 2028-02-29" },
                { "2026-12", "Tue 2026-12-01", "Thu 2026-12-31" },
                { "wednesday", "Wed 2026-07-01", "Wed 2026-07-01" },
                { "thu", "Thu 2026-07-02", "Thu 2026-07-02" },
                { "Tuesday", "Tue 2026-07-07", "Tue 2026-07-07" },
                { "fri..mon", "Fri 2026-07-03", "Mon 2026-07-06" },
                { "2028-02-29", "Tue 2028-02-29", "Tue 2028-02-29" },
                { "2026-12-31..2027-01-01", "Thu 2026-12-31", "Fri 2027-01-01" },
                { "today..tomorrow", "Wed 2026-07-01", "Thu 2026-07-02" },
        };
        static const char *const bad[] = { "", "..", "2026-02-29", "2026-7-1", "2026-07-02..2026-07-01",
                "2026-07-01..", "..2026-07-01", "1969-12-31", "weak", "2026-07-01 10:00",
                "2026-07-01...2026-07-02", "mond", "2026-13", "2026-7", "month..today" };
        char sentence[TIMES_SENTENCE_MAX], text[DAY_TEXT_MAX];
        Date first, last;

        zone("Europe/Zurich");
        for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
                g_test_message("%s", good[i].text);
                g_assert_cmpint(days_parse(good[i].text, NOW, 1, true, &first, &last, sentence), ==, 0);
                g_assert_cmpstr(day_label(first, text), ==, good[i].first);
                g_assert_cmpstr(day_label(last, text), ==, good[i].last);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_test_message("%s", bad[i]);
                first = 7;
                g_assert_cmpint(days_parse(bad[i], NOW, 1, true, &first, &last, sentence), ==, -EINVAL);
                g_assert_cmpint(first, ==, 7);
                g_assert_cmpuint(strlen(sentence), >, 10);
        }

        /* A week that begins on another day; on that day it begins today. */
        g_assert_cmpint(days_parse("week", NOW, 0, true, &first, &last, sentence), ==, 0);
        g_assert_cmpstr(date_format(first, text), ==, "2026-06-28");
        g_assert_cmpint(days_parse("week", NOW, 3, true, &first, &last, sentence), ==, 0);
        g_assert_cmpstr(date_format(first, text), ==, "2026-07-01");
}

static void test_look_back(void) {
        static const struct {
                const char *text, *first;
        } cases[] = {
                { "wednesday", "Wed 2026-07-01" },
                { "tue", "Tue 2026-06-30" },
                { "thursday", "Thu 2026-06-25" },
                { "yesterday", "Tue 2026-06-30" },
        };
        char sentence[TIMES_SENTENCE_MAX], text[DAY_TEXT_MAX];
        Date day;

        zone("Europe/Zurich");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_assert_cmpint(days_parse(cases[i].text, NOW, 1, false, &day, &day, sentence), ==, 0);
                g_assert_cmpstr(day_label(day, text), ==, cases[i].first);
        }
}

static void test_spelled_out(void) {
        static const struct {
                const char *text, *spelled;
        } cases[] = {
                { "yesterday 09:00-10:15", "2026-06-30 09:00-10:15" },
                { "Mon 22:00..today 01:00", "2026-06-29 22:00..2026-07-01 01:00" },
                { "2026-07-01T10:00:00Z", "2026-07-01T10:00:00Z" },
                { "", "" },
                { "mondays 10:00", "mondays 10:00" },
        };

        zone("Europe/Zurich");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char *spelled = days_spelled_out(cases[i].text, NOW, false);

                g_assert_cmpstr(spelled, ==, cases[i].spelled);
                free(spelled);
        }
        g_assert_true(day_is_word("today") && day_is_word("sun") && !day_is_word("2026-07-01") &&
                        !day_is_word(""));
}

static void test_edges(void) {
        char sentence[TIMES_SENTENCE_MAX];
        Date day;

        /* A day begins where the date before it ends, also where midnight is skipped or comes twice. */
        zone("America/Havana");
        for (Date d = 20000; d < 20400; d++) {
                g_assert_cmpint(day_of(day_start(d)), ==, d);
                g_assert_cmpint(day_of(day_start(d) - 1), ==, d - 1);
        }

        zone("Europe/Zurich");
        g_assert_cmpint(day_parse("2026-07-01", 0, &day, sentence), ==, 0);
        g_assert_cmpint(day_of(NOW), ==, day);
        g_assert_cmpint(day_start(day), ==, NOW - 12 * 3600);
        g_assert_cmpint(date_weekday(day), ==, WEEKDAY_WED);
}

static void test_instants(void) {
        static const struct {
                const char *text;
                time_t at;
        } good[] = {
                { "now", NOW }, { "today", NOW - 12 * 3600 }, { "thursday 12:00", NOW + 24 * 3600 },
                { "wed 12:00", NOW }, { "12:00", NOW }, { "18:10", NOW + 6 * 3600 + 600 },
                { "2026-07-01", NOW - 12 * 3600 }, { "2026-07-01 12:00:01", NOW + 1 },
                { "2026-07-01T12:00", NOW }, { "2026-07-01T10:00:00Z", NOW },
                { "2026-07-01T10:00:00.999999Z", NOW }, { "2026-07-01T12:00:00.5+02:00", NOW },
                { "2026-03-29 02:30", 1774747800 }, /* skipped: 03:30 by the offset before */
                { "2026-10-25 02:30", 1792888200 }, /* comes twice: the first */
        };
        static const char *const bad[] = { "", "25:00", "2026-02-30", "2026-07-01T10:00:00X", "1969-12-31",
                "1969-12-31 10:00", "2026-07-01T10:00:00.", "2026-07-01T10:00:00.5.5Z", "12", "soon" };
        char sentence[TIMES_SENTENCE_MAX];
        time_t at;

        zone("Europe/Zurich");
        for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
                g_test_message("%s", good[i].text);
                g_assert_cmpint(instant_parse(good[i].text, NOW, &at, sentence), ==, 0);
                g_assert_cmpint(at, ==, good[i].at);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_test_message("%s", bad[i]);
                g_assert_cmpint(instant_parse(bad[i], NOW, &at, sentence), ==, -EINVAL);
                g_assert_cmpuint(strlen(sentence), >, 10);
        }
}

static void test_labels(void) {
        char text[DAY_TEXT_MAX];

        zone("Europe/Zurich");
        g_assert_cmpstr(moment_label(NOW, NOW - 3600, text), ==, "12:00");
        g_assert_cmpstr(moment_label(NOW + 5, NOW, text), ==, "12:00:05");
        g_assert_cmpstr(moment_label(NOW, NOW + 86400, text), ==, "Wed 2026-07-01 12:00");
        g_assert_cmpstr(moment_label(NOW + 5, NOW + 86400, text), ==, "Wed 2026-07-01 12:00:05");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pomoctl/days/days", test_days);
        g_test_add_func("/pomoctl/days/look-back", test_look_back);
        g_test_add_func("/pomoctl/days/spelled-out", test_spelled_out);
        g_test_add_func("/pomoctl/days/edges", test_edges);
        g_test_add_func("/pomoctl/days/instants", test_instants);
        g_test_add_func("/pomoctl/days/labels", test_labels);
        return g_test_run();
}
