/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/calendar-text.h"

#include <libical/ical.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/duration.h"

void ics_stretch_free(IcsStretch *stretch) {
        if (!stretch)
                return;
        g_free(stretch->rule);
        g_free(stretch->kind);
        g_free(stretch->mode);
        g_free(stretch->date);
        g_free(stretch);
}

/* ---- windows out of stretches ---- */

typedef struct IcsWindow {
        const IcsStretch *stretch; /* the first of it */
        time_t from, to;
        bool all_day;
        unsigned n; /* of its rule and date: the first is 0 */
} IcsWindow;

static bool is_whole(time_t from, time_t to) {
        return civil_from_time(from) % ICS_DAY == 0 && civil_from_time(to) % ICS_DAY == 0;
}

/* The next piece of the same window, or the next day of the same absence. */
static bool joins(const IcsWindow *window, const IcsStretch *next, time_t from, time_t to) {
        const IcsStretch *s = window->stretch;

        if (window->to != from || strcmp(s->rule, next->rule) != 0)
                return false;
        if (strcmp(s->date, next->date) == 0)
                return true;
        return strcmp(s->kind, "away") == 0 && is_whole(window->from, window->to) && is_whole(from, to);
}

static GArray *windows_make(const IcsWriter *writer, const GPtrArray *stretches) {
        GArray *windows = g_array_new(FALSE, FALSE, sizeof(IcsWindow));
        g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        guint kept = 0;

        for (guint i = 0; i < stretches->len; i++) {
                const IcsStretch *s = g_ptr_array_index(stretches, i);
                time_t from = (time_t) (s->from_usec / USEC_PER_SEC),
                       to = (time_t) (s->to_usec / USEC_PER_SEC);
                IcsWindow *last = windows->len > 0 ? &g_array_index(windows, IcsWindow, windows->len - 1)
                                                   : NULL;
                IcsWindow window = { .stretch = s, .from = from, .to = to };
                char *key;

                if (writer->only && strcmp(writer->only, s->kind) != 0)
                        continue;
                if (last && joins(last, s, from, to)) {
                        last->to = to;
                        continue;
                }
                key = g_strconcat(s->date, " ", s->rule, NULL);
                window.n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, key));
                g_hash_table_replace(counts, key, GUINT_TO_POINTER(window.n + 1));
                g_array_append_val(windows, window);
        }
        for (guint i = 0; i < windows->len; i++) {
                IcsWindow *window = &g_array_index(windows, IcsWindow, i);

                window->all_day = is_whole(window->from, window->to);
                if (window->to > writer->from && window->from < writer->to)
                        g_array_index(windows, IcsWindow, kept++) = *window;
        }
        g_array_set_size(windows, kept);
        return windows;
}

/* ---- components ---- */

/* The same window has the same one tomorrow, whatever its hours have become by then. */
static char *uid_make(const IcsWriter *writer, const IcsWindow *window) {
        g_autofree char *what = g_strdup_printf("%s\n%s\n%s\n%u", writer->owner, window->stretch->rule,
                        window->stretch->date, window->n);
        g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, what, -1);

        return g_strdup_printf("%.32s@pomod", sum);
}

static icaltimetype civil_as_ical(Civil civil, bool is_date) {
        icaltimetype t = icaltime_null_time();
        time_t seconds = (time_t) civil;
        struct tm tm;

        gmtime_r(&seconds, &tm);
        t.year = tm.tm_year + 1900;
        t.month = tm.tm_mon + 1;
        t.day = tm.tm_mday;
        t.is_date = is_date;
        if (!is_date) {
                t.hour = tm.tm_hour;
                t.minute = tm.tm_min;
                t.second = tm.tm_sec;
        }
        return t;
}

static void add_time(icalcomponent *event, icalproperty_kind kind, time_t t, const IcsWriter *writer,
                bool all_day) {
        Civil civil = civil_from_time(t);
        icalproperty *property = icalproperty_new(kind);

        if (all_day || (writer->zone && civil_to_time(civil) == t)) {
                icalproperty_set_value(
                                property, all_day ? icalvalue_new_date(civil_as_ical(civil, true))
                                                  : icalvalue_new_datetime(civil_as_ical(civil, false)));
                if (all_day)
                        icalproperty_add_parameter(property, icalparameter_new_value(ICAL_VALUE_DATE));
                else
                        icalproperty_add_parameter(property, icalparameter_new_tzid(writer->zone));
        } else
                /* A clock that shows a time twice means the first: the second has a name in UTC alone. */
                icalproperty_set_value(property, icalvalue_new_datetime(icaltime_from_timet_with_zone(
                                                                 t, 0, icaltimezone_get_utc_timezone())));
        icalcomponent_add_property(event, property);
}

static void add_x(icalcomponent *component, const char *name, const char *value) {
        icalproperty *property = icalproperty_new_x(value);

        icalproperty_set_x_name(property, name);
        icalcomponent_add_property(component, property);
}

static icalcomponent *event_make(const IcsWriter *writer, const IcsWindow *window) {
        const IcsStretch *s = window->stretch;
        bool away = strcmp(s->kind, "away") == 0, office_day = strcmp(s->kind, "office-day") == 0;
        icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
        g_autofree char *uid = uid_make(writer, window);

        icalcomponent_add_property(event, icalproperty_new_uid(uid));
        icalcomponent_add_property(event, icalproperty_new_dtstamp(icaltime_from_timet_with_zone(
                                                          writer->now, 0, icaltimezone_get_utc_timezone())));
        add_time(event, ICAL_DTSTART_PROPERTY, window->from, writer, window->all_day);
        add_time(event, ICAL_DTEND_PROPERTY, window->to, writer, window->all_day);
        icalcomponent_add_property(event, icalproperty_new_summary(s->rule));
        icalcomponent_add_property(event, icalproperty_new_categories(s->kind));
        if (!away && *s->mode)
                icalcomponent_add_property(event, icalproperty_new_description(s->mode));
        icalcomponent_add_property(event,
                        icalproperty_new_transp(
                                        away || office_day ? ICAL_TRANSP_OPAQUE : ICAL_TRANSP_TRANSPARENT));
        add_x(event, "X-MICROSOFT-CDO-BUSYSTATUS", away ? "OOF" : office_day ? "BUSY" : "FREE");
        return event;
}

