/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <inttypes.h>

/* The reading that bars and prompts make all day: in a settled state no allocation, no store, no system call.
 */
int engine_get_timer(Engine *engine, uid_t uid, TimerSnapshot *ret_snapshot, Refusal *ret_refusal) {
        const Schedule *schedule;
        const Rule *rule;
        MachineEnv env;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        schedule = user_schedule(user);
        rule = schedule->window.rule;
        user_env(user, &env);
        machine_view(&user->machine, &env, &ret_snapshot->view);
        ret_snapshot->task_title = user->task_title ? user->task_title : "";
        ret_snapshot->completed_today = user->completed_today;
        ret_snapshot->target_today = (schedule->state == SCHEDULE_WINDOW ? rule->target : user->rules_target)
                                                     ?: user->settings.target;
        ret_snapshot->mode = schedule->mode;
        ret_snapshot->rule = rule ? rule->name : "";
        ret_snapshot->schedule_state = schedule_state_to_string(schedule->state);
        ret_snapshot->time_zone = user->settings.time_zone;
        ret_snapshot->boot_id = user->machine.boot_id;
        ret_snapshot->seq = user->seq;
        return 0;
}

int engine_get_settings(Engine *engine, uid_t uid, Settings *ret_settings, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        *ret_settings = user->settings;
        return 0;
}

static int refuse_no_task(int64_t id, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_TASK, "there is no task #%" PRIu64, (uint64_t) id);
}

int engine_get_task(Engine *engine, uid_t uid, int64_t id, Task *ret_task, Refusal *ret_refusal) {
        User *user;
        Task task;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        r = user->store ? store_get_task(user->store, id, &task) : -ENOENT;
        if (r == -ENOENT)
                return refuse_no_task(id, ret_refusal);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        if (task.removed) {
                task_done(&task);
                return refuse_no_task(id, ret_refusal);
        }
        *ret_task = task;
        return 0;
}

int engine_find_task(Engine *engine, uid_t uid, const char *title, const char *project, int64_t *ret_id,
                Refusal *ret_refusal) {
        int64_t id;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        r = user_resolve_task(user, title, project, &id, ret_refusal);
        if (r != 0)
                return r;
        if (id == STORE_NEW_TASK)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_TASK,
                                "there is no open task \"%s\"; one that is done is named by its number, like "
                                "#7",
                                title);
        *ret_id = id;
        return 0;
}

/* By the rules of now, as whoever reads it knows them. */
static int note_overtime(User *user, Interval *interval) {
        Calendar *calendar;

        interval->overtime_usec = 0;
        if (user->rules.rules->len == 0)
                return 0;
        give_way(&user->engine->yield);
        calendar = user_calendar(user);
        if (!calendar)
                return -ENOMEM;
        interval->overtime_usec = calendar_overtime(calendar, interval);
        return 0;
}

/* The day of the last record that was in no window: the next is mostly of the same. */
typedef struct LastDay {
        Span span;
        char date[11];
} LastDay;

static void note_date(User *user, LastDay *last, Interval *interval) {
        const uint64_t started = interval->started_real_usec;

        if (interval->window_date[0] == '\0' &&
                        (started < last->span.from_real_usec || started >= last->span.to_real_usec))
                user_day_at(user, started, &last->span, last->date);
        g_strlcpy(interval->date, interval->window_date[0] != '\0' ? interval->window_date : last->date,
                        sizeof(interval->date));
}

/* What a caller's function makes of a record: its own errors are not the store's. */
typedef struct Visit {
        User *user;
        TaskFunc task;
        IntervalFunc interval;
        void *userdata;
        int stopped;
        LastDay day;
} Visit;

static int visit_task(const Task *task, void *userdata) {
        Visit *visit = userdata;

        visit->stopped = visit->task(task, visit->userdata);
        return visit->stopped;
}

int engine_each_task(Engine *engine, uid_t uid, const TaskQuery *query, TaskFunc func, void *userdata,
                Refusal *ret_refusal) {
        Visit visit = { .task = func, .userdata = userdata };
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0 || !user->store)
                return r;
        r = store_each_task(user->store, query, visit_task, &visit);
        if (visit.stopped != 0)
                return visit.stopped;
        return r < 0 ? user_refuse_store(user, r, ret_refusal) : 0;
}

int engine_get_interval(Engine *engine, uid_t uid, int64_t id, Interval *ret_interval, Refusal *ret_refusal) {
        Interval interval;
        LastDay day = {};
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        r = user->store ? store_get_interval(user->store, id, &interval) : -ENOENT;
        if (r == -ENOENT)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_INTERVAL, "there is no interval #%" PRIu64,
                                (uint64_t) id);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        r = user_patch_interval(user, &interval);
        if (r == 0)
                r = note_overtime(user, &interval);
        if (r < 0) {
                interval_done(&interval);
                return r;
        }
        note_date(user, &day, &interval);
        *ret_interval = interval;
        return 0;
}

int engine_get_interruptions(Engine *engine, uid_t uid, Interval *interval, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0 || !user->store)
                return r;
        r = store_read_interruptions(user->store, interval);
        return r < 0 ? user_refuse_store(user, r, ret_refusal) : 0;
}

int engine_parse_period(Engine *engine, uid_t uid, const char *text, Span *ret_span, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        /* In a window it is the window's day, on either side of midnight. */
        return period_parse(text, &user->settings, user_zone(user),
                        user->window_date[0] != '\0' && user->today_known ? user->today.from_real_usec
                                                                          : engine->now.real_usec,
                        ret_span, ret_refusal);
}

#define MAX_DAY_USEC (253402300800ULL * USEC_PER_SEC) /* dates end with the year 9999 */

static int visit_interval(const Interval *interval, void *userdata) {
        cleanup_(interval_done) Interval running = {};
        Interval shown = *interval; /* its texts are the record's */
        Visit *visit = userdata;
        int r = 0;

        /* One at most is said to run: the copy costs nothing that is felt. */
        if (interval->outcome == OUTCOME_RUNNING) {
                interval_copy(interval, &running);
                r = user_patch_interval(visit->user, &running);
                shown = running;
        }
        if (r >= 0)
                note_date(visit->user, &visit->day, &shown);
        if (r >= 0)
                r = note_overtime(visit->user, &shown);
        visit->stopped = r < 0 ? r : visit->interval(&shown, visit->userdata);
        return visit->stopped;
}

int engine_each_interval(Engine *engine, uid_t uid, const LogQuery *query, IntervalFunc func, void *userdata,
                Refusal *ret_refusal) {
        Visit visit = { .interval = func, .userdata = userdata };
        LogQuery days = *query;
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0 || !user->store)
                return r;
        visit.user = user;
        if (days.by_day && days.span.to_real_usec < MAX_DAY_USEC) {
                user_date_at(user, days.span.from_real_usec, days.from_date);
                user_date_at(user, days.span.to_real_usec, days.to_date);
        }
        r = store_each_interval(user->store, &days, visit_interval, &visit);
        if (visit.stopped != 0)
                return visit.stopped;
        return r < 0 ? user_refuse_store(user, r, ret_refusal) : 0;
}
