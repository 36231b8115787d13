/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/zone-text.h"

#include <string.h>

#include "clients/ics/ics.h"

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

icalcomponent *zone_component(const char *name, time_t from, time_t to) {
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
