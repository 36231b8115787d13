/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/timestamp.h"

#include "common/duration.h"
#include "tests/unit/check.h"

static void test_utc(void) {
        static const struct {
                int line;
                uint64_t usec;
                const char *text;
        } table[] = {
                { __LINE__, 0, "1970-01-01T00:00:00.000000Z" },
                { __LINE__, 1, "1970-01-01T00:00:00.000001Z" },
                { __LINE__, 951782399999999, "2000-02-28T23:59:59.999999Z" },
                { __LINE__, 951782400000000, "2000-02-29T00:00:00.000000Z" },
                { __LINE__, 951868800000000, "2000-03-01T00:00:00.000000Z" },
                { __LINE__, 1770764400000000, "2026-02-10T23:00:00.000000Z" },
                { __LINE__, 2147483648000000, "2038-01-19T03:14:08.000000Z" },
                { __LINE__, 4107542400000000, "2100-03-01T00:00:00.000000Z" }, /* 2100 has no leap day */
                { __LINE__, 253402300799999999, "9999-12-31T23:59:59.999999Z" },
                { __LINE__, UINT64_MAX, "586524-01-19T08:01:49.551615Z" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                char buf[TIMESTAMP_TEXT_MAX];

                CHECK_STR(table[i].line, timestamp_format_utc(table[i].usec, buf), table[i].text);
        }
}

static void test_local(void) {
        static const struct {
                int line;
                uint64_t usec;
                int32_t offset_sec;
                const char *text;
        } table[] = {
                { __LINE__, 0, 0, "Thu 1970-01-01 00:00:00 +0000 001" },
                { __LINE__, 0, -43200, "Wed 1969-12-31 12:00:00 -1200 365" },
                { __LINE__, 0, 50400, "Thu 1970-01-01 14:00:00 +1400 001" },
                { __LINE__, 1770764400000000, 3600, "Wed 2026-02-11 00:00:00 +0100 042" },
                { __LINE__, 1770764400000000, 20700, "Wed 2026-02-11 04:45:00 +0545 042" },
                { __LINE__, 1735689599000000, 0, "Tue 2024-12-31 23:59:59 +0000 366" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                char buf[TIMESTAMP_TEXT_MAX];

                timestamp_format_local(table[i].usec, table[i].offset_sec, "%a %F %T %z %j", buf);
                CHECK_STR(table[i].line, buf, table[i].text);
        }
}

static void test_local_format_too_long(void) {
        char buf[TIMESTAMP_TEXT_MAX] = "untouched";

        timestamp_format_local(0, 0, "%F %F %F %F %F %F %F %F", buf);
        g_assert_cmpstr(buf, ==, "");
}

/* Our own calendar against GLib's, a day and a bit at a time. */
static void test_against_glib(void) {
        for (int64_t sec = 0; sec < 253402300800; sec += 86400 * 97 + 12345) {
                char buf[TIMESTAMP_TEXT_MAX];
                GDateTime *time = g_date_time_new_from_unix_utc(sec);
                char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S.000000Z");

                g_assert_cmpstr(timestamp_format_utc((uint64_t) sec * USEC_PER_SEC, buf), ==, text);
                g_free(text);
                g_date_time_unref(time);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/timestamp/utc", test_utc);
        g_test_add_func("/timestamp/local", test_local);
        g_test_add_func("/timestamp/local-format-too-long", test_local_format_too_long);
        g_test_add_func("/timestamp/against-glib", test_against_glib);
        return g_test_run();
}
