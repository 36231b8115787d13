/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/events.h"

#include <errno.h>
#include <string.h>

#include "clients/ics/recur.h"
#include "common/cleanup.h"
#include "common/text.h"

void ics_event_free(IcsEvent *event) {
        if (!event)
                return;
        g_free(event->uid);
        g_free(event->summary);
        if (event->spans)
                g_array_unref(event->spans);
        g_free(event);
}

void ics_events_done(IcsEvents *events) {
        if (events->events)
                g_ptr_array_unref(events->events);
        g_free(events->name);
        *events = (IcsEvents){};
}

/* ---- the components of one UID ---- */

typedef struct IcsGroup {
        char *uid;
        GArray *masters, *overrides; /* of Occurrence */
} IcsGroup;

static void group_free(void *p) {
        IcsGroup *group = p;

        g_free(group->uid);
        g_array_unref(group->masters);
        g_array_unref(group->overrides);
        g_free(group);
}

typedef struct Reader {
        GPtrArray *groups; /* of IcsGroup, in the order of the file */
        GHashTable *by_uid;
        Budget budget;
        IcsEvents result;
        char *sentence;
} Reader;

static IcsGroup *group_of(Reader *reader, const Occurrence *o) {
        const char *uid = icalcomponent_get_uid(o->component),
                   *summary = icalcomponent_get_summary(o->component);
        char *made = NULL;
        IcsGroup *group;

        /* Without one, what it says and when is all that can be known again. */
        if (!uid || !*uid)
                uid = made = g_strdup_printf(
                                "%s %" G_GINT64_FORMAT, summary ? summary : "", when_key(&o->start));
        group = g_hash_table_lookup(reader->by_uid, uid);
        if (!group) {
                group = g_new0(IcsGroup, 1);
                group->uid = g_strdup(uid);
                group->masters = g_array_new(FALSE, FALSE, sizeof(Occurrence));
                group->overrides = g_array_new(FALSE, FALSE, sizeof(Occurrence));
                g_ptr_array_add(reader->groups, group);
                g_hash_table_insert(reader->by_uid, group->uid, group);
        }
        g_free(made);
        return group;
}

static int read_calendar(Reader *reader, icalcomponent *calendar) {
        for (icalcomponent *c = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); c;
                        c = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
                Occurrence o;
                IcsGroup *group;
                int r = occurrence_read(calendar, c, &o, reader->sentence);

                if (r < 0)
                        return r;
                group = group_of(reader, &o);
                if (r > 0 && !o.is_override) {
                        reader->result.empty++;
                        continue;
                }
                /* One that takes no time any more is as good as cancelled. */
                o.cancelled = o.cancelled || r > 0;
                g_array_append_val(*(o.is_override ? &group->overrides : &group->masters), o);
        }
        return 0;
}

/* ---- its instances ---- */

static int by_replaced(const void *a, const void *b) {
        const Occurrence *x = a, *y = b;
        int64_t one = when_key(&x->replaces), other = when_key(&y->replaces);

        return one < other ? -1 : one > other;
}

static void shift_from(GArray *instances, const Occurrence *o, const When *from) {
        IcsSpan own = occurrence_span(o, &o->start);
        int64_t key = when_key(from), moved = own.from - when_civil(from);

        for (guint i = instances->len; i-- > 0;) {
                Instance *instance = &g_array_index(instances, Instance, i);

                if (instance->key < key)
                        continue;
                if (o->cancelled) {
                        g_array_remove_index(instances, i);
                        continue;
                }
                instance->span.from += moved;
                instance->span.to = instance->span.from + (own.to - own.from);
        }
}

static int apply_overrides(Reader *reader, IcsGroup *group, GArray *instances) {
        bool endless;

        g_array_sort(group->overrides, by_replaced);
        for (int later = 1; later >= 0; later--)
                for (guint i = 0; i < group->overrides->len; i++) {
                        const Occurrence *o = &g_array_index(group->overrides, Occurrence, i);
                        When replaces = o->replaces;
                        int r;

                        if (o->this_and_future != (later == 1))
                                continue;
                        if (group->masters->len > 0)
                                when_in_zone_of(&replaces,
                                                &g_array_index(group->masters, Occurrence, 0).start);
                        if (o->this_and_future) {
                                shift_from(instances, o, &replaces);
                                continue;
                        }
                        instances_remove(instances, &replaces);
                        if (o->cancelled)
                                continue;
                        r = occurrence_expand(o, &reader->budget, instances, &endless, reader->sentence);
                        if (r < 0)
                                return r;
                }
        return 0;
}

static int by_span(const void *a, const void *b) {
        const IcsSpan *x = a, *y = b;

        if (x->from != y->from)
                return x->from < y->from ? -1 : 1;
        return x->to < y->to ? -1 : x->to > y->to;
}

