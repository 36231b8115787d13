/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/core/settings.h"

#include <errno.h>

#include "common/duration.h"
#include "common/text.h"
#include "tests/unit/check.h"

static void test_defaults(void) {
        Settings s;

        settings_init(&s);
        g_assert_cmpuint(s.pomodoro_usec, ==, 25 * USEC_PER_MIN);
        g_assert_cmpuint(s.short_break_usec, ==, 5 * USEC_PER_MIN);
        g_assert_cmpuint(s.long_break_usec, ==, 15 * USEC_PER_MIN);
        g_assert_cmpuint(s.long_break_every, ==, 4);
        g_assert_cmpuint(s.target, ==, 0);
        g_assert_true(s.auto_start_break);
        g_assert_false(s.auto_start_pomodoro);
        g_assert_false(s.pause);
        g_assert_cmpuint(s.suspend_grace_usec, ==, 60 * USEC_PER_SEC);
        g_assert_cmpstr(s.time_zone, ==, "");
        g_assert_cmpuint(s.day_start_sec, ==, 0);
        g_assert_cmpuint(s.week_start, ==, 1);
}

static void test_table(void) {
        unsigned n = 0;

        for (const SettingInfo *info; (info = setting_info(n)); n++) {
                g_assert_true(setting_find(info->name) == info);
                g_assert_cmpint(text_check(info->name, 32), ==, 0);
                g_assert_true(g_str_has_suffix(info->sentence, "."));
                g_assert_cmpint(!info->minimum_text, ==, !info->maximum_text);
                g_assert_cmpint(info->type == SETTING_WORD, ==, info->words != NULL);
        }
        g_assert_cmpuint(n, ==, 12);
        g_assert_null(setting_info(n + 1));
        g_assert_null(setting_info(UINT_MAX));
        g_assert_null(setting_find("no-such-setting"));
        g_assert_null(setting_find(NULL));
}

/* The ends of every range and every word are taken, and what is given back is taken again. */
static void test_round_trip(void) {
        for (unsigned i = 0; setting_info(i); i++) {
                const SettingInfo *info = setting_info(i);
                const char *texts[4 + 8] = { info->default_text, info->minimum_text, info->maximum_text };
                size_t n = 3;

                for (size_t w = 0; info->words && info->words[w]; w++)
                        texts[n++] = info->words[w];
                for (size_t t = 0; t < n; t++) {
                        char once[SETTING_TEXT_MAX], twice[SETTING_TEXT_MAX];
                        Settings s;

                        if (!texts[t])
                                continue;
                        settings_init(&s);
                        g_assert_cmpint(settings_set(&s, info->name, texts[t], NULL), ==, 0);
                        g_assert_cmpint(settings_get(&s, info->name, once), ==, 0);
                        g_assert_cmpint(settings_set(&s, info->name, once, NULL), ==, 0);
                        g_assert_cmpint(settings_get(&s, info->name, twice), ==, 0);
                        g_assert_cmpstr(once, ==, twice);
                }
        }
}

