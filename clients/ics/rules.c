/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/rules.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "common/caps.h"
#include "common/cleanup.h"

#define MARK_BYTES    10u
#define PREFIX_BYTES  24u
#define NUMBER_BYTES  6u   /* ".10000" */
#define DATES_MAX     400u /* of one Also */
#define LONG_RUN_DAYS 5    /* a stretch of dates that is a rule of its own */

void ics_rule_free(IcsRule *rule) {
        if (!rule)
                return;
        g_free(rule->name);
        g_free(rule->mark);
        g_free(rule->keys);
        g_free(rule->dates);
        g_free(rule->shown);
        g_free(rule);
}

/* ---- names ---- */

/* What can be typed without quotes, whatever somebody called it. */
static char *typable(const char *text, size_t max) {
        GString *made = g_string_new(NULL);

        for (const char *p = text; *p; p = g_utf8_next_char(p)) {
                gunichar c = g_utf8_get_char(p);
                char bytes[6];
                int n = g_unichar_to_utf8(c, bytes);

                if (g_unichar_isalnum(c)) {
                        if (made->len + (size_t) n > max)
                                break;
                        g_string_append_len(made, bytes, n);
                } else if (made->len > 0 && made->len < max && made->str[made->len - 1] != '-')
                        g_string_append_c(made, '-');
        }
        while (made->len > 0 && made->str[made->len - 1] == '-')
                g_string_truncate(made, made->len - 1);
        return g_string_free(made, FALSE);
}

char *ics_prefix(const char *text) {
        return typable(text, PREFIX_BYTES);
}

static char *mark_make(const char *uid) {
        char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, uid, -1);

        sum[MARK_BYTES] = '\0';
        return sum;
}

char *ics_mark_of(const char *name, const char *prefix) {
        size_t n = strlen(prefix);
        const char *dash = strrchr(name, '-');

        if (strncmp(name, prefix, n) != 0 || name[n] != '-' || !dash ||
                        strspn(dash + 1, "0123456789abcdef") != MARK_BYTES)
                return NULL;
        if (dash[1 + MARK_BYTES] == '.') {
                const char *number = dash + 2 + MARK_BYTES;

                if (!*number || number[strspn(number, "0123456789")] != '\0')
                        return NULL;
        } else if (dash[1 + MARK_BYTES] != '\0')
                return NULL;
        return g_strndup(dash + 1, MARK_BYTES);
}

/* ---- dates by their hours ---- */

typedef struct Run {
        Date from, to; /* both included */
} Run;

static void runs_add(GTree *by_hours, const char *hours, Date from, Date to) {
        GArray *runs = g_tree_lookup(by_hours, hours);
        Run run = { from, to };

        if (!runs) {
                runs = g_array_new(FALSE, FALSE, sizeof(Run));
                g_tree_insert(by_hours, g_strdup(hours), runs);
        }
        g_array_append_val(runs, run);
}

static void write_time(GString *text, int64_t sec) {
        g_string_append_printf(text, "%02d:%02d", (int) (sec / 3600), (int) (sec / 60 % 60));
        if (sec % 60 != 0)
                g_string_append_printf(text, ":%02d", (int) (sec % 60));
}

static void add_hours(GTree *by_hours, Date day, int64_t from_sec, int64_t to_sec) {
        GString *hours = g_string_new(NULL);

        write_time(hours, from_sec);
        g_string_append_c(hours, '-');
        write_time(hours, to_sec == 0 ? ICS_DAY : to_sec);
        runs_add(by_hours, hours->str, day, day);
        g_string_free(hours, TRUE);
}

static void add_span(GTree *by_hours, const IcsSpan *span, const char *whole) {
        Date first = civil_day(span->from), last = civil_day(span->to);
        int64_t from_sec = span->from - first * ICS_DAY, to_sec = span->to - last * ICS_DAY;

        if (from_sec != 0 && span->to - span->from < ICS_DAY) {
                add_hours(by_hours, first, from_sec, to_sec);
                return;
        }
        if (from_sec != 0)
                add_hours(by_hours, first++, from_sec, 0);
        if (first < last)
                runs_add(by_hours, whole, first, last - 1);
        if (to_sec != 0)
                add_hours(by_hours, last, 0, to_sec);
}

static int by_from(const void *a, const void *b) {
        const Run *x = a, *y = b;

        return x->from < y->from ? -1 : x->from > y->from;
}

static void runs_join(GArray *runs) {
        guint kept = 0;

        g_array_sort(runs, by_from);
        for (guint i = 0; i < runs->len; i++) {
                Run run = g_array_index(runs, Run, i),
                    *before = kept > 0 ? &g_array_index(runs, Run, kept - 1) : NULL;

                if (before && run.from <= before->to + 1)
                        before->to = MAX(before->to, run.to);
                else
                        g_array_index(runs, Run, kept++) = run;
        }
        g_array_set_size(runs, kept);
}

/* ---- rules of one event ---- */

typedef struct Maker {
        IcsKind kind;
        GPtrArray *rules;
        char *stem, *mark;
        unsigned n;      /* rules of this event so far */
        GArray *dates;   /* of Date: scattered ones, for an Also */
        unsigned n_days; /* of all events, that are named one by one */
        int r;
        const char *title;
        char *sentence;
} Maker;

