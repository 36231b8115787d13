/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <libical/ical.h>
#include <string.h>

#include "clients/ics/calendar-text.h"
#include "clients/ics/source.h"
#include "clients/ics/when.h"
#include "tests/unit/check.h"

#define NOW  1782900000 /* 2026-07-01 10:00 UTC */
#define HOUR 3600
#define YEAR (366 * (time_t) ICS_DAY)

static void zone(const char *name) {
        g_setenv("TZ", name, TRUE);
        tzset();
}

static void add(GPtrArray *stretches, const char *rule, const char *kind, time_t from, time_t to) {
        IcsStretch *s = g_new0(IcsStretch, 1);
        char date[DATE_TEXT_MAX];

        s->rule = g_strdup(rule);
        s->kind = g_strdup(kind);
        s->mode = g_strdup("pomodoro");
        s->date = g_strdup(date_format(civil_day(civil_from_time(from)), date));
        s->from_usec = (uint64_t) from * 1000000;
        s->to_usec = (uint64_t) to * 1000000;
        g_ptr_array_add(stretches, s);
}

static GPtrArray *stretches_new(void) {
        return g_ptr_array_new_with_free_func((GDestroyNotify) ics_stretch_free);
}

/* Read again by the zones of the text alone: under the names that no computer knows. */
static void check_instants(int line, const char *text, const GPtrArray *stretches) {
        icalcomponent *calendar = icalparser_parse_string(text), *event;
        guint i = 0;

        g_assert_nonnull(calendar);
        for (event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
                        event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT), i++) {
                const IcsStretch *s = g_ptr_array_index(stretches, i);
                icalproperty *start = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
                icalproperty *end = icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY);
                char sentence[ICS_SENTENCE_MAX] = "";
                When from, to;

                CHECK_INT(line,
                                when_read(calendar, start, icalproperty_get_dtstart(start), "e", &from,
                                                sentence),
                                0);
                CHECK_INT(line, when_read(calendar, end, icalproperty_get_dtend(end), "e", &to, sentence), 0);
                CHECK_STR(line, sentence, "");
                CHECK_INT(line, when_key(&from), s->from_usec / 1000000);
                CHECK_INT(line, when_key(&to), s->to_usec / 1000000);
        }
        CHECK_INT(line, i, stretches->len);
        icalcomponent_free(calendar);
}

static char *replaced(const char *text, const char *what, const char *with) {
        char **parts = g_strsplit(text, what, -1), *made = g_strjoinv(with, parts);

        g_strfreev(parts);
        return made;
}

/* Every 25 hours of two years, so that all of the clock's hours and changes come along. */
static void test_zones(void) {
        static const char *const zones[] = { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                "Asia/Kolkata", "Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "Asia/Tokyo", "UTC",
                "Europe/Dublin" };

        for (size_t i = 0; i < G_N_ELEMENTS(zones); i++) {
                GPtrArray *stretches = stretches_new();
                IcsWriter writer = {
                        .zone = zones[i], .owner = "me", .now = NOW, .from = NOW - YEAR, .to = NOW + YEAR
                };
                char *text, *unknown;

                zone(zones[i]);
                for (time_t t = NOW - YEAR + HOUR; t < NOW + YEAR - 2 * HOUR; t += 25 * HOUR)
                        add(stretches, "all", "work", t, t + 90 * 60);
                text = ics_calendar_write(&writer, stretches);
                unknown = replaced(text, zones[i], "Nowhere/At-All");
                g_test_message("%s", zones[i]);
                check_instants(__LINE__, unknown, stretches);
                g_free(unknown);
                g_free(text);
                g_ptr_array_unref(stretches);
        }
}

static unsigned count(const char *text, const char *what) {
        unsigned n = 0;

        while ((text = strstr(text, what))) {
                n++;
                text += strlen(what);
        }
        return n;
}

static char *uid_of(const char *text, unsigned n) {
        const char *at = text;

        for (unsigned i = 0; i <= n; i++)
                at = strstr(at, "\nUID:") + 5;
        return g_strndup(at, strcspn(at, "\r"));
}