static void test_accepts(void) {
        static const struct {
                int line;
                const char *name, *text, *canonical;
        } table[] = {
                { __LINE__, "pomodoro", "90s", "1m30s" },
                { __LINE__, "pomodoro", "1h 30m", "1h30m" },
                { __LINE__, "pomodoro", "1s", "1s" },
                { __LINE__, "pomodoro", "1440m", "24h" },
                { __LINE__, "suspend-grace", "0s", "0s" },
                { __LINE__, "long-break-every", "1", "1" },
                { __LINE__, "long-break-every", "007", "7" },
                { __LINE__, "target", "99", "99" },
                { __LINE__, "pause", "yes", "yes" },
                { __LINE__, "pause", "TRUE", "yes" },
                { __LINE__, "auto-start-break", "off", "no" },
                { __LINE__, "day-start", "4:00", "04:00" },
                { __LINE__, "day-start", "23:59", "23:59" },
                { __LINE__, "week-start", "Sunday", "sunday" },
                { __LINE__, "time-zone", "", "" },
                { __LINE__, "time-zone", "Europe/Berlin", "Europe/Berlin" },
                { __LINE__, "time-zone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires" },
                { __LINE__, "time-zone", "Pacific/Apia", "Pacific/Apia" },
                { __LINE__, "time-zone", "Etc/GMT+12", "Etc/GMT+12" },
                { __LINE__, "time-zone", "UTC", "UTC" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                char buf[SETTING_TEXT_MAX];
                Settings s;

                settings_init(&s);
                CHECK_INT(table[i].line, settings_set(&s, table[i].name, table[i].text, NULL), 0);
                CHECK_INT(table[i].line, settings_get(&s, table[i].name, buf), 0);
                CHECK_STR(table[i].line, buf, table[i].canonical);
        }
}

#define NOT_DURATION(text) "pomodoro: \"" text "\" is not a duration; write it like 25m, 90s or 1h30m"
#define NO_RANGE(text)     "pomodoro: " text " is out of range; it must be between 1s and 24h"
#define NO_NUMBER(text)    "target: \"" text "\" is not a whole number; write it like 4"
#define NO_TIME(text)      "day-start: \"" text "\" is not a time of day; write it like 04:00, from 00:00 to 23:59"
#define NO_ZONE(text)                                                                            \
        "time-zone: \"" text                                                                     \
        "\" is not a time zone that this computer knows; write it like Europe/Berlin, or leave " \
        "it empty for the system's"

static void test_refuses(void) {
        static const struct {
                int line;
                const char *name, *text, *message;
        } table[] = {
                { __LINE__, "pomodoro", "25x", NOT_DURATION("25x") },
                { __LINE__, "pomodoro", "25", NOT_DURATION("25") },
                { __LINE__, "pomodoro", "-5m", NOT_DURATION("-5m") },
                { __LINE__, "pomodoro", "1e9h", NOT_DURATION("1e9h") },
                { __LINE__, "pomodoro", "", NOT_DURATION("") },
                { __LINE__, "pomodoro", NULL, NOT_DURATION("") },
                { __LINE__, "pomodoro", "\x1b[2J\n", NOT_DURATION("\xef\xbf\xbd[2J\xef\xbf\xbd") },
                { __LINE__, "pomodoro", "25h", NO_RANGE("25h") },
                { __LINE__, "pomodoro", "24h1s", NO_RANGE("24h1s") },
                { __LINE__, "pomodoro", "0s", NO_RANGE("0s") },
                { __LINE__, "pomodoro", "99999999999999999999h", NO_RANGE("99999999999999999999h") },
                { __LINE__, "suspend-grace", "25h",
                                "suspend-grace: 25h is out of range; it must be between 0s and 24h" },
                { __LINE__, "long-break-every", "0",
                                "long-break-every: 0 is out of range; it must be between 1 and 99" },
                { __LINE__, "target", "100", "target: 100 is out of range; it must be between 0 and 99" },
                { __LINE__, "target", "4294967296",
                                "target: 4294967296 is out of range; it must be between 0 and 99" },
                { __LINE__, "target", "18446744073709551617",
                                "target: 18446744073709551617 is out of range; it must be between 0 and 99" },
                { __LINE__, "target", "-1", NO_NUMBER("-1") },
                { __LINE__, "target", "4.0", NO_NUMBER("4.0") },
                { __LINE__, "target", " 4", NO_NUMBER(" 4") },
                { __LINE__, "target", "", NO_NUMBER("") },
                { __LINE__, "pause", "maybe", "pause: \"maybe\" is neither yes nor no" },
                { __LINE__, "pause", "", "pause: \"\" is neither yes nor no" },
                { __LINE__, "day-start", "24:00", NO_TIME("24:00") },
                { __LINE__, "day-start", "04:60", NO_TIME("04:60") },
                { __LINE__, "day-start", "4", NO_TIME("4") },
                { __LINE__, "day-start", "04:00:00", NO_TIME("04:00:00") },
                { __LINE__, "day-start", "-4:00", NO_TIME("-4:00") },
                { __LINE__, "day-start", ":30", NO_TIME(":30") },
                { __LINE__, "day-start", "", NO_TIME("") },
                { __LINE__, "week-start", "someday",
                                "week-start: \"someday\" is none of monday, tuesday, wednesday, thursday, friday, saturday, sunday" },
                { __LINE__, "time-zone", "Europe/Berln", NO_ZONE("Europe/Berln") },
                { __LINE__, "time-zone", "+02:00", NO_ZONE("+02:00") },
                { __LINE__, "time-zone", "EST5", NO_ZONE("EST5") },
                { __LINE__, "time-zone", "CET-1CEST,M3.5.0,M10.5.0/3",
                                NO_ZONE("CET-1CEST,M3.5.0,M10.5.0/3") },
                { __LINE__, "time-zone", "/etc/passwd", NO_ZONE("/etc/passwd") },
                { __LINE__, "time-zone", "../../../etc/passwd", NO_ZONE("../../../etc/passwd") },
                { __LINE__, "time-zone", "Europe/../UTC", NO_ZONE("Europe/../UTC") },
                { __LINE__, "time-zone", "Europe//Berlin", NO_ZONE("Europe//Berlin") },
                { __LINE__, "time-zone", "Europe/", NO_ZONE("Europe/") },
                { __LINE__, "time-zone", "Europe", NO_ZONE("Europe") },
                { __LINE__, "time-zone", ":UTC", NO_ZONE(":UTC") },
                { __LINE__, "time-zone", "leapseconds", NO_ZONE("leapseconds") },
                { __LINE__, "time-zone", "right/Europe/Berlin", NO_ZONE("right/Europe/Berlin") },
                { __LINE__, "pomodro", "25m", "unknown setting \"pomodro\"; did you mean \"pomodoro\"?" },
                { __LINE__, "short-brake", "25m",
                                "unknown setting \"short-brake\"; did you mean \"short-break\"?" },
                { __LINE__, "xyzzy", "25m",
                                "unknown setting \"xyzzy\"; there are pomodoro, short-break, long-break, long-break-every, target, auto-start-break, auto-start-pomodoro, pause, suspend-grace, time-zone, day-start, week-start" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                RefusalCode code = setting_find(table[i].name) ? REFUSAL_INVALID_ARGUMENT
                                                               : REFUSAL_NO_SUCH_SETTING;
                Refusal refusal = {};
                Settings s, before;

                memset(&s, 0, sizeof(s));
                settings_init(&s);
                memcpy(&before, &s, sizeof(s));
                CHECK_INT(table[i].line, settings_set(&s, table[i].name, table[i].text, &refusal), code);
                CHECK_INT(table[i].line, refusal.code, code);
                CHECK_STR(table[i].line, refusal.message, table[i].message);
                CHECK_INT(table[i].line, memcmp(&before, &s, sizeof(s)), 0);
        }
}

/* What is refused may be of any length: the sentence still says what would be right. */
static void test_refuses_huge(void) {
        char *huge = g_strnfill(10 * 1024 * 1024, '7');
        Refusal refusal = {};
        Settings s;

        settings_init(&s);
        for (unsigned i = 0; setting_info(i); i++) {
                g_assert_cmpint(settings_set(&s, setting_info(i)->name, huge, &refusal), ==,
                                REFUSAL_INVALID_ARGUMENT);
                g_assert_cmpuint(strlen(refusal.message), <, 300);
        }
        g_assert_cmpint(settings_set(&s, huge, "25m", &refusal), ==, REFUSAL_NO_SUCH_SETTING);
        g_assert_nonnull(strstr(refusal.message, "; there are pomodoro"));
        g_assert_cmpint(settings_set(&s, NULL, "25m", &refusal), ==, REFUSAL_NO_SUCH_SETTING);
        g_assert_cmpint(settings_set(&s, "pomodoro", "x", NULL), ==, REFUSAL_INVALID_ARGUMENT);
        g_free(huge);
}

static void test_get_unknown(void) {
        char buf[SETTING_TEXT_MAX] = "untouched";
        Settings s;

        settings_init(&s);
        g_assert_cmpint(settings_get(&s, "pomodro", buf), ==, -ENOENT);
        g_assert_cmpint(settings_get(&s, NULL, buf), ==, -ENOENT);
        g_assert_cmpstr(buf, ==, "untouched");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/settings/defaults", test_defaults);
        g_test_add_func("/settings/table", test_table);
        g_test_add_func("/settings/round-trip", test_round_trip);
        g_test_add_func("/settings/accepts", test_accepts);
        g_test_add_func("/settings/refuses", test_refuses);
        g_test_add_func("/settings/refuses-huge", test_refuses_huge);
        g_test_add_func("/settings/get-unknown", test_get_unknown);
        return g_test_run();
}