static GArray *spans_of(const Reader *reader, const GArray *instances) {
        GArray *spans = g_array_new(FALSE, FALSE, sizeof(IcsSpan));
        guint kept = 0;

        for (guint i = 0; i < instances->len; i++) {
                IcsSpan span = g_array_index(instances, Instance, i).span;

                if (span.to > reader->budget.from && span.from < reader->budget.to && span.from < span.to)
                        g_array_append_val(spans, span);
        }
        g_array_sort(spans, by_span);
        for (guint i = 0; i < spans->len; i++)
                if (kept == 0 || by_span(&g_array_index(spans, IcsSpan, kept - 1),
                                                 &g_array_index(spans, IcsSpan, i)) != 0)
                        g_array_index(spans, IcsSpan, kept++) = g_array_index(spans, IcsSpan, i);
        g_array_set_size(spans, kept);
        return spans;
}

static const char *summary_of(const IcsGroup *group) {
        const GArray *from = group->masters->len > 0 ? group->masters : group->overrides;
        const char *summary = from->len > 0 ? icalcomponent_get_summary(
                                                              g_array_index(from, Occurrence, 0).component)
                                            : NULL;

        return summary ? summary : "";
}

static int expand_group(Reader *reader, IcsGroup *group) {
        GArray *instances = g_array_new(FALSE, FALSE, sizeof(Instance)), *spans;
        bool endless = false;
        IcsEvent *event;
        int r = 0;

        for (guint i = 0; r == 0 && i < group->masters->len; i++) {
                const Occurrence *o = &g_array_index(group->masters, Occurrence, i);

                if (!o->cancelled)
                        r = occurrence_expand(o, &reader->budget, instances, &endless, reader->sentence);
        }
        r = r ?: apply_overrides(reader, group, instances);
        spans = spans_of(reader, instances);
        g_array_unref(instances);
        if (r < 0 || spans->len == 0) {
                if (r == 0 && group->masters->len + group->overrides->len > 0)
                        reader->result.outside++;
                g_array_unref(spans);
                return r;
        }
        reader->result.endless += endless;
        event = g_new0(IcsEvent, 1);
        event->uid = g_strdup(group->uid);
        event->summary = g_strdup(summary_of(group));
        event->spans = spans;
        g_ptr_array_add(reader->result.events, event);
        return 0;
}

/* ---- the file ---- */

static void read_name(Reader *reader, icalcomponent *calendar) {
        for (icalproperty *p = icalcomponent_get_first_property(calendar, ICAL_X_PROPERTY);
                        p && !reader->result.name;
                        p = icalcomponent_get_next_property(calendar, ICAL_X_PROPERTY))
                if (g_ascii_strcasecmp(icalproperty_get_x_name(p), "X-WR-CALNAME") == 0)
                        reader->result.name = g_strdup(icalproperty_get_x(p));
}

static int read_all(Reader *reader, icalcomponent *root) {
        int r = 0;

        if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT) {
                read_name(reader, root);
                r = read_calendar(reader, root);
        }
        for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT);
                        c && r == 0; c = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT)) {
                read_name(reader, c);
                r = read_calendar(reader, c);
        }
        for (guint i = 0; r == 0 && i < reader->groups->len; i++)
                r = expand_group(reader, g_ptr_array_index(reader->groups, i));
        return r;
}

static void budget_begin(Reader *reader, time_t now) {
        Date today = civil_day(civil_from_time(now));

        reader->budget.from = reader->result.from = date_month_start(today, 0) * ICS_DAY;
        reader->budget.to = reader->result.to = (today + ICS_AHEAD_DAYS) * ICS_DAY;
        reader->budget.began = clock();
}

int ics_events_read(const char *text, time_t now, IcsEvents *ret_events, char sentence[ICS_SENTENCE_MAX]) {
        Reader reader = { .sentence = sentence };
        icalcomponent *root;
        int r;

        icalerror_set_errors_are_fatal(false);
        root = icalparser_parse_string(text);
        if (!root)
                return ics_refuse(sentence, "it is no calendar that can be understood");

        reader.groups = g_ptr_array_new_with_free_func(group_free);
        reader.by_uid = g_hash_table_new(g_str_hash, g_str_equal);
        reader.result.events = g_ptr_array_new_with_free_func((GDestroyNotify) ics_event_free);
        budget_begin(&reader, now);
        r = read_all(&reader, root);
        g_hash_table_unref(reader.by_uid);
        g_ptr_array_unref(reader.groups);
        icalcomponent_free(root);
        if (r < 0)
                ics_events_done(&reader.result);
        else
                *ret_events = reader.result;
        return r;
}