static void test_words(void) {
        const time_t midnight = NOW - 12 * HOUR; /* of Berlin in summer */
        IcsWriter writer = {
                .zone = "Europe/Berlin", .owner = "me", .now = NOW, .from = midnight, .to = NOW + YEAR
        };
        GPtrArray *stretches = stretches_new();
        char *text, *later, *uid, *uid_later;

        zone("Europe/Berlin");
        add(stretches, "over", "work", midnight - 9 * HOUR, midnight - 6 * HOUR);
        add(stretches, "Büro; oben, links", "office-day", midnight + 9 * HOUR, midnight + 12 * HOUR);
        add(stretches, "Büro; oben, links", "office-day", midnight + 13 * HOUR, midnight + 17 * HOUR);
        add(stretches, "mornings", "work", midnight + ICS_DAY + 9 * HOUR, midnight + ICS_DAY + 10 * HOUR);
        add(stretches, "mornings", "work", midnight + ICS_DAY + 10 * HOUR,
                        midnight + ICS_DAY + 12 * HOUR); /* cut in two */
        add(stretches, "closed", "away", midnight + 2 * ICS_DAY, midnight + 3 * ICS_DAY);
        add(stretches, "closed", "away", midnight + 3 * ICS_DAY, midnight + 4 * ICS_DAY);
        text = ics_calendar_write(&writer, stretches);
        g_assert_cmpuint(count(text, "BEGIN:VEVENT"), ==, 4);
        g_assert_cmpuint(count(text, "BEGIN:VTIMEZONE"), ==, 1);
        g_assert_nonnull(strstr(text, "DTSTART;TZID=Europe/Berlin:20260701T090000\r\n"));
        g_assert_nonnull(strstr(text, "SUMMARY:Büro\\; oben\\, links\r\nCATEGORIES:office-day\r\n"));
        g_assert_cmpuint(count(text, "TRANSP:OPAQUE\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n"), ==, 2);
        g_assert_cmpuint(count(text, "TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"), ==, 1);
        g_assert_cmpuint(count(text, "TRANSP:OPAQUE\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\r\n"), ==, 1);
        g_assert_nonnull(strstr(text, "DTEND;TZID=Europe/Berlin:20260702T120000\r\n"));
        g_assert_nonnull(strstr(text, "DTSTART;VALUE=DATE:20260703\r\nDTEND;VALUE=DATE:20260705\r\n"));

        /* Later hours of the same window of the same date update it; so does the export of tomorrow. */
        uid = uid_of(text, 0);
        ((IcsStretch *) g_ptr_array_index(stretches, 1))->from_usec += 1800 * 1000000ULL;
        writer.now += ICS_DAY;
        later = ics_calendar_write(&writer, stretches);
        uid_later = uid_of(later, 0);
        g_assert_cmpstr(uid, ==, uid_later);
        g_assert_true(g_str_has_suffix(uid, "@pomod"));
        g_assert_false(ics_calendar_same(text, later));
        ((IcsStretch *) g_ptr_array_index(stretches, 1))->from_usec -= 1800 * 1000000ULL;
        g_free(later);
        later = ics_calendar_write(&writer, stretches);
        g_assert_cmpstr(text, !=, later);
        g_assert_true(ics_calendar_same(text, later));
        g_free(later);
        g_free(uid_later);

        /* Somebody else's window is another event; one kind alone is only that. */
        writer.owner = "you";
        writer.only = "office-day";
        later = ics_calendar_write(&writer, stretches);
        g_assert_cmpuint(count(later, "BEGIN:VEVENT"), ==, 2);
        uid_later = uid_of(later, 0);
        g_assert_cmpstr(uid, !=, uid_later);
        g_free(uid_later);
        g_free(later);
        g_free(uid);
        g_free(text);
        g_ptr_array_unref(stretches);
}

/* A clock that has no name is told in UTC. */
static void test_nameless(void) {
        IcsWriter writer = { .owner = "me", .now = NOW, .from = NOW - YEAR, .to = NOW + YEAR };
        GPtrArray *stretches = stretches_new();
        char *text;

        zone("XXX-1:23YYY,M3.5.0,M10.5.0/3");
        add(stretches, "a", "work", NOW, NOW + HOUR);
        text = ics_calendar_write(&writer, stretches);
        g_assert_nonnull(strstr(text, "DTSTART:20260701T100000Z\r\n"));
        g_assert_null(strstr(text, "VTIMEZONE"));
        check_instants(__LINE__, text, stretches);
        g_free(text);
        g_ptr_array_unref(stretches);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ics-calendar/zones", test_zones);
        g_test_add_func("/ics-calendar/words", test_words);
        g_test_add_func("/ics-calendar/nameless", test_nameless);
        return g_test_run();
}
