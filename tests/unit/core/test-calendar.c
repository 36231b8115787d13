/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * What the rules say of an instant: the tables of tests/data/schedules, whose folder is the argument, and
 * rows that tell one reading of the rules from another. Each of those says which reading it excludes.
 */

#include "daemon/core/calendar.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/check.h"
#include "tests/unit/core/asked.h"

static const char *folder;

/* ---- asking ---- */

static char *utc_of(uint64_t usec) {
        GDateTime *time = g_date_time_new_from_unix_utc((gint64) (usec / G_USEC_PER_SEC));
        char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");

        g_date_time_unref(time);
        return text;
}

/* "window mornings freeform 2026-05-04T10:00:00Z", with - for what there is none of. */
static char *said(Calendar *calendar, uint64_t at) {
        Schedule schedule;
        char *until, *text;

        g_assert_cmpint(calendar_at(calendar, at, &schedule), ==, 0);
        until = schedule.until_real_usec > 0 ? utc_of(schedule.until_real_usec) : g_strdup("-");
        text = g_strdup_printf("%s %s %s %s", schedule_state_to_string(schedule.state),
                        schedule.window.rule ? schedule.window.rule->name : "-",
                        schedule.mode != INTERVAL_NONE ? interval_kind_to_string(schedule.mode) : "-", until);
        g_free(until);
        return text;
}

/* ---- the tables ---- */

static char *read_data(const char *name) {
        char *path = g_build_filename(folder, name, NULL), *text = NULL;

        if (!g_file_get_contents(path, &text, NULL, NULL))
                g_error("cannot read %s", path);
        g_free(path);
        return text;
}

static const char *field(char **fields, guint i) {
        return fields[i] && fields[i][0] != '\0' ? fields[i] : "-";
}

static void check_table(const char *rules, const char *table, const char *zone, guint least) {
        char *text = read_data(rules), *csv = read_data(table), **lines = g_strsplit(csv, "\n", -1);
        Asked *asked = ask(text, zone);
        guint rows = 0;

        for (guint i = 1; lines[i]; i++) {
                char **fields = g_strsplit(g_strchomp(lines[i]), ",", -1), *want, *got;

                if (g_strv_length(fields) == 5) {
                        want = g_strdup_printf("%s %s %s %s", field(fields, 1), field(fields, 2),
                                        field(fields, 3), field(fields, 4));
                        got = said(asked->calendar, instant(fields[0]));
                        if (strcmp(got, want) != 0)
                                check_failed("%s:%u: at %s it is %s, not %s", table, i + 1, fields[0], got,
                                                want);
                        g_free(want);
                        g_free(got);
                        rows++;
                }
                g_strfreev(fields);
        }
        g_assert_cmpuint(rows, >=, least);
        asked_done(asked);
        g_strfreev(lines);
        g_free(csv);
        g_free(text);
}

static void test_freelancer(void) {
        check_table("freelancer-year.rules", "freelancer-year.Europe-Zurich.csv", "Europe/Zurich", 108);
}

static void test_night_owl(void) {
        check_table("night-owl.rules", "night-owl.Europe-Berlin.csv", "Europe/Berlin", 102);
}

static uint32_t capacity_of(Calendar *calendar, const char *date_text) {
        Settings settings;
        uint32_t pomodoros;
        Date date;

        settings_init(&settings);
        g_assert_cmpint(date_parse(date_text, &date), ==, 0);
        g_assert_cmpint(calendar_capacity(calendar, &settings, date, 0, &pomodoros), ==, 0);
        return pomodoros;
}

static void test_capacity_table(void) {
        char *text = read_data("freelancer-year.rules"), *csv = read_data("freelancer-year.capacity.csv");
        char **lines = g_strsplit(csv, "\n", -1);
        Asked *asked = ask(text, "Europe/Zurich");
        guint rows = 0;

        for (guint i = 1; lines[i] && lines[i][0] != '\0'; i++, rows++) {
                char **fields = g_strsplit(lines[i], ",", 2);

                CHECK_INT((int) i + 1, capacity_of(asked->calendar, fields[0]), atoi(fields[1]));
                g_strfreev(fields);
        }
        g_assert_cmpuint(rows, >=, 8);
        asked_done(asked);
        g_strfreev(lines);
        g_free(csv);
        g_free(text);
}