static void add_rule(Maker *maker, const char *hours, Date from, Date to, const GArray *also) {
        char first[DATE_TEXT_MAX], last[DATE_TEXT_MAX], day[DATE_TEXT_MAX];
        GString *dates = g_string_new(NULL);
        IcsRule *rule = g_new0(IcsRule, 1);
        const char *comma = *hours ? ", " : "";

        date_format(from, first);
        date_format(to, last);
        for (guint i = 0; also && i < also->len; i++)
                g_string_append_printf(dates, "%s%s",
                                i > 0 ? ";" : "Also=", date_format(g_array_index(also, Date, i), day));
        if (dates->len > 0)
                g_string_append_c(dates, '\n');
        maker->n++;
        rule->mark = g_strdup(maker->mark);
        rule->name = maker->n == 1 ? g_strdup(maker->stem) : g_strdup_printf("%s.%u", maker->stem, maker->n);
        rule->keys = g_strdup_printf("Kind=%s\nDates=%s..%s\n%s%s%s",
                        maker->kind == ICS_AWAY ? "away" : "office-day", first, last, *hours ? "Hours=" : "",
                        hours, *hours ? "\n" : "");
        rule->dates = g_string_free(dates, FALSE);
        if (also && also->len > 1)
                rule->shown = g_strdup_printf("%u dates from %s to %s%s%s", also->len, first,
                                date_format(g_array_index(also, Date, also->len - 1), day), comma, hours);
        else if (from == to)
                rule->shown = g_strdup_printf("%s%s%s", first, comma, hours);
        else
                rule->shown = g_strdup_printf("%s..%s%s%s", first, last, comma, hours);
        g_ptr_array_add(maker->rules, rule);
}

static void flush_dates(Maker *maker, const char *hours) {
        Date first;

        if (maker->dates->len == 0)
                return;
        first = g_array_index(maker->dates, Date, 0);
        add_rule(maker, hours, first, first, maker->dates);
        g_array_set_size(maker->dates, 0);
}

/* An office day has to be named, or a rule of higher priority could hide it; absences hide what they cover.
 */
static gboolean make_of_hours(void *key, void *value, void *userdata) {
        const char *hours = key;
        GArray *runs = value;
        Maker *maker = userdata;

        runs_join(runs);
        for (guint i = 0; i < runs->len; i++) {
                const Run *run = &g_array_index(runs, Run, i);
                bool alone = runs->len == 1 || run->to - run->from + 1 >= LONG_RUN_DAYS;

                if (maker->kind == ICS_AWAY && alone) {
                        add_rule(maker, hours, run->from, run->to, NULL);
                        continue;
                }
                for (Date day = run->from; day <= run->to; day++) {
                        if (++maker->n_days > ICS_INSTANCES_MAX) {
                                maker->r = ics_refuse(maker->sentence,
                                                "the event \"%.64s\" makes more than %u office days, which is the most of a calendar",
                                                maker->title, ICS_INSTANCES_MAX);
                                return TRUE;
                        }
                        if (maker->dates->len == DATES_MAX)
                                flush_dates(maker, hours);
                        g_array_append_val(maker->dates, day);
                }
        }
        flush_dates(maker, hours);
        return FALSE;
}

static int by_text(const void *a, const void *b, void *unused) {
        return strcmp(a, b);
}

static char *stem_make(const char *prefix, const char *summary, const char *mark) {
        size_t taken = strlen(prefix) + 1 + 1 + MARK_BYTES + NUMBER_BYTES;
        g_autofree char *middle = typable(summary, CAP_RULE_BYTES - taken);

        return g_strdup_printf("%s%s%s-%s", prefix, *middle ? "-" : "", middle, mark);
}

int ics_rules_make(const IcsEvents *events, IcsKind kind, const char *prefix, const char *hours,
                GHashTable *old_names, GPtrArray **ret_rules, char sentence[ICS_SENTENCE_MAX]) {
        Maker maker = {
                .kind = kind,
                .rules = g_ptr_array_new_with_free_func((GDestroyNotify) ics_rule_free),
                .dates = g_array_new(FALSE, FALSE, sizeof(Date)),
                .sentence = sentence,
        };

        for (guint i = 0; i < events->events->len && maker.r == 0; i++) {
                const IcsEvent *event = g_ptr_array_index(events->events, i);
                g_autoptr(GTree) by_hours =
                                g_tree_new_full(by_text, NULL, g_free, (GDestroyNotify) g_array_unref);
                const char *old;

                assert(event->spans->len > 0);
                for (guint k = 0; k < event->spans->len; k++)
                        add_span(by_hours, &g_array_index(event->spans, IcsSpan, k), hours ? hours : "");
                maker.n = 0;
                maker.title = event->summary;
                maker.mark = mark_make(event->uid);
                old = old_names ? g_hash_table_lookup(old_names, maker.mark) : NULL;
                maker.stem = old ? g_strdup(old) : stem_make(prefix, event->summary, maker.mark);
                g_tree_foreach(by_hours, make_of_hours, &maker);
                g_free(maker.stem);
                g_free(maker.mark);
        }
        g_array_unref(maker.dates);
        if (maker.r < 0)
                g_ptr_array_unref(maker.rules);
        else
                *ret_rules = maker.rules;
        return maker.r;
}
