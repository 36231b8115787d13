/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/*
 * What the rules make of a user's day. What holds now is worked out once and stands up to its edge, which is
 * a deadline of the one timer; nobody looks in between. An edge that is passed is told, and lived: AutoStart
 * begins a window's mode, AutoSwitch ends a freeform morning.
 */

#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <string.h>

#include "common/timestamp.h"

/* An edge seen later than this was seen by nobody: what it would have begun is not begun. */
#define LIVE_USEC (60 * USEC_PER_SEC)

/* ---- what holds now ---- */

void user_forget_calendar(User *user) {
        user->calendar = calendar_free(user->calendar);
        user->schedule_known = false;
}

/* Takes what the set owns. What held until now is not an edge of time: nothing begins because of it. */
void user_adopt_rules(User *user, RuleSet *rules) {
        user_forget_calendar(user);
        rule_set_done(&user->rules);
        user->rules = *rules;
        *rules = (RuleSet){};
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
        if (!user->calendar && calendar_new(&user->rules, user_zone(user), &user->calendar) < 0)
                return NULL;
        return user->calendar;
}

static bool is_current(const User *user) {
        const uint64_t now = user->engine->now.real_usec;

        return user->schedule_known && now >= user->schedule_from_usec && now < user->schedule_edge_usec;
}

bool user_schedule_is_current(const User *user) {
        return user->rules.rules->len == 0 || is_current(user);
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

const Schedule *user_schedule(User *user) {
        const uint64_t now = user->engine->now.real_usec;
        Calendar *calendar;

        if (is_current(user))
                return &user->schedule;
        user->schedule = (Schedule){ .state = SCHEDULE_FREE, .at_real_usec = now };
        user->schedule_from_usec = 0;
        user->schedule_edge_usec = UINT64_MAX;
        if (user->rules.rules->len > 0) {
                calendar = user_calendar(user);
                if (!calendar || calendar_at(calendar, now, &user->schedule) < 0)
                        return &user->schedule; /* no memory: looked at again with the next call */
                user->schedule_from_usec = now;
                user->schedule_edge_usec = next_edge(&user->schedule, now);
        }
        user->schedule_known = true;
        note_window_date(user);
        return &user->schedule;
}

/* On BOOTTIME, by what the two clocks say of each other now: a clock that is set moves it. */
uint64_t user_schedule_next(const User *user) {
        const Now *now = &user->engine->now;

        if (!user->schedule_known || user->schedule_edge_usec == UINT64_MAX)
                return MACHINE_NEVER;
        if (user->schedule_edge_usec <= now->real_usec)
                return now->boot_usec;
        return now->boot_usec + (user->schedule_edge_usec - now->real_usec);
}

/* ---- why not now ---- */

static int note_window(const Stretch *stretch, void *userdata) {
        if (stretch->state != SCHEDULE_WINDOW)
                return 0;
        *(Stretch *) userdata = *stretch;
        return 1;
}

void user_explain_off_hours(User *user, Refusal *refusal) {
        static const char insist[] = "start with anyway to work all the same";
        const Schedule *schedule = user_schedule(user);
        const uint64_t now = user->engine->now.real_usec;
        char when[TIMESTAMP_TEXT_MAX], what[CAP_RULE_BYTES + 64];
        Stretch next = {};

        if (schedule->state == SCHEDULE_AWAY)
                g_snprintf(what, sizeof(what), "you are away (rule %s)", schedule->window.rule->name);
        else
                g_strlcpy(what, "this is outside the hours of the day's rules", sizeof(what));
        if (calendar_agenda(user_calendar(user), now, now + CALENDAR_HORIZON_USEC, note_window, &next) != 1) {
                refuse(refusal, REFUSAL_OFF_HOURS, "%s, and no window follows within two years; %s", what,
                                insist);
                return;
        }
        timestamp_format_local(next.from_real_usec, next.offset_sec, "%Y-%m-%d %H:%M", when);
        refuse(refusal, REFUSAL_OFF_HOURS, "%s; the next window, of the rule %s, begins %s; %s", what,
                        next.window.rule->name, when, insist);
}

/* ---- edges ---- */

static Lived lived_now(User *user) {
        const Schedule *schedule = user_schedule(user);
        Lived lived = {
                .known = true,
                .state = schedule->state,
                .mode = schedule->mode,
                .window_from_usec = schedule->window.rule ? schedule->window.from_real_usec : 0,
                .until_usec = schedule->until_real_usec,
        };

        if (schedule->window.rule)
                g_strlcpy(lived.rule, schedule->window.rule->name, sizeof(lived.rule));
        return lived;
}

/* What the window that was just entered begins by itself; false for nothing. */
static bool wanted_start(const User *user, const Schedule *schedule, Event *ret_event) {
        const Running *running = &user->machine.running;
        const uint64_t now = user->engine->now.real_usec, from = schedule->window.from_real_usec;

        if (schedule->state != SCHEDULE_WINDOW || now < from || now - from > LIVE_USEC)
                return false;
        *ret_event = (Event){
                .type = EVENT_START,
                .kind = schedule->mode,
                .ago_usec = now - from,
                .by_schedule = true,
        };
        if (running->kind == INTERVAL_NONE)
                /* What ended since was begun in this window before us: it has been entered already. */
                return schedule->window.rule->auto_start && user->machine.newest_end_real_usec <= from;
        ret_event->switch_running = true;
        ret_event->task = running->task;
        return running->kind == INTERVAL_FREEFORM && running->paused_since_boot_usec == 0 &&
               schedule->mode == INTERVAL_POMODORO && schedule->window.rule->auto_switch;
}

static int begin(User *user, Event *event) {
        Refusal refusal;
        MachineEnv env;
        Change change;
        int r;

        user_env(user, &env);
        r = machine_dispatch(&user->machine, event, &env, &change, &refusal);
        if (r > 0 && event->ago_usec > 0) {
                /* It is over already, or was paused since: then it begins now. */
                event->ago_usec = 0;
                r = machine_dispatch(&user->machine, event, &env, &change, &refusal);
        }
        if (r != 0 || !change.changed)
                return r < 0 ? r : 0;
        /* Nobody asked for it: where it cannot be stored it is not begun, and what was asked goes on. */
        r = user_flush_pending(user, true);
        if (r == 0)
                r = user_commit(user, &change, NULL, &refusal);
        return r == -EUCLEAN ? r : 0;
}

static bool is_same_window(const Lived *a, const Lived *b) {
        return a->state == b->state && a->mode == b->mode && a->window_from_usec == b->window_from_usec &&
               strcmp(a->rule, b->rule) == 0;
}

int user_settle_schedule(User *user, bool started) {
        const Lived before = user->lived;
        const Schedule *schedule = user_schedule(user);
        Lived lived = lived_now(user);
        Event event;
        int r = 0;

        /* After a night asleep it may be the same state that ends at another time: who shows the end is told.
         */
        if (before.known && is_same_window(&lived, &before) && lived.until_usec == before.until_usec)
                return 0;
        user->lived = lived;
        /* Without a window before there was none to leave: the rules are new, or the user was just loaded. */
        if (before.known && user->store) {
                Happening happening = {
                        .type = HAPPENED_SCHEDULE_CHANGED,
                        .at_real_usec = user->engine->now.real_usec,
                };

                r = user_commit_happening(user, CHANGED_TIMER | CHANGED_SCHEDULES, &happening);
                if (r < 0)
                        return r;
        }
        if (before.known && is_same_window(&lived, &before))
                return r;
        if ((before.known || started) && user->store && wanted_start(user, schedule, &event))
                r = begin(user, &event);
        return r;
}
