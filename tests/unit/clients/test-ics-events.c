/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <stdlib.h>

#include "clients/ics/events.h"
#include "clients/ics/source.h"
#include "tests/unit/check.h"

#define NOW 1782900000 /* 2026-07-01 10:00 UTC */

static void zone(const char *name) {
        g_setenv("TZ", name, TRUE);
        tzset();
}

static int read_text(const char *text, size_t n, IcsEvents *ret_events, char sentence[ICS_SENTENCE_MAX]) {
        GString *unfolded;
        int r;

        r = source_unfold(text, n, &unfolded, sentence);
        if (r < 0)
                return r;
        r = ics_events_read(unfolded->str, NOW, ret_events, sentence);
        g_string_free(unfolded, TRUE);
        return r;
}

static void civil_format(Civil civil, GString *text) {
        char day[DATE_TEXT_MAX];
        int sec = (int) (civil - civil_day(civil) * ICS_DAY);

        g_string_append(text, date_format(civil_day(civil), day));
        if (sec != 0)
                g_string_append_printf(text, "T%02d:%02d", sec / 3600, sec / 60 % 60);
}

static char *show(const IcsEvents *events) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < events->events->len; i++) {
                const IcsEvent *event = g_ptr_array_index(events->events, i);

                g_string_append_printf(text, "%.12s:", event->summary);
                for (guint k = 0; k < event->spans->len; k++) {
                        g_string_append_c(text, ' ');
                        civil_format(g_array_index(event->spans, IcsSpan, k).from, text);
                        g_string_append(text, "..");
                        civil_format(g_array_index(event->spans, IcsSpan, k).to, text);
                }
                g_string_append_c(text, '\n');
        }
        return g_string_free(text, FALSE);
}

static void test_programs(void) {
        static const struct {
                int line;
                const char *file, *zone, *name, *shown;
                unsigned endless, empty, outside;
        } cases[] = {
                { __LINE__, "google", "Europe/Berlin", "Anna Müller",
                                "Sommerferien: 2026-08-03..2026-08-15\n"
                                "Steuer: 2026-07-01T09:00..2026-07-01T12:00 2026-07-08T09:00..2026-07-08T12:00 2026-07-23T14:00..2026-07-23T17:00 2026-07-29T09:00..2026-07-29T12:00 2026-08-05T09:00..2026-08-05T12:00\n"
                                "Nachtbus: 2026-07-11..2026-07-11T02:30\n",
                                0, 0, 0 },
                { __LINE__, "evolution", "Europe/Berlin", NULL,
                                "Physiotherap: 2026-07-06T08:30..2026-07-06T10:00 2026-07-13T08:30..2026-07-13T10:00 2026-07-21T08:30..2026-07-21T10:00 2026-08-03T08:30..2026-08-03T10:00 2026-08-10T08:30..2026-08-10T10:00\n"
                                "Geburtstag: 2026-07-17..2026-07-18 2027-07-17..2027-07-18\n",
                                1, 0, 0 },
                { __LINE__, "thunderbird", "Europe/Berlin", NULL,
                                "Kurs: 2026-07-31T13:00..2026-07-31T17:00 2026-08-18T10:00..2026-08-18T11:30 2026-09-25T13:00..2026-09-25T17:00 2026-10-30T13:00..2026-10-30T17:00\n"
                                "Umzug: 2026-09-11..2026-09-12\n",
                                0, 1, 1 },
                { __LINE__, "apple", "Europe/Berlin", "Arbeit",
                                "Call with Bo: 2026-07-07T20:00..2026-07-07T21:30 2026-07-14T20:00..2026-07-14T21:30 2026-07-21T20:00..2026-07-21T21:30\n"
                                "Flug: 2026-09-18T16:00..2026-09-21T10:00\n",
                                0, 0, 0 },
                /* The same in another zone: what has a zone moves, what has none stays. */
                { __LINE__, "apple", "Asia/Kolkata", "Arbeit",
                                "Call with Bo: 2026-07-07T23:30..2026-07-08T01:00 2026-07-14T23:30..2026-07-15T01:00 2026-07-21T23:30..2026-07-22T01:00\n"
                                "Flug: 2026-09-18T16:00..2026-09-21T10:00\n",
                                0, 0, 0 },
                { __LINE__, "outlook", "Europe/Berlin", NULL,
                                "Büro: 2026-10-23T08:00..2026-10-23T12:00 2026-10-30T08:00..2026-10-30T12:00\n"
                                "Werkstatt: 2026-09-01T08:00..2026-09-01T09:00 2026-09-02T08:00..2026-09-02T09:00 2026-09-03T08:00..2026-09-03T09:00 2026-09-04T10:00..2026-09-04T12:00 2026-09-05T10:00..2026-09-05T12:00\n",
                                0, 0, 0 },
        };
        char sentence[ICS_SENTENCE_MAX] = "";

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char *path = g_strdup_printf("%s/%s.ics", ICS_SAMPLES, cases[i].file), *shown;
                IcsEvents events;
                GString *bytes;

                zone(cases[i].zone);
                g_assert_cmpint(source_read(path, &bytes, sentence), ==, 0);
                CHECK_INT(cases[i].line, read_text(bytes->str, bytes->len, &events, sentence), 0);
                CHECK_STR(cases[i].line, sentence, "");
                shown = show(&events);
                CHECK_STR(cases[i].line, shown, cases[i].shown);
                CHECK_STR(cases[i].line, events.name, cases[i].name);
                CHECK_INT(cases[i].line, events.endless, cases[i].endless);
                CHECK_INT(cases[i].line, events.empty, cases[i].empty);
                CHECK_INT(cases[i].line, events.outside, cases[i].outside);
                g_free(shown);
                ics_events_done(&events);
                g_string_free(bytes, TRUE);
                g_free(path);
        }
}

