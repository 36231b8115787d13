/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>

#include "clients/ics/changes.h"
#include "daemon/core/rules.h"
#include "tests/unit/check.h"

#define DAY(n)   ((Civil) (20635 + (n)) * ICS_DAY) /* n days after 2026-07-01 */
#define AT(n, h) (DAY(n) + (Civil) (h) *3600)

typedef struct Given {
        const char *uid, *summary;
        IcsSpan spans[8];
} Given;

static IcsEvents events_of(const Given *given, unsigned n) {
        IcsEvents events = { .events = g_ptr_array_new_with_free_func((GDestroyNotify) ics_event_free) };

        for (unsigned i = 0; i < n; i++) {
                IcsEvent *event = g_new0(IcsEvent, 1);

                event->uid = g_strdup(given[i].uid);
                event->summary = g_strdup(given[i].summary);
                event->spans = g_array_new(FALSE, FALSE, sizeof(IcsSpan));
                for (unsigned k = 0; k < 8 && given[i].spans[k].to > 0; k++)
                        g_array_append_val(event->spans, given[i].spans[k]);
                g_ptr_array_add(events.events, event);
        }
        return events;
}

/* What they become beside the rules that are there, and what is done about those. */
static Changes import(const Given *given, unsigned n, IcsKind kind, const char *hours, const char *there,
                bool prune) {
        IcsEvents events = events_of(given, n);
        GHashTable *old_names = changes_old_names(there, "cal");
        char sentence[ICS_SENTENCE_MAX];
        GPtrArray *rules = NULL;
        Changes changes;

        g_assert_cmpint(ics_rules_make(&events, kind, "cal", hours, old_names, &rules, sentence), ==, 0);
        changes = changes_make(there, rules, "cal", prune);
        g_ptr_array_unref(rules);
        g_hash_table_unref(old_names);
        ics_events_done(&events);
        return changes;
}

/* The text as the daemon keeps it: what was sent must be what it prints, or every import would change all. */
static char *stored(const char *text) {
        Refusal refusal = {};
        RuleSet set;
        char *printed;
        int r = rule_set_parse(text, &set, &refusal);

        if (r != 0) {
                check_failed("refused: %s\n%s", refusal.message, text);
                return g_strdup("");
        }
        printed = rule_set_print(&set);
        rule_set_done(&set);
        return printed;
}

