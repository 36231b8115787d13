/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/recur.h"

#include <errno.h>
#include <string.h>

#include "common/text.h"

#define STEPS_MAX       500000u /* of the recurrences of a whole file, most of them in the past */
#define CPU_MAX         (10 * CLOCKS_PER_SEC)
#define TIMES_A_DAY_MAX 48u

#define FOR_PROPERTIES(p, component, kind)                                               \
        for (icalproperty *p = icalcomponent_get_first_property((component), (kind)); p; \
                        p = icalcomponent_get_next_property((component), (kind)))

/* What the parser could not read it takes out of the component, and leaves a note. */
static int check_whole(const Occurrence *o, char sentence[ICS_SENTENCE_MAX]) {
        static const char *const needed[] = { "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXRULE",
                "EXDATE", "RECURRENCE-ID" };
        char excerpt[TEXT_EXCERPT_MAX], in[32];

        FOR_PROPERTIES(p, o->component, ICAL_XLICERROR_PROPERTY) {
                const char *note = icalproperty_get_xlicerror(p);

                for (size_t i = 0; note && i < G_N_ELEMENTS(needed); i++) {
                        const char *colon = strstr(note, "roperty: ");

                        g_snprintf(in, sizeof(in), "%s property", needed[i]);
                        if (strstr(note, in))
                                return ics_refuse(sentence, "%s: its %s cannot be understood: \"%s\"",
                                                o->title, needed[i],
                                                colon ? text_excerpt(colon + 9, excerpt) : "");
                }
        }
        return 0;
}

static void title_make(Occurrence *o) {
        const char *summary = icalcomponent_get_summary(o->component),
                   *uid = icalcomponent_get_uid(o->component);
        char excerpt[TEXT_EXCERPT_MAX];

        if (summary && *summary)
                g_snprintf(o->title, sizeof(o->title), "the event \"%s\"", text_excerpt(summary, excerpt));
        else
                g_snprintf(o->title, sizeof(o->title), "the event with the UID \"%s\"",
                                text_excerpt(uid ? uid : "", excerpt));
}

static int read_length(Occurrence *o, char sentence[ICS_SENTENCE_MAX]) {
        icalproperty *end = icalcomponent_get_first_property(o->component, ICAL_DTEND_PROPERTY);
        icalproperty *duration = icalcomponent_get_first_property(o->component, ICAL_DURATION_PROPERTY);
        bool all_day = o->start.time.is_date;
        When when;
        int r;

        if (end) {
                r = when_read(o->calendar, end, icalproperty_get_dtend(end), o->title, &when, sentence);
                if (r < 0)
                        return r;
                if (when.time.is_date != o->start.time.is_date)
                        return ics_refuse(sentence,
                                        "%s: one of DTSTART and DTEND is a date and the other a time",
                                        o->title);
                /* One end in no zone at all is in that of the other. */
                if (when.zone && o->start.zone)
                        o->seconds = when_key(&when) - when_key(&o->start);
                else
                        o->seconds = when_written(&when) - when_written(&o->start);
        } else if (duration) {
                struct icaldurationtype d = icalproperty_get_duration(duration);

                if (d.is_neg)
                        return ics_refuse(sentence, "%s: its DURATION is negative", o->title);
                o->days = 7 * (int64_t) d.weeks + d.days;
                o->seconds = 3600 * (int64_t) d.hours + 60 * (int64_t) d.minutes + d.seconds;
        }
        if (o->seconds < 0)
                return ics_refuse(sentence, "%s: it ends before it begins", o->title);
        if (all_day) {
                o->days += o->seconds / ICS_DAY;
                o->seconds = 0;
                if (o->days == 0) /* a date is a whole day, whether its end is missing or the same */
                        o->days = 1;
        }
        return o->days == 0 && o->seconds == 0;
}