#define CALENDAR(lines)                                                                               \
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\nBEGIN:VEVENT\nUID:a\nSUMMARY:Busy\n" lines \
        "END:VEVENT\nEND:VCALENDAR\n"

/* Single rules of the format, each in the zone of Berlin. */
static void test_events(void) {
        static const struct {
                int line;
                const char *text, *shown;
        } cases[] = {
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nDURATION:PT30M\n"),
                                "Busy: 2026-07-01T12:00..2026-07-01T12:30\n" },
                { __LINE__, CALENDAR("DTSTART;VALUE=DATE:20260701\nDURATION:P1W\n"),
                                "Busy: 2026-07-01..2026-07-08\n" },
                { __LINE__, CALENDAR("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260701\n"),
                                "Busy: 2026-07-01..2026-07-02\n" },
                /* Three times a day is three windows; the date of an exception takes all of it out. */
                { __LINE__,
                                CALENDAR("DTSTART:20260701T080000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;BYHOUR=8,12;COUNT=4\nEXDATE;VALUE=DATE:20260702\n"),
                                "Busy: 2026-07-01T08:00..2026-07-01T09:00 2026-07-01T12:00..2026-07-01T13:00\n" },
                { __LINE__,
                                CALENDAR("DTSTART;VALUE=DATE:20260706\nRRULE:FREQ=DAILY;COUNT=4\n"
                                         "EXDATE;VALUE=DATE:20260707,20260708\n"),
                                "Busy: 2026-07-06..2026-07-07 2026-07-09..2026-07-10\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20260706T100000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;UNTIL=20260707\n"),
                                "Busy: 2026-07-06T10:00..2026-07-06T11:00 2026-07-07T10:00..2026-07-07T11:00\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20260706T100000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260707T080000Z\nEXDATE:20260708T100000\n"),
                                "Busy: 2026-07-06T10:00..2026-07-06T11:00\n" },
                /* Zones that are only named, as programs name them. */
                { __LINE__, CALENDAR("DTSTART;TZID=/mozilla.org/20050126_1/Asia/Tokyo:20260706T100000\nDURATION:PT1H\n"),
                                "Busy: 2026-07-06T03:00..2026-07-06T04:00\n" },
                { __LINE__, CALENDAR("DTSTART;TZID=UTC:20260706T100000\nDURATION:PT1H\n"),
                                "Busy: 2026-07-06T12:00..2026-07-06T13:00\n" },
                /* An hour of work lasts an hour where the clock is set; a day is a day of the clock. */
                { __LINE__, CALENDAR("DTSTART;TZID=Europe/Berlin:20261024T220000\nDURATION:PT8H\n"),
                                "Busy: 2026-10-24T22:00..2026-10-25T05:00\n" },
                { __LINE__, CALENDAR("DTSTART;TZID=Europe/Berlin:20261024T220000\nDURATION:P1D\n"),
                                "Busy: 2026-10-24T22:00..2026-10-25T22:00\n" },
                /* A time that the clock skips is as late after the gap as it was in it. */
                { __LINE__, CALENDAR("DTSTART;TZID=Europe/Berlin:20270328T023000\nDURATION:PT1H\n"),
                                "Busy: 2027-03-28T03:30..2027-03-28T04:30\n" },
                /* Only that one is: those after it are as they are written, and can be taken out as written.
                 */
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20270327T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;COUNT=4\n"
                                         "EXDATE;TZID=Europe/Berlin:20270329T023000\n"),
                                "Busy: 2027-03-27T02:30..2027-03-27T03:30 2027-03-28T03:30..2027-03-28T04:30 2027-03-30T02:30..2027-03-30T03:30\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20270327T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;COUNT=4\n"
                                         "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2\n"),
                                "Busy: 2027-03-28T03:30..2027-03-28T04:30 2027-03-30T02:30..2027-03-30T03:30\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20270327T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;COUNT=4\n"
                                         "EXRULE:FREQ=DAILY;COUNT=3\n"),
                                "Busy: 2027-03-30T02:30..2027-03-30T03:30\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20270321T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=WEEKLY;COUNT=3\n"),
                                "Busy: 2027-03-21T02:30..2027-03-21T03:30 2027-03-28T03:30..2027-03-28T04:30 2027-04-04T02:30..2027-04-04T03:30\n" },
                /* 07:30 UTC is the half past two that New York skips, and 06:30 UTC that of the day after. */
                { __LINE__,
                                CALENDAR("DTSTART;TZID=America/New_York:20270313T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;COUNT=3\n"),
                                "Busy: 2027-03-13T08:30..2027-03-13T09:30 2027-03-14T08:30..2027-03-14T09:30 2027-03-15T07:30..2027-03-15T08:30\n" },
                /* An end in UTC is an instant: to the second, on either side of midnight and in a gap. */
                { __LINE__,
                                CALENDAR("DTSTART;TZID=America/New_York:20270312T223000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;UNTIL=20270315T023000Z\n"),
                                "Busy: 2027-03-13T04:30..2027-03-13T05:30 2027-03-14T04:30..2027-03-14T05:30 2027-03-15T03:30..2027-03-15T04:30\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=America/New_York:20270312T223000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;UNTIL=20270315T022959Z\n"),
                                "Busy: 2027-03-13T04:30..2027-03-13T05:30 2027-03-14T04:30..2027-03-14T05:30\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20270327T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;UNTIL=20270328T013000Z\n"),
                                "Busy: 2027-03-27T02:30..2027-03-27T03:30 2027-03-28T03:30..2027-03-28T04:30\n" },
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20270327T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;UNTIL=20270328T012959Z\n"),
                                "Busy: 2027-03-27T02:30..2027-03-27T03:30\n" },
                /* The hour that comes twice: the first is meant, and the end lies in the second. */
                { __LINE__,
                                CALENDAR("DTSTART;TZID=Europe/Berlin:20261024T023000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;UNTIL=20261025T011500Z\n"),
                                "Busy: 2026-10-24T02:30..2026-10-24T03:30 2026-10-25T02:30..2026-10-25T03:30\n" },
                { __LINE__,
                                CALENDAR("DTSTART:20260706T100000\nDURATION:PT1H\n"
                                         "RRULE:FREQ=DAILY;UNTIL=20260707T080000Z\n"),
                                "Busy: 2026-07-06T10:00..2026-07-06T11:00 2026-07-07T10:00..2026-07-07T11:00\n" },
                { __LINE__, CALENDAR("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\n"),
                                "Busy: 2028-02-29..2028-03-01\n" },
                /* Begun long ago and not over; over; too far away. */
                { __LINE__, CALENDAR("DTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:20300101\n"),
                                "Busy: 2020-01-01..2030-01-01\n" },
                { __LINE__, CALENDAR("DTSTART;VALUE=DATE:20260629\nDTEND;VALUE=DATE:20260701\n"), "" },
                { __LINE__, CALENDAR("DTSTART;VALUE=DATE:20290101\n"), "" },
                { __LINE__, "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "" },
                /* An instance that was moved, of an event that is not in the file. */
                { __LINE__, CALENDAR("RECURRENCE-ID:20260701T080000Z\nDTSTART:20260702T080000Z\nDTEND:20260702T090000Z\n"),
                                "Busy: 2026-07-02T10:00..2026-07-02T11:00\n" },
        };
        char sentence[ICS_SENTENCE_MAX] = "";

        zone("Europe/Berlin");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                IcsEvents events;
                char *shown;
                int r = read_text(cases[i].text, strlen(cases[i].text), &events, sentence);

                CHECK_INT(cases[i].line, r, 0);
                CHECK_STR(cases[i].line, sentence, "");
                if (r < 0)
                        continue;
                shown = show(&events);
                CHECK_STR(cases[i].line, shown, cases[i].shown);
                g_free(shown);
                ics_events_done(&events);
        }
}

