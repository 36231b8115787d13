/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/duration.h"

#include <errno.h>

#include "tests/unit/check.h"

#define UNTOUCHED 4711

static void test_parse(void) {
        static const struct {
                int line;
                const char *text;
                int r;
                uint64_t usec;
        } table[] = {
                { __LINE__, "25m", 0, 25 * USEC_PER_MIN },
                { __LINE__, "90s", 0, 90 * USEC_PER_SEC },
                { __LINE__, "0s", 0, 0 },
                { __LINE__, "007m", 0, 7 * USEC_PER_MIN },
                { __LINE__, "1h30m", 0, 90 * USEC_PER_MIN },
                { __LINE__, "1h 30m", 0, 90 * USEC_PER_MIN },
                { __LINE__, "1h30m5s", 0, 90 * USEC_PER_MIN + 5 * USEC_PER_SEC },
                { __LINE__, "1h5s", 0, USEC_PER_HOUR + 5 * USEC_PER_SEC },
                { __LINE__, "24h", 0, USEC_PER_DAY },
                { __LINE__, "876600h", 0, 876600 * USEC_PER_HOUR },

                { __LINE__, NULL, -EINVAL, UNTOUCHED },
                { __LINE__, "", -EINVAL, UNTOUCHED },
                { __LINE__, "25", -EINVAL, UNTOUCHED },
                { __LINE__, "25x", -EINVAL, UNTOUCHED },
                { __LINE__, "-5m", -EINVAL, UNTOUCHED },
                { __LINE__, "+5m", -EINVAL, UNTOUCHED },
                { __LINE__, "1e9h", -EINVAL, UNTOUCHED },
                { __LINE__, "1.5h", -EINVAL, UNTOUCHED },
                { __LINE__, "m", -EINVAL, UNTOUCHED },
                { __LINE__, "25m30", -EINVAL, UNTOUCHED },
                { __LINE__, "30m1h", -EINVAL, UNTOUCHED },
                { __LINE__, "5m5m", -EINVAL, UNTOUCHED },
                { __LINE__, "25M", -EINVAL, UNTOUCHED },
                { __LINE__, " 25m", -EINVAL, UNTOUCHED },
                { __LINE__, "25m ", -EINVAL, UNTOUCHED },
                { __LINE__, "25 m", -EINVAL, UNTOUCHED },
                { __LINE__, "1h  30m", -EINVAL, UNTOUCHED },
                { __LINE__, "25m\n", -EINVAL, UNTOUCHED },
                { __LINE__, "0x10m", -EINVAL, UNTOUCHED },
                { __LINE__, "\xd9\xa1m", -EINVAL, UNTOUCHED }, /* an Arabic digit */

                { __LINE__, "876601h", -ERANGE, UNTOUCHED },
                { __LINE__, "876600h1s", -ERANGE, UNTOUCHED },
                { __LINE__, "18446744073709551616s", -ERANGE, UNTOUCHED },
                { __LINE__, "18446744073709551615h", -ERANGE, UNTOUCHED },
                { __LINE__, "99999999999999999999999999999999999999h", -ERANGE, UNTOUCHED },
                { __LINE__, "99999999999999999999999999999999999999hx", -EINVAL, UNTOUCHED },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                uint64_t usec = UNTOUCHED;

                CHECK_INT(table[i].line, duration_parse(table[i].text, &usec), table[i].r);
                CHECK_INT(table[i].line, usec, table[i].usec);
        }
}

static void test_format(void) {
        static const struct {
                int line;
                uint64_t usec;
                const char *text, *clock;
        } table[] = {
                { __LINE__, 0, "0s", "0:00" },
                { __LINE__, 1, "0s", "0:01" },
                { __LINE__, USEC_PER_SEC - 1, "0s", "0:01" },
                { __LINE__, USEC_PER_SEC, "1s", "0:01" },
                { __LINE__, USEC_PER_SEC + 1, "1s", "0:02" },
                { __LINE__, 7 * USEC_PER_SEC, "7s", "0:07" },
                { __LINE__, 59 * USEC_PER_SEC + 1, "59s", "1:00" },
                { __LINE__, 90 * USEC_PER_SEC, "1m30s", "1:30" },
                { __LINE__, 24 * USEC_PER_MIN + 59 * USEC_PER_SEC, "24m59s", "24:59" },
                { __LINE__, 25 * USEC_PER_MIN, "25m", "25:00" },
                { __LINE__, USEC_PER_HOUR - 1, "59m59s", "1:00:00" },
                { __LINE__, 90 * USEC_PER_MIN, "1h30m", "1:30:00" },
                { __LINE__, USEC_PER_HOUR + 123 * USEC_PER_SEC, "1h2m3s", "1:02:03" },
                { __LINE__, USEC_PER_HOUR + 3 * USEC_PER_SEC, "1h3s", "1:00:03" },
                { __LINE__, 100 * USEC_PER_HOUR, "100h", "100:00:00" },
                { __LINE__, UINT64_MAX, "5124095576h1m49s", "5124095576:01:50" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                char buf[DURATION_TEXT_MAX];

                CHECK_STR(table[i].line, duration_format(table[i].usec, buf), table[i].text);
                CHECK_STR(table[i].line, duration_format_clock(table[i].usec, buf), table[i].clock);
        }
}

static void test_round_trip(void) {
        for (uint64_t sec = 0; sec < 100000; sec += 61) {
                char buf[DURATION_TEXT_MAX];
                uint64_t usec = UNTOUCHED;

                g_assert_cmpint(duration_parse(duration_format(sec * USEC_PER_SEC, buf), &usec), ==, 0);
                g_assert_cmpuint(usec, ==, sec * USEC_PER_SEC);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/duration/parse", test_parse);
        g_test_add_func("/duration/format", test_format);
        g_test_add_func("/duration/round-trip", test_round_trip);
        return g_test_run();
}
