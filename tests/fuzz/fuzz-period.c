/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include <glib.h>
#include <string.h>

#include "daemon/core/days.h"
#include "tests/fuzz/fuzz.h"

/* The first nine bytes choose the zone and the moment, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static const char *const names[] = { "UTC", "Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe" };
        static GTimeZone *zones[G_N_ELEMENTS(names)];
        const size_t header = 1 + sizeof(uint64_t);
        Span span = { 1, 2 }, day;
        Settings settings;
        Refusal refusal;
        uint64_t now;
        char *text;
        int r;

        if (size < header)
                return 0;
        if (!zones[0])
                for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                        zones[i] = g_time_zone_new_identifier(names[i]);
        GTimeZone *zone = zones[data[0] % G_N_ELEMENTS(names)];
        memcpy(&now, data + 1, sizeof(now));
        text = g_strndup((const char *) data + header, size - header);
        settings_init(&settings);
        settings.day_start_sec = data[0] / 4u * 1200u;

        r = period_parse(text, &settings, zone, now, &span, &refusal);
        if (r == 0) {
                g_assert_cmpuint(span.from_real_usec, <=, span.to_real_usec);
                g_assert_cmpuint(span.to_real_usec, <=, INT64_MAX);
        } else {
                g_assert_cmpint(r, ==, REFUSAL_INVALID_ARGUMENT);
                g_assert_true(g_utf8_validate(refusal.message, -1, NULL));
                g_assert_cmpuint(span.to_real_usec, ==, 2);
        }
        if (now < INT64_MAX / 2) {
                day_span_at(&settings, zone, now, &day);
                g_assert_true(day.from_real_usec <= now && now < day.to_real_usec);
        }
        g_free(text);
        return 0;
}
