/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Questions about rules and what they make of times other than now. */

#include "daemon/engine/engine-private.h"

#include <errno.h>

#define LAST_REAL_USEC (253339228800ULL * USEC_PER_SEC) /* 9998-01-01: dates end with 9999 */

static int enter(Engine *engine, uid_t uid, User **ret_user, Calendar **ret_calendar, Refusal *ret_refusal) {
        Calendar *calendar;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        calendar = user_calendar(user);
        if (!calendar)
                return -ENOMEM;
        *ret_user = user;
        *ret_calendar = calendar;
        return 0;
}

static int check_instant(uint64_t real_usec, Refusal *ret_refusal) {
        if (real_usec < LAST_REAL_USEC)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                        "this instant is beyond the year 9997, the last that schedules know");
}

int engine_each_rule(Engine *engine, uid_t uid, RuleFunc func, void *userdata, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        for (guint i = 0; r == 0 && i < user->rules.rules->len; i++)
                r = func(&g_array_index(user->rules.rules, Rule, i), userdata);
        return r;
}

int engine_each_profile(Engine *engine, uid_t uid, ProfileFunc func, void *userdata, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        for (guint i = 0; r == 0 && i < user->rules.profiles->len; i++)
                r = func(&g_array_index(user->rules.profiles, Profile, i), userdata);
        return r;
}

int engine_print_rules(Engine *engine, uid_t uid, char **ret_text, Refusal *ret_refusal) {
        User *user;
        char *text;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        text = rule_set_print(&user->rules);
        if (!text)
                return -ENOMEM;
        *ret_text = text;
        return 0;
}

int engine_each_warning(Engine *engine, uid_t uid, WarningFunc func, void *userdata, Refusal *ret_refusal) {
        Calendar *calendar;
        User *user;
        int r;

        r = enter(engine, uid, &user, &calendar, ret_refusal);
        if (r != 0)
                return r;
        return calendar_warnings(calendar, calendar_date_of(calendar, engine->now.real_usec), &engine->yield,
                        func, userdata);
}

int engine_explain(Engine *engine, uid_t uid, uint64_t at_real_usec, Schedule *ret_schedule, char **ret_why,
                Refusal *ret_refusal) {
        Calendar *calendar;
        Schedule schedule;
        User *user;
        int r;

        r = check_instant(at_real_usec, ret_refusal);
        if (r == 0)
                r = enter(engine, uid, &user, &calendar, ret_refusal);
        if (r != 0)
                return r;
        if (at_real_usec == 0)
                at_real_usec = engine->now.real_usec;
        r = calendar_at(calendar, at_real_usec, &schedule);
        if (r < 0)
                return r;
        if (ret_why) {
                r = calendar_why(calendar, at_real_usec, &schedule, ret_why);
                if (r < 0)
                        return r;
        }
        *ret_schedule = schedule;
        return 0;
}

int engine_agenda(Engine *engine, uid_t uid, uint64_t from_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata, Refusal *ret_refusal) {
        Calendar *calendar;
        User *user;
        int r;

        r = check_instant(from_real_usec, ret_refusal);
        if (r == 0)
                r = check_instant(to_real_usec, ret_refusal);
        if (r != 0)
                return r;
        if (from_real_usec >= to_real_usec)
                return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                                "the end of an agenda must be after its beginning");
        if (to_real_usec - from_real_usec > CALENDAR_HORIZON_USEC)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "an agenda can have two years at most; ask for them one after the other");
        r = enter(engine, uid, &user, &calendar, ret_refusal);
        return r != 0 ? r : calendar_agenda(calendar, from_real_usec, to_real_usec, func, userdata);
}

int engine_capacity(Engine *engine, uid_t uid, Date date, uint64_t from_real_usec, uint32_t *ret_pomodoros,
                Refusal *ret_refusal) {
        Calendar *calendar;
        User *user;
        int r;

        if (date < DATE_MIN || date > DATE_MAX - 2)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the date is out of range; it must be from 1970-01-01 on and before "
                                "9999-12-30");
        r = check_instant(from_real_usec, ret_refusal);
        if (r == 0)
                r = enter(engine, uid, &user, &calendar, ret_refusal);
        return r != 0 ? r : calendar_capacity(calendar, &user->settings, date, from_real_usec, ret_pomodoros);
}
