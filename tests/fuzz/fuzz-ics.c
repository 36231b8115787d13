/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "clients/ics/changes.h"
#include "clients/ics/source.h"
#include "daemon/core/rules.h"
#include "tests/fuzz/fuzz.h"

#define NOW 1782900000 /* 2026-07-01 10:00 UTC */

static void check_events(const IcsEvents *events) {
        for (guint i = 0; i < events->events->len; i++) {
                const IcsEvent *event = g_ptr_array_index(events->events, i);

                g_assert_cmpuint(event->spans->len, >, 0);
                for (guint k = 0; k < event->spans->len; k++) {
                        const IcsSpan *span = &g_array_index(event->spans, IcsSpan, k);

                        g_assert_cmpint(span->from, <, span->to);
                        g_assert_cmpint(span->from, <, events->to);
                        g_assert_cmpint(span->to, >, events->from);
                }
        }
}

/* Whatever a calendar says, what is made of it are rules that the daemon takes. */
static void check_rules(const IcsEvents *events, IcsKind kind) {
        char sentence[ICS_SENTENCE_MAX] = "";
        GPtrArray *rules = NULL;
        Refusal refusal;
        Changes changes;
        RuleSet set;
        int r;

        r = ics_rules_make(events, kind, "fuzz", NULL, NULL, &rules, sentence);
        g_assert_true(r == 0 || (r == -EINVAL && *sentence));
        if (r < 0)
                return;
        changes = changes_make("", rules, "fuzz", true);
        if (rules->len <= CAP_RULES && strlen(changes.text) <= CAP_RULES_TEXT_BYTES) {
                g_assert_cmpint(rule_set_parse(changes.text, &set, &refusal), ==, 0);
                g_assert_cmpuint(set.rules->len, ==, rules->len);
                rule_set_done(&set);
        }
        changes_done(&changes);
        g_ptr_array_unref(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        char sentence[ICS_SENTENCE_MAX] = "";
        IcsEvents events;
        GString *text;
        int r;

        g_setenv("TZ", "Europe/Berlin", TRUE);
        r = source_unfold((const char *) data, size, &text, sentence);
        g_assert_true(r == 0 || (r == -EINVAL && *sentence));
        if (r < 0)
                return 0;
        r = ics_events_read(text->str, NOW, &events, sentence);
        g_assert_true(r == 0 || (r == -EINVAL && *sentence));
        g_string_free(text, TRUE);
        if (r < 0)
                return 0;
        check_events(&events);
        check_rules(&events, ICS_AWAY);
        check_rules(&events, ICS_OFFICE_DAY);
        ics_events_done(&events);
        return 0;
}
