/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What work is measured by: what a day is meant to hold. */

#include "daemon/core/calendar-private.h"

static void add_target(const Cover *cover, void *userdata) {
        uint32_t *sum = userdata;

        if (cover->standing == COVER_GOVERNS)
                *sum += MIN(cover->rule->target, UINT32_MAX - *sum);
}

uint32_t calendar_target(Calendar *calendar, Date date) {
        uint32_t sum = 0;

        calendar_covers(calendar, date, add_target, &sum);
        return sum;
}
