/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/today.h"

#include <string.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/outbox.h"

bool user_today_has(const User *user, uint64_t started_real_usec, const char *window_date) {
        if (window_date[0] != '\0')
                return strcmp(window_date, user->today_date) == 0;
        return started_real_usec >= user->today.from_real_usec &&
               started_real_usec < user->today.to_real_usec;
}

bool user_today_is_current(const User *user) {
        const uint64_t now = user->engine->now.real_usec;

        return user->today_known && now >= user->today_from_usec && now < user->today_to_usec;
}

void user_today_date_at(User *user, uint64_t real_usec, char ret_date[11]) {
        const int64_t local = (int64_t) (real_usec / USEC_PER_SEC) +
                              zone_offset_at(user_calendar_zone(user), real_usec);
        char text[DATE_TEXT_MAX];

        g_strlcpy(ret_date, date_format(date_at(MAX(local, 0), 0), text), 11);
}

void user_today_day_at(User *user, uint64_t real_usec, Span *ret_span, char ret_date[11]) {
        day_span_at(&user->settings, user_calendar_zone(user), real_usec, ret_span);
        user_today_date_at(user, ret_span->from_real_usec, ret_date);
}

static void find_target(User *user) {
        Calendar *calendar = user->rules.rules->len > 0 ? user_calendar(user) : NULL;
        Date date;

        user->rules_target = calendar && date_parse(user->today_date, &date) == 0
                                             ? calendar_target(calendar, date)
                                             : 0;
}

static void find_today(User *user) {
        const uint64_t now = user->engine->now.real_usec;
        GTimeZone *zone = user_calendar_zone(user);
        int64_t start;
        Date date;

        user_calendar_schedule(user);
        if (user->window_date[0] != '\0' && date_parse(user->window_date, &date) == 0) {
                start = zone_resolve_local(zone, (int64_t) date * 86400 + user->settings.day_start_sec);
                day_span_at(&user->settings, zone, (uint64_t) MAX(start, 0) * USEC_PER_SEC, &user->today);
                g_strlcpy(user->today_date, user->window_date, sizeof(user->today_date));
                /* The window's edge is looked at anyway, and with it the day. */
                user->today_from_usec = 0;
                user->today_to_usec = UINT64_MAX;
                return;
        }
        user_today_day_at(user, now, &user->today, user->today_date);
        user->today_from_usec = user->today.from_real_usec;
        user->today_to_usec = user->today.to_real_usec;
}

int user_today_count(User *user) {
        uint32_t completed = 0;
        int r;

        find_today(user);
        find_target(user);
        if (user->store) {
                r = store_interval_count_completed(user->store, &user->today, user->today_date, &completed);
                if (r < 0)
                        return r;
        }
        user->completed_today = completed + user_outbox_count_completed(user, user_today_has);
        user->today_known = true;
        return 0;
}
