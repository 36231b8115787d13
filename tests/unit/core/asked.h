/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A calendar of rules that a test writes down, and instants to ask it about. */

#include "daemon/core/calendar.h"

typedef struct Asked {
        RuleSet set;
        GTimeZone *zone;
        Calendar *calendar;
} Asked;

/* The calendar keeps pointers into it. */
static inline Asked *ask(const char *text, const char *zone) {
        Asked *asked = g_new0(Asked, 1);
        Refusal why = {};

        asked->zone = g_time_zone_new_identifier(zone);
        g_assert_nonnull(asked->zone);
        if (rule_set_parse(text, &asked->set, &why) != 0)
                g_error("%s\n%s", why.message, text);
        asked->calendar = calendar_new(&asked->set, asked->zone);
        return asked;
}

static inline void asked_done(Asked *asked) {
        asked->calendar = calendar_free(asked->calendar);
        g_time_zone_unref(asked->zone);
        rule_set_done(&asked->set);
        g_free(asked);
}

static inline uint64_t instant(const char *utc) {
        GDateTime *time = g_date_time_new_from_iso8601(utc, NULL);
        uint64_t usec;

        if (!time)
                g_error("%s is no instant", utc);
        usec = (uint64_t) g_date_time_to_unix(time) * G_USEC_PER_SEC;
        g_date_time_unref(time);
        return usec;
}