/* ---- the zone ---- */

static struct tm local(time_t t) {
        struct tm tm = {};

        localtime_r(&t, &tm);
        return tm;
}

static bool differs(const struct tm *a, const struct tm *b) {
        return a->tm_gmtoff != b->tm_gmtoff || a->tm_isdst != b->tm_isdst ||
               strcmp(a->tm_zone, b->tm_zone) != 0;
}

/* The first second at which the clock is another than at `low`; it is at `high`. */
static time_t change_between(time_t low, time_t high) {
        struct tm before = local(low);

        while (high - low > 1) {
                time_t middle = low + (high - low) / 2;
                struct tm tm = local(middle);

                if (differs(&before, &tm))
                        high = middle;
                else
                        low = middle;
        }
        return high;
}

static void add_observance(
                icalcomponent *zone, const char *start, long offset_before, const struct tm *after) {
        icalcomponent *c = icalcomponent_new(
                        after->tm_isdst > 0 ? ICAL_XDAYLIGHT_COMPONENT : ICAL_XSTANDARD_COMPONENT);

        icalcomponent_add_property(c, icalproperty_new_dtstart(icaltime_from_string(start)));
        icalcomponent_add_property(c, icalproperty_new_tzoffsetfrom((int) offset_before));
        icalcomponent_add_property(c, icalproperty_new_tzoffsetto((int) after->tm_gmtoff));
        icalcomponent_add_property(c, icalproperty_new_tzname(after->tm_zone));
        icalcomponent_add_component(zone, c);
}

/*
 * A VTIMEZONE of the zone of the process (TZ), from before `from` to a year after `to`. Made of what the
 * system's own zone does, change by change and only so far: what libical has for a zone goes back to 1893, is
 * worked out of the same files by another reading of them, and is 200 lines for Berlin.
 */
static icalcomponent *zone_component(const char *name, time_t from, time_t to) {
        icalcomponent *zone =
                        icalcomponent_vanew(ICAL_VTIMEZONE_COMPONENT, icalproperty_new_tzid(name), NULL);
        time_t t = from - 2 * ICS_DAY, end = to + 366 * (time_t) ICS_DAY;
        struct tm before = local(t);
        char start[32];

        /* What holds at first has held since ever: no time lies before the first observance. */
        add_observance(zone, "19700101T000000", before.tm_gmtoff, &before);
        for (; t < end; t += ICS_DAY) {
                struct tm after = local(t + ICS_DAY), written;
                time_t change, civil;

                if (!differs(&before, &after))
                        continue;
                change = change_between(t, t + ICS_DAY);
                after = local(change);
                civil = change + before.tm_gmtoff;
                gmtime_r(&civil, &written);
                strftime(start, sizeof(start), "%Y%m%dT%H%M%S", &written);
                add_observance(zone, start, before.tm_gmtoff, &after);
                before = after;
                t = change - ICS_DAY;
        }
        return zone;
}

/* ---- the calendar ---- */

char *ics_calendar_write(const IcsWriter *writer, const GPtrArray *stretches) {
        g_autoptr(GArray) windows = windows_make(writer, stretches);
        icalcomponent *calendar;
        char *text, *made;

        calendar = icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
                        icalproperty_new_prodid("-//pomod//pomoctl " POMOD_VERSION "//EN"),
                        icalproperty_new_calscale("GREGORIAN"), icalproperty_new_method(ICAL_METHOD_PUBLISH),
                        NULL);
        add_x(calendar, "X-WR-CALNAME", "pomod");
        if (writer->zone) {
                time_t first = writer->from, last = writer->to;

                /* An absence may have begun long before. */
                for (guint i = 0; i < windows->len; i++) {
                        first = MIN(first, g_array_index(windows, IcsWindow, i).from);
                        last = MAX(last, g_array_index(windows, IcsWindow, i).to);
                }
                add_x(calendar, "X-WR-TIMEZONE", writer->zone);
                icalcomponent_add_component(calendar, zone_component(writer->zone, first, last));
        }
        for (guint i = 0; i < windows->len; i++)
                icalcomponent_add_component(
                                calendar, event_make(writer, &g_array_index(windows, IcsWindow, i)));
        made = icalcomponent_as_ical_string_r(calendar);
        text = g_strdup(made);
        icalmemory_free_buffer(made);
        icalcomponent_free(calendar);
        return text;
}

/* ---- two of them ---- */

static const char *skip_stamp(const char *line) {
        while (g_str_has_prefix(line, "DTSTAMP:")) {
                const char *end = strchr(line, '\n');

                if (!end)
                        return "";
                line = end + 1;
        }
        return line;
}

bool ics_calendar_same(const char *a, const char *b) {
        for (;;) {
                const char *end_a, *end_b;

                a = skip_stamp(a);
                b = skip_stamp(b);
                end_a = strchrnul(a, '\n');
                end_b = strchrnul(b, '\n');
                if (end_a - a != end_b - b || memcmp(a, b, (size_t) (end_a - a)) != 0 || *end_a != *end_b)
                        return false;
                if (!*end_a)
                        return true;
                a = end_a + 1;
                b = end_b + 1;
        }
}