static int read_override(Occurrence *o, char sentence[ICS_SENTENCE_MAX]) {
        icalproperty *id = icalcomponent_get_first_property(o->component, ICAL_RECURRENCEID_PROPERTY);
        icalparameter *range;

        if (!id)
                return 0;
        o->is_override = true;
        range = icalproperty_get_first_parameter(id, ICAL_RANGE_PARAMETER);
        o->this_and_future = range && icalparameter_get_range(range) == ICAL_RANGE_THISANDFUTURE;
        return when_read(
                        o->calendar, id, icalproperty_get_recurrenceid(id), o->title, &o->replaces, sentence);
}

int occurrence_read(icalcomponent *calendar, icalcomponent *component, Occurrence *ret_occurrence,
                char sentence[ICS_SENTENCE_MAX]) {
        icalproperty *start = icalcomponent_get_first_property(component, ICAL_DTSTART_PROPERTY);
        Occurrence o = { .calendar = calendar, .component = component };
        int r, empty;

        title_make(&o);
        o.cancelled = icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED;
        r = check_whole(&o, sentence);
        if (r < 0)
                return r;
        if (!start)
                return ics_refuse(sentence, "%s: it has no DTSTART, so nobody knows when it is", o.title);
        r = when_read(calendar, start, icalproperty_get_dtstart(start), o.title, &o.start, sentence);
        r = r ?: read_override(&o, sentence);
        if (r < 0)
                return r;
        empty = read_length(&o, sentence);
        if (empty >= 0)
                *ret_occurrence = o;
        return empty;
}

IcsSpan occurrence_span(const Occurrence *o, const When *start) {
        IcsSpan span = { .from = when_civil(start) };
        When end = *start;

        icaltime_adjust(&end.time, (int) MIN(o->days, 1000000), 0, 0, 0);
        span.to = end.zone ? civil_from_time((time_t) (when_key(&end) + o->seconds))
                           : when_written(&end) + o->seconds;
        /* Where the clock is set back within it, its end can read as before its start. */
        if (span.to <= span.from)
                span.to = span.from + o->days * ICS_DAY + o->seconds;
        span.from = CLAMP(span.from, 0, CIVIL_MAX - 1);
        span.to = CLAMP(span.to, span.from + 1, CIVIL_MAX);
        return span;
}

/* ---- recurrences ---- */

static int add_instance(const Occurrence *o, const When *start, IcsSpan span, Budget *budget,
                GArray *instances, char sentence[ICS_SENTENCE_MAX]) {
        Instance instance = {
                .key = when_key(start), .own_day = civil_day(when_written(start)), .span = span
        };

        if (span.to <= budget->from || span.from >= budget->to)
                return 0;
        if (++budget->instances > ICS_INSTANCES_MAX)
                return ics_refuse(sentence,
                                "%s: with it the calendar has more than %u instances within two years, which is the most",
                                o->title, ICS_INSTANCES_MAX);
        g_array_append_val(instances, instance);
        return 0;
}

static unsigned list_length(const short *list, unsigned max) {
        unsigned n = 0;

        while (n < max && list[n] != ICAL_RECURRENCE_ARRAY_MAX)
                n++;
        return MAX(n, 1);
}

/* The library looks at each single time that a recurrence could mean, even where none ever comes true. */
static int check_recurrence(const Occurrence *o, const struct icalrecurrencetype *recurrence,
                char sentence[ICS_SENTENCE_MAX]) {
        unsigned a_day = list_length(recurrence->by_second, ICAL_BY_SECOND_SIZE) *
                         list_length(recurrence->by_minute, ICAL_BY_MINUTE_SIZE);

        if (recurrence->freq == ICAL_NO_RECURRENCE)
                return ics_refuse(sentence, "%s: its RRULE cannot be understood", o->title);
        if (recurrence->freq == ICAL_SECONDLY_RECURRENCE || recurrence->freq == ICAL_MINUTELY_RECURRENCE)
                return ics_refuse(sentence,
                                "%s: it recurs every %s, and every hour is the most often that can be",
                                o->title, recurrence->freq == ICAL_SECONDLY_RECURRENCE ? "second" : "minute");
        a_day *= recurrence->freq == ICAL_HOURLY_RECURRENCE
                                 ? 24
                                 : list_length(recurrence->by_hour, ICAL_BY_HOUR_SIZE);
        if (a_day > TIMES_A_DAY_MAX)
                return ics_refuse(sentence, "%s: it recurs %u times a day, and %u are the most", o->title,
                                a_day, TIMES_A_DAY_MAX);
        return 0;
}