static void test_bad_events(void) {
        static const struct {
                int line;
                const char *text, *part; /* of the sentence */
        } cases[] = {
                { __LINE__,
                                CALENDAR("DTSTART:20260701T120000\nRRULE:FREQ=SECONDLY;COUNT=1000000000\n"
                                         "DURATION:PT1S\n"),
                                "the event \"Busy\": it recurs every second" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nRRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30\nDURATION:PT1S\n"),
                                "it recurs every minute" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nRRULE:FREQ=HOURLY\nDURATION:PT1M\n"),
                                "more than 10000 instances within two years" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nRRULE:FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\nDURATION:PT1M\n"),
                                "it recurs 51 times a day, and 48 are the most" },
                { __LINE__, CALENDAR("DTSTART:00010101T120000\nRRULE:FREQ=HOURLY\nDURATION:PT1M\n"),
                                "takes too long to follow" },
                { __LINE__, CALENDAR("DTSTART;VALUE=DATE:20260701\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"),
                                "its RRULE asks for what cannot be" },
                { __LINE__, CALENDAR("DTSTART:20260230T120000\nDURATION:PT1M\n"), "its DTSTART" },
                { __LINE__, CALENDAR("DTSTART:tomorrow\nDURATION:PT1M\n"),
                                "its DTSTART cannot be understood: \"tomorrow\"" },
                { __LINE__, CALENDAR("DURATION:PT1M\n"), "it has no DTSTART" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nRRULE:FREQ=NEVER\nDURATION:PT1M\n"),
                                "its RRULE cannot be understood" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nDTEND:20260701T110000\n"),
                                "it ends before it begins" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nDTEND;VALUE=DATE:20260702\n"),
                                "one of DTSTART and DTEND is a date" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nDURATION:-PT1H\n"),
                                "its DURATION is negative" },
                { __LINE__, CALENDAR("DTSTART;TZID=Mars/Olympus:20260701T120000\nDURATION:PT1H\n"),
                                "the zone \"Mars/Olympus\"" },
                { __LINE__, CALENDAR("DTSTART:20260701T120000\nDURATION:PT1H\nEXDATE:soon\n"),
                                "its EXDATE cannot be understood" },
        };
        char sentence[ICS_SENTENCE_MAX];

        zone("Europe/Berlin");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                IcsEvents events = {};

                sentence[0] = '\0';
                CHECK_INT(cases[i].line, read_text(cases[i].text, strlen(cases[i].text), &events, sentence),
                                -EINVAL);
                if (!strstr(sentence, cases[i].part))
                        check_failed("line %d: \"%s\" does not say: %s", cases[i].line, sentence,
                                        cases[i].part);
                CHECK(cases[i].line, !events.events);
                ics_events_done(&events);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ics-events/programs", test_programs);
        g_test_add_func("/ics-events/events", test_events);
        g_test_add_func("/ics-events/bad", test_bad_events);
        return g_test_run();
}
