/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * Random rules in awkward zones at awkward instants: what the calendar says is what a slow and plain
 * evaluator says. The seed is printed first; --seed=R02S… runs one again, POMOD_CASES=100000 runs more of
 * them.
 */

#include "tests/unit/core/slow-calendar.h"

#include <stdlib.h>
#include <string.h>

#define CASES 5000

/* Half-hour summer time, two-hour summer time, changes at midnight, dates skipped, dates that come back. */
static const char *const zones[] = { "UTC", "Europe/Zurich", "Europe/Dublin", "America/New_York",
        "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Kwajalein",
        "Africa/Casablanca", "Asia/Kathmandu", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut",
        "Asia/Tehran", "Pacific/Chatham", "Antarctica/Troll", "America/Havana", "Asia/Pyongyang",
        "Antarctica/Casey", "America/Scoresbysund", "Etc/GMT+12" };

static int pick(int n) {
        return g_test_rand_int_range(0, n);
}

static bool one_in(int n) {
        return pick(n) == 0;
}

/* ---- random rules ---- */

static Date near_date(Date around) {
        static const int far[] = { 1, 3, 10, 40, 400 };
        int reach = far[pick(G_N_ELEMENTS(far))];

        return around + g_test_rand_int_range(-reach, reach + 1);
}

static void add_month_day(GString *text, Date around) {
        YearMonthDay ymd = date_split(near_date(around));

        if (one_in(4))
                g_string_append(text, one_in(3) ? "02-28" : one_in(2) ? "02-29" : "03-01");
        else
                g_string_append_printf(text, "%02d-%02d", ymd.month, ymd.day);
}

static void add_dates(GString *text, Date around) {
        char from[DATE_TEXT_MAX], to[DATE_TEXT_MAX];
        Date first = near_date(around), last = first + (one_in(3) ? 0 : abs(near_date(0)));

        g_string_append(text, "Dates=");
        if (one_in(2)) {
                add_month_day(text, around);
                g_string_append(text, "..");
                add_month_day(text, around);
        } else
                g_string_append_printf(text, "%s..%s", date_format(first, from), date_format(last, to));
        g_string_append_c(text, '\n');
}