static int spend_step(const Occurrence *o, Budget *budget, char sentence[ICS_SENTENCE_MAX]) {
        if (++budget->steps > STEPS_MAX || (budget->steps % 64 == 0 && clock() - budget->began > CPU_MAX))
                return ics_refuse(sentence,
                                "%s: its recurrence takes too long to follow; let it begin later or recur less often",
                                o->title);
        return 0;
}

/*
 * The last instant of a recurrence, as when_key() of it. It is followed in plain local time, which is no
 * measure of instants where the clock is set: there it may go on two days more, and whoever follows compares.
 */
static int64_t until_local(const Occurrence *o, struct icalrecurrencetype *recurrence) {
        When until = { .time = recurrence->until, .zone = o->start.zone };
        icaltimetype *local = &recurrence->until;
        int64_t last;

        if (icaltime_is_null_time(*local))
                return INT64_MAX;
        if (o->start.time.is_date) {
                local->is_date = 1;
                local->zone = NULL;
                return INT64_MAX;
        }
        /* What is written as a date ends with that date, not before it. */
        if (until.time.is_date) {
                until.time.is_date = 0;
                until.time.hour = 23;
                until.time.minute = until.time.second = 59;
        } else if (icaltime_is_utc(until.time))
                until.zone = icaltimezone_get_utc_timezone();
        last = o->start.zone ? when_key(&until) : when_civil(&until);
        *local = icaltime_from_timet_with_zone((time_t) last + 2 * ICS_DAY, 0, NULL);
        return last;
}

/* Most of an old recurrence: its year says so, and no zone has to be asked. */
static bool is_long_over(const Occurrence *o, const icaltimetype *start, const Budget *budget) {
        int64_t latest = ((int64_t) start->year - 1970 + 1) * 366 + o->days + o->seconds / ICS_DAY + 3;

        return latest < civil_day(budget->from);
}

static int follow(const Occurrence *o, struct icalrecurrencetype recurrence, Budget *budget,
                GArray *instances, char sentence[ICS_SENTENCE_MAX]) {
        When start = o->start;
        icalrecur_iterator *iterator;
        int64_t last;
        int r = check_recurrence(o, &recurrence, sentence);

        if (r < 0)
                return r;
        last = until_local(o, &recurrence);
        /* In a zone, the library goes on from a time that the clock skips with the hour that it became. */
        start.time.zone = NULL;
        iterator = icalrecur_iterator_new(recurrence, start.time);
        if (!iterator)
                return ics_refuse(sentence, "%s: its RRULE asks for what cannot be", o->title);
        while (r == 0) {
                IcsSpan span;

                start.time = icalrecur_iterator_next(iterator);
                if (icaltime_is_null_time(start.time))
                        break;
                start.time.zone = start.zone;
                r = spend_step(o, budget, sentence);
                if (r < 0 || is_long_over(o, &start.time, budget) || when_key(&start) > last)
                        continue;
                span = occurrence_span(o, &start);
                if (span.from >= budget->to)
                        break;
                r = add_instance(o, &start, span, budget, instances, sentence);
        }
        icalrecur_iterator_free(iterator);
        return r;
}