/* ---- readings ---- */

typedef struct Expected {
        int line;
        const char *zone, *rules, *at, *want;
} Expected;

#define SUMMER                                                 \
        "[Rule afternoons]\nDays=Mon-Fri\nHours=13:00-17:00\n" \
        "[Rule summer]\nDates=06-15..08-31\nHours=09:00-12:00\nPriority=5\n"
#define AWAY                                         \
        "[Rule work]\nDays=Mon\nHours=09:00-17:00\n" \
        "[Rule dentist]\nKind=away\nHours=10:00-11:00\n"
#define LEAP     "[Rule leap]\nDates=02-29..02-29\nHours=09:00-10:00\n"
#define RIGHT_ON "2026-05-04T10:00:00Z"

static const Expected readings[] = {
        /* Not: what a lower rank has for hours that the higher one leaves open. */
        { __LINE__, "UTC", SUMMER, "2026-07-01T15:00:00Z", "off-hours - - 2026-07-02T09:00:00Z" },
        { __LINE__, "UTC", SUMMER, "2026-06-12T15:00:00Z",
                        "window afternoons pomodoro 2026-06-12T17:00:00Z" },
        /* Not: an away rule governs a date, so that it would be off-hours around it. */
        { __LINE__, "UTC", AWAY, "2026-05-05T12:00:00Z", "free - - 2026-05-06T10:00:00Z" },
        { __LINE__, "UTC", AWAY, "2026-05-05T10:00:00Z", "away dentist - 2026-05-05T11:00:00Z" },
        /* Not: away hides the whole date; nor: until is the end of the window, whatever wins before. */
        { __LINE__, "UTC", AWAY, "2026-05-04T09:00:00Z", "window work pomodoro 2026-05-04T10:00:00Z" },
        { __LINE__, "UTC", AWAY, "2026-05-04T11:00:00Z", "window work pomodoro 2026-05-04T17:00:00Z" },
        /* Not: the rank of an away rule is weighed against that of work. */
        { __LINE__, "UTC",
                        "[Rule work]\nPriority=9\nHours=09:00-17:00\n[Rule off]\nKind=away\nPriority=-9\nHours=10:00-11:00\n",
                        "2026-05-04T10:30:00Z", "away off - 2026-05-04T11:00:00Z" },
        /* Not: of equal ranks the rule later in the list, whenever it started. */
        { __LINE__, "UTC", "[Rule late]\nHours=10:00-12:00\n[Rule early]\nHours=09:00-17:00\n",
                        "2026-05-04T11:00:00Z", "window late pomodoro 2026-05-04T12:00:00Z" },
        /* Not: of equal starts the rule earlier in the list; nor: the shorter window. */
        { __LINE__, "UTC", "[Rule a]\nHours=09:00-10:00\n[Rule b]\nHours=09:00-17:00\n",
                        "2026-05-04T09:30:00Z", "window b pomodoro 2026-05-04T17:00:00Z" },
        /* Not: a window over midnight is of the date it ends on; nor is it hidden by the rules of that one.
         */
        { __LINE__, "UTC",
                        "[Rule nights]\nDays=Fri\nHours=22:00-02:30\n[Rule saturdays]\nDays=Sat\nPriority=1\nHours=10:00-11:00\n",
                        "2026-05-09T01:00:00Z", "window nights pomodoro 2026-05-09T02:30:00Z" },
        { __LINE__, "UTC", "[Rule nights]\nDays=Fri\nHours=22:00-02:30\n", "2026-05-08T01:00:00Z",
                        "off-hours - - 2026-05-08T22:00:00Z" },
        /* Not: yesterday's window beats today's of higher rank, or loses to one of lower rank that began
           later. */
        { __LINE__, "UTC",
                        "[Rule nights]\nDays=Fri\nHours=22:00-04:00\n[Rule saturdays]\nDays=Sat\nPriority=1\nHours=02:00-03:00\n",
                        "2026-05-09T02:30:00Z", "window saturdays pomodoro 2026-05-09T03:00:00Z" },
        { __LINE__, "UTC",
                        "[Rule nights]\nDays=Fri\nPriority=1\nHours=22:00-04:00\n[Rule saturdays]\nDays=Sat\nHours=02:00-05:00\n",
                        "2026-05-09T02:30:00Z", "window nights pomodoro 2026-05-09T04:00:00Z" },
        /* Not: a time in a gap is the end of the gap (03:00, 01:00Z); 02:30 counts on to 03:30. */
        { __LINE__, "Europe/Berlin", "[Rule s]\nHours=02:30-05:00\n", "2026-03-29T01:10:00Z",
                        "off-hours - - 2026-03-29T01:30:00Z" },
        /* Not: an ambiguous time is its second occurrence, at a start or at an end. */
        { __LINE__, "Europe/Berlin", "[Rule s]\nHours=02:30-05:00\n", "2026-10-25T00:40:00Z",
                        "window s pomodoro 2026-10-25T04:00:00Z" },
        { __LINE__, "Europe/Berlin", "[Rule s]\nHours=01:00-02:30\n", "2026-10-25T00:20:00Z",
                        "window s pomodoro 2026-10-25T00:30:00Z" },
        /* Not: a length is what is resolved, so that summer time would move the end. */
        { __LINE__, "Europe/Berlin", "[Rule s]\nHours=01:00-04:00\n", "2026-03-29T00:30:00Z",
                        "window s pomodoro 2026-03-29T02:00:00Z" },
        /* Not: a window whose end is not after its start is one, or ends on the next date. 02:30 is 03:30 and
         * 03:00 is 03:00: the gap swallowed it, and the date is governed all the same. */
        { __LINE__, "Europe/Berlin", "[Rule s]\nDates=2026-03-29..2026-03-29\nHours=02:30-03:00\n",
                        "2026-03-29T01:15:00Z", "off-hours - - 2026-03-29T22:00:00Z" },
        /* Not: every summer time is an hour. Lord Howe's gap is from 02:00 to 02:30. */
        { __LINE__, "Australia/Lord_Howe", "[Rule s]\nHours=02:15-06:00\n", "2026-10-03T15:44:59Z",
                        "off-hours - - 2026-10-03T15:45:00Z" },
        { __LINE__, "Australia/Lord_Howe", "[Rule s]\nHours=01:45-06:00\n", "2026-04-04T14:50:00Z",
                        "window s pomodoro 2026-04-04T19:30:00Z" },
        /* Not: a date that the zone skipped has windows, which would begin on the next one. */
        { __LINE__, "Pacific/Apia", "[Rule s]\nDates=2011-12-30..2011-12-30\nHours=09:00-12:00\n",
                        "2011-12-30T19:30:00Z", "free - - -" },
        { __LINE__, "Pacific/Apia", "[Rule s]\nHours=09:00-12:00\n", "2011-12-29T22:00:00Z",
                        "off-hours - - 2011-12-30T19:00:00Z" },
        /* Not: the rules of the date that an instant was on before stay in force where the local date goes
         * back. St. John's left summer time at 00:01 of the seventh for 23:01 of the sixth. */
        { __LINE__, "America/St_Johns", "[Rule s]\nDays=Sat\nHours=09:00-10:00\n", "2010-11-07T02:30:30Z",
                        "free - - 2010-11-07T02:31:00Z" },
        { __LINE__, "America/St_Johns", "[Rule s]\nDays=Sat\nHours=09:00-10:00\n", "2010-11-07T02:31:00Z",
                        "off-hours - - 2010-11-07T03:30:00Z" },
        /* Not: Also only adds a date to the range and needs the weekday still. */
        { __LINE__, "UTC",
                        "[Rule s]\nDates=2026-01-01..2026-01-31\nDays=Wed\nHours=09:00-10:00\nAlso=2026-05-04\n",
                        "2026-05-04T09:30:00Z", "window s pomodoro 2026-05-04T10:00:00Z" },
        /* Not: Also wins over Except. */
        { __LINE__, "UTC", "[Rule s]\nHours=09:00-10:00\nAlso=2026-05-04\nExcept=2026-05-04\n",
                        "2026-05-04T09:30:00Z", "free - - 2026-05-05T00:00:00Z" },
        /* Not: Priority comes before a date that is named. */
        { __LINE__, "UTC",
                        "[Rule named]\nHours=09:00-10:00\nAlso=2026-05-04\n[Rule high]\nPriority=9\nHours=09:30-12:00\n",
                        "2026-05-04T09:45:00Z", "window named pomodoro " RIGHT_ON },
        /* Not: named dates govern by themselves, without Priority among them. */
        { __LINE__, "UTC",
                        "[Rule low]\nHours=09:30-12:00\nAlso=2026-05-04\n[Rule high]\nHours=09:00-10:00\nPriority=1\nAlso=2026-05-04\n",
                        "2026-05-04T09:45:00Z", "window high pomodoro " RIGHT_ON },
        /* Not: an office day comes before Priority; nor: the narrower range comes before an office day. */
        { __LINE__, "UTC",
                        "[Rule office]\nKind=office-day\nHours=09:30-12:00\n[Rule work]\nPriority=1\nHours=09:00-10:00\n",
                        "2026-05-04T09:45:00Z", "window work pomodoro " RIGHT_ON },
        { __LINE__, "UTC",
                        "[Rule office]\nKind=office-day\nHours=09:00-10:00\n[Rule work]\nDates=05-04..05-04\nHours=09:30-12:00\n",
                        "2026-05-04T09:45:00Z", "window office pomodoro " RIGHT_ON },
        /* Not: no Dates are the narrowest; nor: all yearly ranges are of one width. */
        { __LINE__, "UTC",
                        "[Rule always]\nHours=09:30-12:00\n[Rule year]\nDates=01-01..12-31\nHours=09:00-10:00\n",
                        "2026-05-04T09:45:00Z", "window year pomodoro " RIGHT_ON },
        { __LINE__, "UTC",
                        "[Rule may]\nDates=05-01..05-31\nHours=09:00-10:00\n[Rule year]\nDates=01-01..12-31\nHours=09:30-12:00\n",
                        "2026-05-04T09:45:00Z", "window may pomodoro " RIGHT_ON },
        /* Not: Days make a rule narrower. */
        { __LINE__, "UTC", "[Rule mondays]\nDays=Mon\nHours=09:00-12:00\n[Rule all]\nHours=09:30-10:00\n",
                        "2026-05-04T09:45:00Z", "window all pomodoro " RIGHT_ON },
        /* Not: a yearly range is counted in the year it is in: 03-05 is the 65th of a leap year and the 64th
         * of 2026, which would be as wide as the 64 days of the other and lose to the later start. */
        { __LINE__, "UTC",
                        "[Rule yearly]\nDates=01-01..03-05\nHours=09:30-12:00\n[Rule dates]\nDates=2026-01-01..2026-03-05\nHours=09:00-10:00\n",
                        "2026-03-02T09:45:00Z", "window dates pomodoro 2026-03-02T10:00:00Z" },
        /* Not: a range over the new year is empty, or ends with the year. */
        { __LINE__, "UTC", "[Rule s]\nDates=12-25..02-10\nHours=09:00-10:00\n", "2026-02-10T09:30:00Z",
                        "window s pomodoro 2026-02-10T10:00:00Z" },
        { __LINE__, "UTC", "[Rule s]\nDates=12-25..02-10\nHours=09:00-10:00\n", "2026-02-11T09:30:00Z",
                        "free - - 2026-12-25T00:00:00Z" },
        /* Not: 02-29 alone holds on 02-28 or 03-01 of a common year. */
        { __LINE__, "UTC", LEAP, "2027-02-28T09:30:00Z", "free - - 2028-02-29T00:00:00Z" },
        { __LINE__, "UTC", LEAP, "2025-03-01T09:30:00Z", "free - - -" },
        { __LINE__, "UTC", LEAP, "2028-02-29T09:30:00Z", "window leap pomodoro 2028-02-29T10:00:00Z" },
        /* Not: a range to 02-29 ends on 03-01 of a common year, or one from there starts on 02-28. */
        { __LINE__, "UTC", "[Rule s]\nDates=02-01..02-29\nHours=09:00-10:00\n", "2026-03-01T09:30:00Z",
                        "free - - 2027-02-01T00:00:00Z" },
        { __LINE__, "UTC", "[Rule s]\nDates=02-29..03-05\nHours=09:00-10:00\n", "2026-02-28T09:30:00Z",
                        "free - - 2026-03-01T00:00:00Z" },
        /* Not: the last Friday is the fourth; nor: the fifth last is the last. */
        { __LINE__, "UTC", "[Rule s]\nDays=-1Fri\nHours=09:00-10:00\n", "2026-05-22T09:30:00Z",
                        "free - - 2026-05-29T00:00:00Z" },
        { __LINE__, "UTC", "[Rule s]\nDays=-5Fri\nHours=09:00-10:00\n", "2026-05-01T09:30:00Z",
                        "window s pomodoro 2026-05-01T10:00:00Z" },
        { __LINE__, "UTC", "[Rule s]\nDays=Sat-Mon\nHours=09:00-10:00\n", "2026-05-05T09:30:00Z",
                        "free - - 2026-05-09T00:00:00Z" },
        /* Not: until is where a window ends, although the next of the same rule touches it. */
        { __LINE__, "UTC", "[Rule s]\nHours=09:00-12:00;12:00-13:00\n", "2026-05-04T09:30:00Z",
                        "window s pomodoro 2026-05-04T13:00:00Z" },
        /* Not: until is midnight where the rule goes on; nor is it searched for without end. */
        { __LINE__, "UTC", "[Rule s]\nKind=away\n", "2026-05-04T09:30:00Z", "away s - -" },
        { __LINE__, "UTC", "", "2026-05-04T09:30:00Z", "free - - -" },
        { __LINE__, "UTC", "[Rule s]\nDates=2028-05-03..2028-05-03\n", "2026-05-04T09:30:00Z",
                        "free - - 2028-05-03T00:00:00Z" },
        { __LINE__, "UTC", "[Rule s]\nDates=2028-05-06..2028-05-06\n", "2026-05-04T09:30:00Z", "free - - -" },
        /* Not: a whole day is 24 hours. */
        { __LINE__, "Europe/Berlin", "[Rule s]\nDates=2026-10-25..2026-10-25\n", "2026-10-24T22:30:00Z",
                        "window s pomodoro 2026-10-25T23:00:00Z" },
};

