/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/when.h"

#include <string.h>

#include "common/text.h"

/* "/mozilla.org/20050126_1/Europe/Berlin": programs put where they have a zone from before its name. */
static icaltimezone *zone_by_tail(const char *tzid) {
        icaltimezone *zone = icaltimezone_get_builtin_timezone(tzid);

        for (const char *slash = strchr(tzid, '/'); !zone && slash && slash[1];
                        slash = strchr(slash + 1, '/'))
                zone = icaltimezone_get_builtin_timezone(slash + 1);
        return zone;
}

static icaltimezone *zone_find(icalcomponent *calendar, const char *tzid) {
        icaltimezone *zone = icalcomponent_get_timezone(calendar, tzid);

        if (zone)
                return zone;
        if (g_ascii_strcasecmp(tzid, "UTC") == 0 || g_ascii_strcasecmp(tzid, "Etc/UTC") == 0 ||
                        g_ascii_strcasecmp(tzid, "GMT") == 0)
                return icaltimezone_get_utc_timezone();
        return zone_by_tail(tzid);
}

static bool is_possible(const icaltimetype *t) {
        return t->year >= 1 && t->year <= 9999 && t->month >= 1 && t->month <= 12 && t->day >= 1 &&
               t->day <= icaltime_days_in_month(t->month, t->year) && t->hour >= 0 && t->hour <= 23 &&
               t->minute >= 0 && t->minute <= 59 && t->second >= 0 && t->second <= 60;
}

int when_read(icalcomponent *calendar, icalproperty *property, icaltimetype value, const char *event,
                When *ret_when, char sentence[ICS_SENTENCE_MAX]) {
        icalparameter *parameter = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
        const char *tzid = parameter ? icalparameter_get_tzid(parameter) : NULL;
        const char *name = icalproperty_get_property_name(property);
        char excerpt[TEXT_EXCERPT_MAX];
        When when = { .time = value };

        if (!is_possible(&value))
                return ics_refuse(sentence, "%s: its %s is no time that there is: %s", event, name,
                                text_excerpt(icalproperty_get_value_as_string(property), excerpt));
        if (value.is_date)
                when.zone = NULL;
        else if (icaltime_is_utc(value))
                when.zone = icaltimezone_get_utc_timezone();
        else if (tzid) {
                when.zone = zone_find(calendar, tzid);
                if (!when.zone)
                        return ics_refuse(sentence,
                                        "%s: its %s is in the zone \"%s\", which neither the file describes nor this computer knows",
                                        event, name, text_excerpt(tzid, excerpt));
        }
        when.time.zone = when.zone;
        *ret_when = when;
        return 0;
}

Civil when_written(const When *when) {
        struct tm tm = {
                .tm_year = when->time.year - 1900,
                .tm_mon = when->time.month - 1,
                .tm_mday = when->time.day,
                .tm_hour = when->time.is_date ? 0 : when->time.hour,
                .tm_min = when->time.is_date ? 0 : when->time.minute,
                .tm_sec = when->time.is_date ? 0 : when->time.second,
        };

        return (Civil) timegm(&tm);
}

static int64_t offset_at(icaltimezone *zone, int64_t t) {
        icaltimetype utc = icaltime_from_timet_with_zone((time_t) t, 0, icaltimezone_get_utc_timezone());

        return icaltimezone_get_utc_offset_of_utc_time(zone, &utc, NULL);
}

/* As civil_to_time() for a zone of the file. The library's own answer for a time in a gap lies an hour before
 * what the format wants. */
static int64_t resolve(icaltimezone *zone, Civil civil) {
        int64_t first, second;

        if (zone == icaltimezone_get_utc_timezone())
                return civil;
        first = civil - offset_at(zone, civil - ICS_DAY);
        second = civil - offset_at(zone, civil + ICS_DAY);
        if (first == second)
                return first;
        if (first + offset_at(zone, first) == civil &&
                        (second + offset_at(zone, second) != civil || first <= second))
                return first;
        return second + offset_at(zone, second) == civil ? second : first;
}

int64_t when_key(const When *when) {
        return when->zone ? resolve(when->zone, when_written(when)) : when_written(when);
}

Civil when_civil(const When *when) {
        return when->zone ? civil_from_time((time_t) when_key(when)) : when_written(when);
}

void when_in_zone_of(When *when, const When *other) {
        if (when->zone || when->time.is_date)
                return;
        when->zone = other->zone;
        when->time.zone = other->zone;
}
