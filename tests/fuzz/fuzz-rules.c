/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>

#include "daemon/core/calendar.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        char *text = g_strndup((const char *) data, size), *printed, *reprinted;
        Refusal why = {};
        RuleSet set, again;
        GTimeZone *zone;
        Calendar *calendar;
        Schedule schedule;
        int r = rule_set_parse(text, &set, &why);

        g_free(text);
        if (r != 0) {
                g_assert_true(r == REFUSAL_INVALID_ARGUMENT || r == REFUSAL_LIMITS_EXCEEDED);
                g_assert_cmpint(r, ==, (int) why.code);
                g_assert_cmpuint(strlen(why.message), >, 0);
                g_assert_true(g_utf8_validate(why.message, -1, NULL));
                return 0;
        }

        /* What is taken is printed so that it is taken again, and is the same. */
        printed = rule_set_print(&set);
        g_assert_cmpint(rule_set_parse(printed, &again, &why), ==, 0);
        reprinted = rule_set_print(&again);
        g_assert_cmpstr(printed, ==, reprinted);

        /* And it says something of every instant. */
        zone = g_time_zone_new_identifier("Europe/Zurich");
        calendar = calendar_new(&set, zone);
        g_assert_cmpint(calendar_at(calendar, G_GUINT64_CONSTANT(1780300800000000), &schedule), ==, 0);
        calendar_free(calendar);
        g_time_zone_unref(zone);

        g_free(reprinted);
        g_free(printed);
        rule_set_done(&again);
        rule_set_done(&set);
        return 0;
}