static void test_readings(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
                const Expected *row = &readings[i];
                Asked *asked = ask(row->rules, row->zone);
                char *got = said(asked->calendar, instant(row->at));

                CHECK_STR(row->line, got, row->want);
                g_free(got);
                asked_done(asked);
        }
}

/* ---- capacity ---- */

static void test_capacity(void) {
        static const struct {
                int line;
                const char *rules;
                uint32_t pomodoros;
        } table[] = {
                { __LINE__, "[Rule s]\nHours=09:00-12:00\n", 5 },
                { __LINE__, "[Rule s]\nHours=13:00-17:00\n", 7 },
                { __LINE__, "[Rule s]\nHours=09:00-12:00;13:00-17:00\n", 12 },
                { __LINE__, "[Rule s]\nHours=09:00-12:00;13:00-17:00\nTarget=10\n", 10 },
                /* Not: the last pomodoro needs its break; nor: less than a pomodoro is one. */
                { __LINE__, "[Rule s]\nHours=09:00-09:25\n", 1 },
                { __LINE__, "[Rule s]\nHours=09:00-09:24:59\n", 0 },
                { __LINE__, "[Rule s]\nHours=09:00-09:55\n", 2 },
                /* Not: touching windows of a rule are two stretches: each half hour alone holds one. */
                { __LINE__, "[Rule s]\nHours=09:00-09:30;09:30-09:55\n", 2 },
                { __LINE__, "[Rule s]\nHours=09:00-09:10;09:10-09:25\n", 1 },
                /* Not: windows of two rules that touch are one stretch. */
                { __LINE__, "[Rule a]\nHours=09:00-09:10\n[Rule b]\nHours=09:10-09:25\n", 0 },
                /* Not: away shortens the sum rather than cutting the stretch: 50 minutes are left, 10 and 40.
                 */
                { __LINE__, "[Rule s]\nHours=09:00-10:00\n[Rule off]\nKind=away\nHours=09:10-09:20\n", 1 },
                /* Not: only away cuts: a window that wins does, and in freeform holds none itself. */
                { __LINE__, "[Rule s]\nHours=09:00-10:00\n[Rule f]\nMode=freeform\nHours=09:10-09:20\n", 1 },
                { __LINE__, "[Rule f]\nMode=freeform\nHours=09:00-17:00\n", 0 },
                /* Not: Target is a cap on the date, or on each stretch. */
                { __LINE__, "[Rule a]\nHours=09:00-12:00\nTarget=2\n[Rule b]\nHours=13:00-17:00\n", 9 },
                { __LINE__, "[Rule a]\nHours=09:00-12:00\nTarget=2\n[Rule b]\nHours=13:00-17:00\nTarget=3\n",
                                5 },
                { __LINE__, "[Rule a]\nHours=09:00-10:00;11:00-12:00\nTarget=3\n", 3 },
                /* Not: Target gives what does not fit. */
                { __LINE__, "[Rule a]\nHours=09:00-10:00\nTarget=9\n", 2 },
                /* Not: a window over midnight counts for both dates, or for the one it ends on. */
                { __LINE__, "[Rule a]\nDays=Mon\nHours=23:00-01:00\n", 4 },
                { __LINE__, "[Rule a]\nDays=Sun\nHours=23:00-01:00\n", 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Asked *asked = ask(table[i].rules, "UTC");

                CHECK_INT(table[i].line, capacity_of(asked->calendar, "2026-05-04"), table[i].pomodoros);
                asked_done(asked);
        }
}

/* The user's own lengths. */
static void test_capacity_settings(void) {
        Asked *asked = ask("[Rule s]\nHours=09:00-12:00\n", "UTC");
        Settings settings;
        uint32_t pomodoros;
        Date date;

        settings_init(&settings);
        g_assert_cmpint(date_parse("2026-05-04", &date), ==, 0);
        g_assert_cmpint(settings_set(&settings, "pomodoro", "50m", NULL), ==, 0);
        g_assert_cmpint(settings_set(&settings, "short-break", "10m", NULL), ==, 0);
        g_assert_cmpint(calendar_capacity(asked->calendar, &settings, date, 0, &pomodoros), ==, 0);
        g_assert_cmpuint(pomodoros, ==, 3);
        g_assert_cmpint(settings_set(&settings, "long-break-every", "2", NULL), ==, 0);
        g_assert_cmpint(calendar_capacity(asked->calendar, &settings, date, 0, &pomodoros), ==, 0);
        g_assert_cmpuint(pomodoros, ==, 3);
        g_assert_cmpint(settings_set(&settings, "long-break", "30m", NULL), ==, 0);
        g_assert_cmpint(calendar_capacity(asked->calendar, &settings, date, 0, &pomodoros), ==, 0);
        g_assert_cmpuint(pomodoros, ==, 2);
        asked_done(asked);
}

/* ---- agenda, why, warnings ---- */

static int add_stretch(const Stretch *stretch, void *userdata) {
        char *from = utc_of(stretch->from_real_usec), *to = utc_of(stretch->to_real_usec);

        g_string_append_printf(userdata, "%s %s %.5s-%.5s\n", schedule_state_to_string(stretch->state),
                        stretch->window.rule->name, from + 11, to + 11);
        g_free(from);
        g_free(to);
        return 0;
}

static int stop_at_once(const Stretch *stretch, void *userdata) {
        (void) stretch;
        ++*(int *) userdata;
        return -ECANCELED;
}

static void test_agenda(void) {
        Asked *asked = ask(
                        AWAY "[Rule nights]\nDays=Mon\nPriority=1\nHours=22:00-02:00;09:00-17:00\n", "UTC");
        uint64_t from = instant("2026-05-04T09:30:00Z"), to = instant("2026-05-05T01:00:00Z");
        GString *text = g_string_new(NULL);
        int calls = 0;

        g_assert_cmpint(calendar_agenda(asked->calendar, from, to, add_stretch, text), ==, 0);
        /* Cut at both ends, around away, and in one piece over midnight. */
        g_assert_cmpstr(text->str, ==,
                        "window nights 09:30-10:00\naway dentist 10:00-11:00\nwindow nights 11:00-17:00\n"
                        "window nights 22:00-01:00\n");
        g_assert_cmpint(calendar_agenda(asked->calendar, from, to, stop_at_once, &calls), ==, -ECANCELED);
        g_assert_cmpint(calls, ==, 1);
        g_assert_cmpint(calendar_agenda(asked->calendar, from, from, stop_at_once, &calls), ==, 0);
        g_assert_cmpint(calls, ==, 1);
        g_string_free(text, TRUE);
        asked_done(asked);
}

static void test_out_of_range(void) {
        Asked *asked = ask(AWAY, "UTC");
        Schedule schedule;

        g_assert_cmpint(calendar_at(asked->calendar, UINT64_MAX, &schedule), ==, -ERANGE);
        g_assert_cmpint(calendar_look(asked->calendar, UINT64_MAX, &schedule), ==, -ERANGE);
        g_assert_cmpint(calendar_agenda(asked->calendar, 0, UINT64_MAX, add_stretch, NULL), ==, -ERANGE);
        g_assert_cmpint(calendar_at(asked->calendar, 0, &schedule), ==, 0);
        asked_done(asked);
}

static void test_why(void) {
        static const struct {
                int line;
                const char *rules, *at, *want;
        } table[] = {
                { __LINE__, SUMMER, "2026-07-01T15:00:00Z",
                                "off-hours: no window of the date's rules is open; summer governs the date, at other hours; afternoons is hidden: summer has the higher Priority; next: summer (pomodoro) from 2026-07-02 09:00" },
                { __LINE__, AWAY, "2026-05-04T10:30:00Z",
                                "away by dentist holds from 10:00 to 11:00; work is open too, but away comes first; next: work (pomodoro) from 11:00" },
                { __LINE__, "[Rule late]\nHours=10:00-12:00\n[Rule early]\nHours=09:00-17:00\n",
                                "2026-05-04T11:00:00Z",
                                "late (pomodoro) holds from 10:00 to 12:00; early is open too, but late began later; next: early (pomodoro) from 12:00" },
                { __LINE__, "", "2026-05-04T10:30:00Z", "free: no rule covers the date" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Asked *asked = ask(table[i].rules, "UTC");
                uint64_t at = instant(table[i].at);
                Schedule schedule;
                char *why;

                g_assert_cmpint(calendar_at(asked->calendar, at, &schedule), ==, 0);
                why = calendar_why(asked->calendar, at, &schedule);
                CHECK_STR(table[i].line, why, table[i].want);
                g_free(why);
                asked_done(asked);
        }
}

/* A sentence is there to be read, whatever the number of rules. */
static void test_why_many(void) {
        GString *text = g_string_new(NULL);
        Schedule schedule;
        Asked *asked;
        char *why;

        for (int i = 0; i < 1000; i++)
                g_string_append_printf(text, "[Rule rule %d]\nPriority=%d\n", i, i);
        asked = ask(text->str, "UTC");
        g_assert_cmpint(calendar_at(asked->calendar, instant(RIGHT_ON), &schedule), ==, 0);
        why = calendar_why(asked->calendar, instant(RIGHT_ON), &schedule);
        g_assert_cmpuint(strlen(why), <, 1000);
        g_assert_nonnull(strstr(why, "; and 991 more rules cover the date"));
        g_free(why);
        g_string_free(text, TRUE);
        asked_done(asked);
}

static void add_warning(const char *rule, const char *sentence, void *userdata) {
        g_string_append_printf(userdata, "%s: %s\n", rule, sentence);
}

static void test_warnings(void) {
        static const struct {
                int line;
                const char *rules, *want;
        } table[] = {
                { __LINE__, SUMMER, "" },
                { __LINE__, "[Rule a]\nDates=2020-01-01..2020-12-31\n",
                                "a: has no date in the next two years\n" },
                { __LINE__, "[Rule a]\nDays=Mon\nExcept=2026-05-04\nDates=2026-05-04..2026-05-10\n",
                                "a: has no date in the next two years\n" },
                { __LINE__, "[Rule a]\nHours=09:00-10:00\n[Rule b]\nPriority=1\nHours=11:00-12:00\n",
                                "a: never holds in the next two years: b hides it\n" },
                { __LINE__, "[Rule a]\nHours=09:00-10:00\n[Rule off]\nKind=away\nHours=08:00-11:00\n",
                                "a: never holds in the next two years: off hides it\n" },
                /* One that holds before another begins is not hidden. */
                { __LINE__, "[Rule a]\nHours=09:00-10:00\n[Rule b]\nHours=09:30-12:00\n", "" },
                /* Summer leaves no Wednesday of July and August; the months around keep enough or never had
                   it. */
                { __LINE__, "[Rule office]\nKind=office-day\nDays=Wed\nQuota=1/week\n[Rule summer]\nDates=07-01..08-31\nPriority=5\n",
                                "office: is short of its quota of 1 a week in 4 of the next 24 months, first in 2026-07: summer hides it\nsummer: hides the office day office, which is short of its quota of 1 a week from 2026-07 on\n" },
                /* Whoever has a part in it is named. */
                { __LINE__, "[Rule b]\nDays=Mon-Fri\nHours=09:00-12:00\n[Rule a]\nDays=Mon-Fri\nHours=09:00-12:00\n[Rule office]\nKind=office-day\nDays=Wed\n",
                                "b: never holds in the next two years: a and office hide it\n" },
                { __LINE__,
                                "[Rule office]\nKind=office-day\nDays=Wed\nQuota=1/week\n"
                                "[Rule trip]\nKind=away\nDates=07-01..07-31\n"
                                "[Rule summer]\nDates=08-01..08-31\nPriority=5\n",
                                "office: is short of its quota of 1 a week in 4 of the next 24 months, first in 2026-07: trip and summer hide it\n"
                                "trip: hides the office day office, which is short of its quota of 1 a week from 2026-07 on\n"
                                "summer: hides the office day office, which is short of its quota of 1 a week from 2026-07 on\n" },
                /* Work hides no absence, and a change of the clocks is nobody's rule. */
                { __LINE__,
                                "[Rule nights]\nDays=Thu-Sat\nHours=22:15:30-02:30\n"
                                "[Rule gap]\nKind=away\nDates=2027-03-28..2027-03-28\nHours=02:15-03:00\n",
                                "gap: never holds in the next two years: a change of the clocks leaves nothing of its hours\n" },
                { __LINE__, "[Rule a]\nHours=13:00-12:00\n",
                                "a: goes on from 13:00 to 12:00 of the next day, 23 hours; is the end before its start on purpose?\n" },
                { __LINE__, "[Rule a]\nHours=18:00-12:00\n", "" },
                /* A week without its office day is made up for in the month. */
                { __LINE__, "[Rule office]\nKind=office-day\nDays=Wed,Thu\nQuota=1/week\n[Rule trip]\nDates=2026-06-08..2026-06-14\nPriority=5\n",
                                "" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
                Asked *asked = ask(table[i].rules, "Europe/Berlin");
                GString *got = g_string_new(NULL);
                Date from;

                g_assert_cmpint(date_parse("2026-05-04", &from), ==, 0);
                g_assert_cmpint(calendar_warnings(asked->calendar, from, NULL, add_warning, got), ==, 0);
                CHECK_STR(table[i].line, got->str, table[i].want);
                g_string_free(got, TRUE);
                asked_done(asked);
        }
}

/* Of very many rules each is judged for itself, and it is said what is not. */
static void test_warnings_many(void) {
        GString *text = g_string_new("[Rule gone]\nDates=2020-01-01..2020-01-02\n"),
                *got = g_string_new(NULL);
        Asked *asked;
        Date from;

        for (unsigned i = 0; i < CAP_RULES_JUDGED; i++)
                g_string_append_printf(text, "[Rule r%u]\nPriority=%u\n", i, i);
        asked = ask(text->str, "UTC");
        g_assert_cmpint(date_parse("2026-05-04", &from), ==, 0);
        g_assert_cmpint(calendar_warnings(asked->calendar, from, NULL, add_warning, got), ==, 0);
        g_assert_cmpstr(got->str, ==,
                        "gone: has no date in the next two years\n"
                        ": of more than 250 rules it is not judged which hide which\n");
        g_string_free(got, TRUE);
        g_string_free(text, TRUE);
        asked_done(asked);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_assert_cmpint(argc, ==, 2);
        folder = argv[1];
        g_test_add_func("/calendar/freelancer", test_freelancer);
        g_test_add_func("/calendar/night-owl", test_night_owl);
        g_test_add_func("/calendar/capacity-table", test_capacity_table);
        g_test_add_func("/calendar/readings", test_readings);
        g_test_add_func("/calendar/capacity", test_capacity);
        g_test_add_func("/calendar/capacity-settings", test_capacity_settings);
        g_test_add_func("/calendar/agenda", test_agenda);
        g_test_add_func("/calendar/out-of-range", test_out_of_range);
        g_test_add_func("/calendar/why", test_why);
        g_test_add_func("/calendar/why-many", test_why_many);
        g_test_add_func("/calendar/warnings", test_warnings);
        g_test_add_func("/calendar/warnings-many", test_warnings_many);
        return g_test_run();
}
