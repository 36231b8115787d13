/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/agenda.h"

#include <assert.h>
#include <errno.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/user.h"

#define LAST_REAL_USEC (253339228800ULL * USEC_PER_SEC) /* 9998-01-01: dates end with 9999 */

static int check_instant(uint64_t real_usec, Refusal *ret_refusal) {
        if (real_usec < LAST_REAL_USEC)
                return 0;
        return refuse(ret_refusal, REFUSAL_INVALID_TIME,
                        "this instant is beyond the year 9997, the last that schedules know");
}

int user_agenda_each_warning(User *user, WarningFunc func, void *userdata) {
        Calendar *calendar = user_calendar(user);

        assert(user->call);
        return calendar_warnings(calendar, calendar_date_of(calendar, user->engine->now.real_usec),
                        &user->engine->yield, func, userdata);
}

int user_agenda_explain(User *user, uint64_t at_real_usec, Schedule *ret_schedule, char **ret_why,
                Refusal *ret_refusal) {
        Calendar *calendar = user_calendar(user);
        Schedule schedule;
        int r;

        assert(user->call);
        r = check_instant(at_real_usec, ret_refusal);
        if (r != 0)
                return r;
        if (at_real_usec == 0)
                at_real_usec = user->engine->now.real_usec;
        r = calendar_at(calendar, at_real_usec, &schedule);
        if (r < 0)
                return r;
        if (ret_why)
                *ret_why = calendar_why(calendar, at_real_usec, &schedule);
        *ret_schedule = schedule;
        return 0;
}

int user_agenda_each(User *user, uint64_t from_real_usec, uint64_t to_real_usec, StretchFunc func,
                void *userdata, Refusal *ret_refusal) {
        int r;

        assert(user->call);
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
        return calendar_agenda(user_calendar(user), from_real_usec, to_real_usec, func, userdata);
}

int user_agenda_capacity(User *user, Date date, uint64_t from_real_usec, uint32_t *ret_pomodoros,
                Refusal *ret_refusal) {
        int r;

        assert(user->call);
        if (date < DATE_MIN || date > DATE_MAX - 2)
                return refuse(ret_refusal, REFUSAL_INVALID_ARGUMENT,
                                "the date is out of range; it must be from 1970-01-01 on and before 9999-12-30");
        r = check_instant(from_real_usec, ret_refusal);
        if (r != 0)
                return r;
        return calendar_capacity(user_calendar(user), &user->settings, date, from_real_usec, ret_pomodoros);
}