static void add_days(GString *text) {
        static const char *const words[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

        g_string_append(text, "Days=");
        for (int i = 0, n = 1 + pick(3); i < n; i++) {
                g_string_append(text, i == 0 ? "" : one_in(2) ? ";" : ",");
                if (one_in(3))
                        g_string_append_printf(
                                        text, "%s%d%s", one_in(2) ? "-" : "", 1 + pick(5), words[pick(7)]);
                else if (one_in(2))
                        g_string_append_printf(text, "%s-%s", words[pick(7)], words[pick(7)]);
                else
                        g_string_append(text, words[pick(7)]);
        }
        g_string_append_c(text, '\n');
}

static void add_hours(GString *text) {
        static const char *const times[] = { "00:00", "00:00:01", "00:01", "00:30", "01:00", "01:30", "01:45",
                "02:00", "02:15:30", "02:30", "03:00", "03:30", "09:00", "12:00", "13:00", "17:00", "22:00",
                "23:00", "23:30", "23:59:59", "24:00" };

        g_string_append(text, "Hours=");
        for (int i = 0, n = 1 + pick(3); i < n; i++) {
                int from = pick(G_N_ELEMENTS(times) - 1), to = pick(G_N_ELEMENTS(times));

                if (from == to)
                        to++;
                g_string_append_printf(text, "%s%s-%s", i == 0 ? "" : ";", times[from], times[to]);
        }
        g_string_append_c(text, '\n');
}

static void add_list(GString *text, const char *key, Date around) {
        char buf[DATE_TEXT_MAX];

        g_string_append_printf(text, "%s=", key);
        for (int i = 0, n = 1 + pick(4); i < n; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : ";", date_format(near_date(around), buf));
        g_string_append_c(text, '\n');
}

static void add_rule(GString *text, int number, Date around) {
        static const char *const kinds[] = { "work", "work", "office-day", "away" };
        const char *kind = kinds[pick(G_N_ELEMENTS(kinds))];
        bool away = strcmp(kind, "away") == 0;

        g_string_append_printf(text, "[Rule %c]\nKind=%s\n", 'a' + number, kind);
        if (!one_in(3))
                add_dates(text, around);
        if (one_in(2))
                add_days(text);
        if (!one_in(4))
                add_hours(text);
        if (!away && one_in(2))
                g_string_append(text, "Mode=freeform\n");
        if (one_in(3))
                g_string_append_printf(text, "Priority=%d\n", pick(3) - 1);
        if (!away && one_in(4))
                g_string_append_printf(text, "Target=%d\n", 1 + pick(12));
        if (one_in(4))
                add_list(text, "Also", around);
        if (one_in(4))
                add_list(text, "Except", around);
}

/* ---- random instants ---- */

static uint64_t some_instant(const char *zone) {
        const GArray *changes = slow_zone_changes(zone);
        int64_t sec;

        if (changes->len > 0 && !one_in(3)) {
                int64_t change = g_array_index(changes, int64_t, pick((int) changes->len));
                sec = change + g_test_rand_int_range(-3 * 86400, 2 * 86400);
                if (one_in(4))
                        sec = change - pick(2);
        } else
                sec = g_test_rand_int_range(20 * 365 * 86400, INT32_MAX) / 1800 * 1800;
        /* The evaluator knows 1975 to 2045, and dates up to two years away are asked about. */
        sec = CLAMP(sec, G_GINT64_CONSTANT(8) * 366 * 86400, G_GINT64_CONSTANT(72) * 365 * 86400);
        return (uint64_t) sec * G_USEC_PER_SEC + (one_in(3) ? (uint64_t) pick(1000000) : 0);
}

/* ---- what is compared ---- */

typedef struct Case {
        RuleSet set;
        GTimeZone *zone;
        const char *zone_name;
        Calendar *calendar;
        SlowCalendar *slow;
        uint64_t at;
        const char *text;
} Case;

static void G_GNUC_NORETURN differs(const Case *c, uint64_t at, const char *what) {
        g_error("%s at %" G_GUINT64_FORMAT " (asked at %" G_GUINT64_FORMAT ") in %s with\n%s", what, at,
                        c->at, c->zone_name, c->text);
        abort();
}

static void compare_at(const Case *c, uint64_t at) {
        SlowAnswer slow = slow_calendar_at(c->slow, at);
        Schedule fast;

        g_assert_cmpint(calendar_at(c->calendar, at, &fast), ==, 0);
        if (fast.state != slow.state || fast.window.rule != slow.rule || fast.mode != slow.mode)
                differs(c, at, "another answer");
        if (fast.until_real_usec != slow.until_real_usec)
                differs(c, at, "another until");
        if (fast.window.rule && (fast.window.from_real_usec > at || fast.window.to_real_usec <= at))
                differs(c, at, "a window that does not contain the instant");
}

static int collect(const Stretch *stretch, void *userdata) {
        g_array_append_val((GArray *) userdata, *stretch);
        return 0;
}

static void expect(const Case *c, uint64_t at, const Rule *rule) {
        SlowAnswer slow = slow_calendar_look(c->slow, at);

        if (slow.rule != rule)
                differs(c, at, "an agenda with another rule");
}

static void compare_agenda(const Case *c) {
        GArray *list = g_array_new(FALSE, FALSE, sizeof(Stretch));
        uint64_t from = c->at, to = from + (uint64_t) (1 + pick(20)) * 86400 * G_USEC_PER_SEC, end = from;

        g_assert_cmpint(calendar_agenda(c->calendar, from, to, collect, list), ==, 0);
        for (guint i = 0; i <= list->len; i++) {
                const Stretch *s = i < list->len ? &g_array_index(list, Stretch, i) : NULL;
                uint64_t next = s ? s->from_real_usec : to;

                if (next < end)
                        differs(c, next, "an agenda that overlaps");
                if (next > end) {
                        expect(c, end, NULL);
                        expect(c, next - 1, NULL);
                }
                if (!s)
                        break;
                if (s->from_real_usec >= s->to_real_usec || s->to_real_usec > to)
                        differs(c, next, "a stretch that is none");
                if (s->state != (s->window.rule->kind == RULE_AWAY ? SCHEDULE_AWAY : SCHEDULE_WINDOW))
                        differs(c, next, "a stretch of another state");
                if (s->window.from_real_usec > s->from_real_usec || s->window.to_real_usec < s->to_real_usec)
                        differs(c, next, "a stretch outside its window");
                if (i > 0 && s[-1].to_real_usec == s->from_real_usec && s[-1].window.rule == s->window.rule &&
                                s[-1].window.from_real_usec == s->window.from_real_usec &&
                                s[-1].window.to_real_usec == s->window.to_real_usec &&
                                s[-1].window.date == s->window.date)
                        differs(c, next, "a stretch in two pieces");
                expect(c, s->from_real_usec, s->window.rule);
                expect(c, s->to_real_usec - 1, s->window.rule);
                end = s->to_real_usec;
        }
        g_array_unref(list);
}

static void compare_capacity(const Case *c) {
        Date date = near_date(calendar_date_of(c->calendar, c->at));
        uint32_t pomodoros;
        Settings settings;

        settings_init(&settings);
        if (one_in(2))
                settings.pomodoro_usec = (uint64_t) (10 + pick(50)) * 60 * G_USEC_PER_SEC;
        g_assert_cmpint(calendar_capacity(c->calendar, &settings, date, 0, &pomodoros), ==, 0);
        if (pomodoros != slow_calendar_capacity(c->slow, &settings, date))
                differs(c, (uint64_t) date * 86400 * G_USEC_PER_SEC, "another capacity");
}

static void note_warning(const char *rule, const char *sentence, void *userdata) {
        if (strstr(sentence, "never holds") || strstr(sentence, "has no date"))
                g_hash_table_add(userdata, (gpointer) rule);
}

static void compare_warnings(const Case *c) {
        GHashTable *warned = g_hash_table_new(g_str_hash, g_str_equal);
        Date from = calendar_date_of(c->calendar, c->at);
        uint64_t begin, end;

        if (calendar_resolve(c->calendar, from, 0, &begin) &&
                        calendar_resolve(c->calendar, from + 2 * 366, 0, &end)) {
                g_assert_cmpint(calendar_warnings(c->calendar, from, NULL, note_warning, warned), ==, 0);
                for (guint i = 0; i < c->set.rules->len; i++) {
                        const Rule *rule = &g_array_index(c->set.rules, Rule, i);
                        if (g_hash_table_contains(warned, rule->name) ==
                                        slow_calendar_ever_holds(c->slow, rule, begin, end))
                                differs(c, begin, rule->name);
                }
        }
        g_hash_table_unref(warned);
}

static RuleSet parse(const char *text) {
        Refusal why;
        RuleSet set;

        if (rule_set_parse(text, &set, &why) != 0)
                g_error("%s\n%s", why.message, text);
        return set;
}

static void one_case(void) {
        GString *text = g_string_new(NULL);
        Case c = { .zone_name = zones[pick(G_N_ELEMENTS(zones))] };
        RuleSet again;
        char *printed, *reprinted;

        c.at = some_instant(c.zone_name);
        for (int i = 0, n = 1 + pick(7); i < n; i++)
                add_rule(text, i, (Date) (c.at / G_USEC_PER_SEC / 86400));
        c.text = text->str;

        again = parse(text->str);
        printed = rule_set_print(&again);
        c.set = parse(printed);
        reprinted = rule_set_print(&c.set);
        g_assert_cmpstr(printed, ==, reprinted);

        c.zone = g_time_zone_new_identifier(c.zone_name);
        c.calendar = calendar_new(&c.set, c.zone);
        c.slow = slow_calendar_new(&c.set, c.zone_name);
        compare_at(&c, c.at);
        compare_at(&c, c.at + (uint64_t) pick(2 * 86400) * G_USEC_PER_SEC);
        compare_agenda(&c);
        if (one_in(4))
                compare_capacity(&c);
        if (one_in(20))
                compare_warnings(&c);

        slow_calendar_free(c.slow);
        calendar_free(c.calendar);
        g_time_zone_unref(c.zone);
        rule_set_done(&c.set);
        rule_set_done(&again);
        g_free(printed);
        g_free(reprinted);
        g_string_free(text, TRUE);
}

static void test_same_as_slow(void) {
        const char *given = g_getenv("POMOD_CASES");
        gint64 cases = given ? g_ascii_strtoll(given, NULL, 10) : CASES;

        g_assert_cmpint(cases, >, 0);
        for (gint64 i = 0; i < cases; i++)
                one_case();
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/calendar/same-as-slow", test_same_as_slow);
        return g_test_run();
}
