/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/calendar.h"

#include <string.h>

/* ---- zone and calendar ---- */

GTimeZone *user_calendar_zone(User *user) {
        if (!user->zone && user->settings.time_zone[0] != '\0') {
                user->zone = g_time_zone_new_identifier(user->settings.time_zone);
                if (!user->zone)
                        journal_warning("%s: the time zone %s of user %u is not known here; the system's is used",
                                        user->call ?: "pomod", user->settings.time_zone, user->uid);
        }
        if (!user->zone)
                user->zone = g_time_zone_new_local();
        return user->zone;
}

void user_calendar_forget_zone(User *user) {
        if (user->zone)
                g_time_zone_unref(user->zone);
        user->zone = NULL;
        user->today_known = false;
        user_calendar_forget(user);
}

void user_calendar_forget(User *user) {
        user->calendar = calendar_free(user->calendar);
        user->schedule_known = false;
}

void user_calendar_adopt_rules(User *user, RuleSet *rules) {
        user_calendar_forget(user);
        rule_set_done(&user->rules);
        user->rules = *rules;
        *rules = (RuleSet){};
        user->rules_number = ++user->engine->rules_number;
        user->lived.known = false;
        user->today_known = false;

        user->has_duty = false;
        for (guint i = 0; i < user->rules.rules->len; i++) {
                const Rule *rule = &g_array_index(user->rules.rules, Rule, i);

                if (rule->focus[0] != '\0' || rule->kind == RULE_OFFICE_DAY || rule->auto_start ||
                                rule->auto_switch)
                        user->has_duty = true;
        }
}

Calendar *user_calendar(User *user) {
        if (!user->calendar)
                user->calendar = calendar_new(&user->rules, user_calendar_zone(user));
        return user->calendar;
}

/* ---- what holds now ---- */

static bool stands(const User *user) {
        const uint64_t now = user->engine->now.real_usec;

        return user->schedule_known && now >= user->schedule_from_usec && now < user->schedule_edge_usec;
}

bool user_calendar_is_current(const User *user) {
        return user->rules.rules->len == 0 || stands(user);
}

static void note_window_date(User *user) {
        char date[DATE_TEXT_MAX] = "";

        if (user->schedule.state == SCHEDULE_WINDOW)
                date_format(user->schedule.window.date, date);
        if (strcmp(date, user->window_date) == 0)
                return;
        g_strlcpy(user->window_date, date, sizeof(user->window_date));
        user->today_known = false;
}

/* Windows of one rule that touch are one stretch to core; their dates are not one day. */
static uint64_t next_edge(const Schedule *schedule, uint64_t now_real_usec) {
        uint64_t edge = schedule->until_real_usec ? schedule->until_real_usec
                                                  : now_real_usec + CALENDAR_HORIZON_USEC;

        if (schedule->window.rule && schedule->window.to_real_usec > now_real_usec)
                edge = MIN(edge, schedule->window.to_real_usec);
        return edge;
}

const Schedule *user_calendar_schedule(User *user) {
        const uint64_t now = user->engine->now.real_usec;

        if (stands(user))
                return &user->schedule;
        user->schedule = (Schedule){ .state = SCHEDULE_FREE, .at_real_usec = now };
        user->schedule_from_usec = 0;
        user->schedule_edge_usec = UINT64_MAX;
        if (user->rules.rules->len > 0) {
                /* Beyond the last year there is no calendar, and nothing holds. */
                if (calendar_at(user_calendar(user), now, &user->schedule) < 0)
                        return &user->schedule;
                user->schedule_from_usec = now;
                user->schedule_edge_usec = next_edge(&user->schedule, now);
        }
        user->schedule_known = true;
        note_window_date(user);
        return &user->schedule;
}

/* On BOOTTIME, by what the two clocks say of each other now: a clock that is set moves it. */
uint64_t user_calendar_next(const User *user) {
        const Now *now = &user->engine->now;

        if (!user->schedule_known || user->schedule_edge_usec == UINT64_MAX)
                return MACHINE_NEVER;
        if (user->schedule_edge_usec <= now->real_usec)
                return now->boot_usec;
        return now->boot_usec + (user->schedule_edge_usec - now->real_usec);
}

void user_calendar_env(User *user, MachineEnv *ret_env) {
        const Schedule *schedule = user_calendar_schedule(user);
        const bool in_window = schedule->state == SCHEDULE_WINDOW;
        const bool outside = schedule->state == SCHEDULE_OFF_HOURS || schedule->state == SCHEDULE_AWAY;

        *ret_env = (MachineEnv){
                .settings = &user->settings,
                .zone = user_calendar_zone(user),
                .now = user->engine->now,
                .mode = in_window ? schedule->mode : INTERVAL_POMODORO,
                .rule = in_window ? schedule->window.rule->name : "",
                .window_date = user->window_date,
                .task_title = user->task_title,
                .off_hours = outside,
                .overtime = outside,
                .calendar = outside ? user_calendar(user) : NULL,
                .schedule = schedule,
        };
}