static int add_rdates(
                const Occurrence *o, Budget *budget, GArray *instances, char sentence[ICS_SENTENCE_MAX]) {
        FOR_PROPERTIES(p, o->component, ICAL_RDATE_PROPERTY) {
                struct icaldatetimeperiodtype value = icalproperty_get_rdate(p);
                bool is_period = icaltime_is_null_time(value.time);
                Occurrence own = *o;
                When start, end;
                int r = when_read(o->calendar, p, is_period ? value.period.start : value.time, o->title,
                                &start, sentence);

                if (r == 0 && is_period && !icaltime_is_null_time(value.period.end)) {
                        r = when_read(o->calendar, p, value.period.end, o->title, &end, sentence);
                        if (r == 0) {
                                own.days = 0;
                                own.seconds = when_key(&end) - when_key(&start);
                        }
                } else if (is_period) {
                        own.days = 0;
                        own.seconds = icaldurationtype_as_int(value.period.duration);
                }
                if (r == 0 && own.seconds < 0)
                        r = ics_refuse(sentence, "%s: a period of its RDATE ends before it begins", o->title);
                r = r ?: add_instance(o, &start, occurrence_span(&own, &start), budget, instances, sentence);
                if (r < 0)
                        return r;
        }
        return 0;
}

/* ---- exceptions ---- */

void instances_remove(GArray *instances, const When *when) {
        int64_t key = when_key(when), day = civil_day(when_written(when));

        /* A date takes out whatever begins on it, a time what begins then. */
        for (guint i = instances->len; i-- > 0;) {
                const Instance *instance = &g_array_index(instances, Instance, i);

                if (when->time.is_date ? instance->own_day == day : instance->key == key)
                        g_array_remove_index(instances, i);
        }
}

static int remove_exceptions(
                const Occurrence *o, Budget *budget, GArray *instances, char sentence[ICS_SENTENCE_MAX]) {
        g_autoptr(GArray) excluded = NULL;
        When when;
        int r = 0;

        FOR_PROPERTIES(p, o->component, ICAL_EXDATE_PROPERTY) {
                r = when_read(o->calendar, p, icalproperty_get_exdate(p), o->title, &when, sentence);
                if (r < 0)
                        return r;
                when_in_zone_of(&when, &o->start);
                instances_remove(instances, &when);
                r = spend_step(o, budget, sentence);
                if (r < 0)
                        return r;
        }
        excluded = g_array_new(FALSE, FALSE, sizeof(Instance));
        for (icalproperty *p = icalcomponent_get_first_property(o->component, ICAL_EXRULE_PROPERTY);
                        p && r == 0; p = icalcomponent_get_next_property(o->component, ICAL_EXRULE_PROPERTY))
                r = follow(o, icalproperty_get_exrule(p), budget, excluded, sentence);
        for (guint i = 0; r == 0 && i < excluded->len; i++)
                for (guint k = instances->len; k-- > 0;)
                        if (g_array_index(instances, Instance, k).key ==
                                        g_array_index(excluded, Instance, i).key)
                                g_array_remove_index(instances, k);
        return r;
}

int occurrence_expand(const Occurrence *o, Budget *budget, GArray *instances, bool *ret_endless,
                char sentence[ICS_SENTENCE_MAX]) {
        icalproperty *rule = icalcomponent_get_first_property(o->component, ICAL_RRULE_PROPERTY);
        int r = 0;

        if (!rule || o->is_override)
                r = add_instance(o, &o->start, occurrence_span(o, &o->start), budget, instances, sentence);
        for (; rule && !o->is_override && r == 0;
                        rule = icalcomponent_get_next_property(o->component, ICAL_RRULE_PROPERTY)) {
                struct icalrecurrencetype recurrence = icalproperty_get_rrule(rule);

                *ret_endless = *ret_endless ||
                               (recurrence.count == 0 && icaltime_is_null_time(recurrence.until));
                r = follow(o, recurrence, budget, instances, sentence);
        }
        r = r ?: add_rdates(o, budget, instances, sentence);
        r = r ?: remove_exceptions(o, budget, instances, sentence);
        return r;
}