static void test_shapes(void) {
        static const struct {
                int line;
                IcsKind kind;
                const char *hours;
                Given event;
                const char *text;
        } cases[] = {
                { __LINE__, ICS_AWAY, NULL, { "u", "Holidays", { { DAY(0), DAY(14) } } },
                                "[Rule cal-Holidays-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-14\n" },
                { __LINE__, ICS_AWAY, NULL, { "u", "Tax", { { AT(0, 9), AT(0, 12) } } },
                                "[Rule cal-Tax-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-01\n"
                                "Hours=09:00-12:00\n" },
                { __LINE__, ICS_AWAY, NULL,
                                { "u", "Tax", { { AT(0, 9), AT(0, 12) }, { AT(7, 9), AT(7, 12) } } },
                                "[Rule cal-Tax-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-01\n"
                                "Hours=09:00-12:00\nAlso=2026-07-01;2026-07-08\n" },
                /* Over midnight, up to midnight, over several days; days that touch are one stretch. */
                { __LINE__, ICS_AWAY, NULL, { "u", "", { { AT(0, 22), AT(1, 3) } } },
                                "[Rule cal-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-01\nHours=22:00-03:00\n" },
                { __LINE__, ICS_AWAY, NULL, { "u", "", { { AT(0, 22), AT(1, 0) } } },
                                "[Rule cal-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-01\nHours=22:00-24:00\n" },
                { __LINE__, ICS_AWAY, NULL, { "u", "", { { AT(0, 16), AT(3, 10) } } },
                                "[Rule cal-0bfe935e70]\nKind=away\nDates=2026-07-02..2026-07-03\n\n"
                                "[Rule cal-0bfe935e70.2]\nKind=away\nDates=2026-07-04..2026-07-04\nHours=00:00-10:00\n\n"
                                "[Rule cal-0bfe935e70.3]\nKind=away\nDates=2026-07-01..2026-07-01\nHours=16:00-24:00\n" },
                { __LINE__, ICS_AWAY, NULL,
                                { "u", "", { { DAY(0), DAY(1) }, { DAY(1), DAY(3) }, { DAY(2), DAY(4) } } },
                                "[Rule cal-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-04\n" },
                /* An office day is named, so that nothing of higher priority hides it. */
                { __LINE__, ICS_OFFICE_DAY, NULL, { "u", "Office", { { DAY(0), DAY(2) } } },
                                "[Rule cal-Office-0bfe935e70]\nKind=office-day\nDates=2026-07-01..2026-07-01\n"
                                "Also=2026-07-01;2026-07-02\n" },
                { __LINE__, ICS_OFFICE_DAY, "09:00-12:00;13:00-17:00",
                                { "u", "Office", { { DAY(0), DAY(1) } } },
                                "[Rule cal-Office-0bfe935e70]\nKind=office-day\nDates=2026-07-01..2026-07-01\n"
                                "Hours=09:00-12:00;13:00-17:00\nAlso=2026-07-01\n" },
                /* Names can be typed, whatever somebody wrote, and are no longer than names may be. */
                { __LINE__, ICS_AWAY, NULL, { "u", " [Büro]\n= zu! 🌊", { { DAY(0), DAY(1) } } },
                                "[Rule cal-Büro-zu-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-01\n" },
                { __LINE__, ICS_AWAY, NULL,
                                { "u", "ääääääääääääääääääääääääääääääääääääääääääääääääää",
                                                { { DAY(0), DAY(1) } } },
                                "[Rule cal-äääääääääääääääääääää-0bfe935e70]\nKind=away\n"
                                "Dates=2026-07-01..2026-07-01\n" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Changes changes = import(&cases[i].event, 1, cases[i].kind, cases[i].hours, "", false), again;
                char *text = stored(changes.text);

                CHECK_STR(cases[i].line, text, cases[i].text);
                again = import(&cases[i].event, 1, cases[i].kind, cases[i].hours, text, true);
                CHECK_STR(cases[i].line, again.text, "");
                CHECK_INT(cases[i].line, again.n[CHANGE_SAME], changes.n[CHANGE_NEW]);
                changes_done(&again);
                changes_done(&changes);
                g_free(text);
        }
}

static void test_many_dates(void) {
        IcsEvents events = { .events = g_ptr_array_new_with_free_func((GDestroyNotify) ics_event_free) };
        IcsEvent *event = g_new0(IcsEvent, 1);
        char sentence[ICS_SENTENCE_MAX];
        GPtrArray *rules = NULL;

        event->uid = g_strdup("u");
        event->summary = g_strdup("Every other day");
        event->spans = g_array_new(FALSE, FALSE, sizeof(IcsSpan));
        for (int i = 0; i < 1000; i++) {
                IcsSpan span = { DAY(2 * i), DAY(2 * i + 1) };
                g_array_append_val(event->spans, span);
        }
        g_ptr_array_add(events.events, event);
        g_assert_cmpint(ics_rules_make(&events, ICS_AWAY, "cal", NULL, NULL, &rules, sentence), ==, 0);
        g_assert_cmpuint(rules->len, ==, 3);
        for (guint i = 0; i < rules->len; i++) {
                const IcsRule *rule = g_ptr_array_index(rules, i);
                char *text = g_strdup_printf("[Rule %s]\n%s%s", rule->name, rule->keys, rule->dates);
                char *printed = stored(text);

                g_assert_cmpstr(printed, ==, text);
                g_free(printed);
                g_free(text);
        }
        g_ptr_array_unref(rules);
        rules = NULL;
        for (int i = 1000; i < 10001; i++) {
                IcsSpan span = { DAY(2 * i), DAY(2 * i + 1) };
                g_array_append_val(event->spans, span);
        }
        g_assert_cmpint(ics_rules_make(&events, ICS_OFFICE_DAY, "cal", NULL, NULL, &rules, sentence), ==,
                        -EINVAL);
        g_assert_nonnull(strstr(sentence, "more than 10000 office days"));
        g_assert_null(rules);
        ics_events_done(&events);
}

/* An event that moved, one that was renamed, one that is gone; what the user has set; other rules. */
static void test_again(void) {
        static const Given before[] = {
                { "u", "Trip", { { AT(0, 16), AT(3, 10) } } },
                { "v", "Course", { { AT(5, 9), AT(5, 12) } } },
                { "w", "Fair", { { DAY(9), DAY(10) } } },
        };
        static const Given after[] = {
                { "u", "Long trip", { { DAY(0), DAY(4) } } },
                { "v", "Course", { { AT(5, 10), AT(5, 12) } } },
        };
        Changes first = import(before, 3, ICS_AWAY, NULL, "", false), second;
        char *stored_first, *text, *with_focus, *course;
        GString *there;

        g_assert_cmpuint(first.n[CHANGE_NEW], ==, 5);
        stored_first = stored(first.text);
        course = strstr(stored_first, "Hours=09:00-12:00\n");
        g_assert_nonnull(course);
        there = g_string_new("[Profile deep]\nPlugins=sites\n\n[Rule cal-mine]\nHours=09:00-10:00\n\n");
        g_string_append(there, stored_first);
        g_string_append(there, "\n[Rule calendar-0bfe935e70]\nKind=away\n");
        with_focus = g_strdup(there->str);
        g_string_free(there, TRUE);
        there = g_string_new(with_focus);
        g_string_insert(there, (gssize) (strstr(with_focus, "Hours=09:00-12:00\n") - with_focus) + 18,
                        "Priority=5\nFocus=deep\n");
        g_free(with_focus);
        with_focus = stored(there->str);

        second = import(after, 2, ICS_AWAY, NULL, with_focus, false);
        g_assert_cmpuint(second.n[CHANGE_NEW], ==, 0);
        g_assert_cmpuint(second.n[CHANGE_CHANGED], ==, 2);
        g_assert_cmpuint(second.n[CHANGE_REMOVED], ==, 2); /* the trip took three rules */
        g_assert_cmpuint(second.n[CHANGE_GONE], ==, 1);
        g_assert_true(second.replace);
        text = stored(second.text);
        g_assert_nonnull(strstr(text, "[Profile deep]\n"));
        g_assert_nonnull(strstr(text, "[Rule cal-mine]\nHours=09:00-10:00\n"));
        g_assert_nonnull(strstr(text, "[Rule calendar-0bfe935e70]\n"));
        g_assert_nonnull(strstr(
                        text, "[Rule cal-Trip-0bfe935e70]\nKind=away\nDates=2026-07-01..2026-07-04\n"));
        g_assert_null(strstr(text, "0bfe935e70.2"));
        g_assert_nonnull(strstr(text, "Hours=10:00-12:00\nPriority=5\nFocus=deep\n"));
        g_assert_nonnull(strstr(text, "cal-Fair-"));
        changes_done(&second);

        second = import(after, 2, ICS_AWAY, NULL, text, true);
        g_assert_cmpuint(second.n[CHANGE_SAME], ==, 2);
        g_assert_cmpuint(second.n[CHANGE_REMOVED], ==, 1);
        g_assert_null(strstr(second.text, "cal-Fair-"));
        changes_done(&second);
        changes_done(&first);
        g_string_free(there, TRUE);
        g_free(with_focus);
        g_free(stored_first);
        g_free(text);
}

static void test_marks(void) {
        static const struct {
                int line;
                const char *name, *mark;
        } cases[] = {
                { __LINE__, "cal-Trip-0bfe935e70", "0bfe935e70" },
                { __LINE__, "cal-0bfe935e70.12", "0bfe935e70" },
                { __LINE__, "cal-mine", NULL },
                { __LINE__, "cal-Trip-0bfe935e7", NULL },
                { __LINE__, "cal-Trip-0bfe935e70a", NULL },
                { __LINE__, "cal-Trip-0bfe935e70.", NULL },
                { __LINE__, "cal-Trip-0bfe935e70.x", NULL },
                { __LINE__, "calendar-0bfe935e70", NULL },
                { __LINE__, "cal", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                char *mark = ics_mark_of(cases[i].name, "cal");

                CHECK_STR(cases[i].line, mark, cases[i].mark);
                g_free(mark);
        }
}

static void test_event_without_spans(void) {
        if (g_test_subprocess()) {
                char sentence[ICS_SENTENCE_MAX];
                IcsEvents events = events_of((const Given[]){ { .uid = "x" } }, 1);
                GPtrArray *rules = NULL;

                (void) ics_rules_make(&events, ICS_AWAY, "x", NULL, NULL, &rules, sentence);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*spans->len > 0*");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ics-rules/shapes", test_shapes);
        g_test_add_func("/ics-rules/many-dates", test_many_dates);
        g_test_add_func("/ics-rules/again", test_again);
        g_test_add_func("/ics-rules/marks", test_marks);
        g_test_add_func("/ics-rules/event-without-spans", test_event_without_spans);
        return g_test_run();
}
