/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/read.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/enforce.h"
#include "daemon/engine/grants.h"
#include "daemon/engine/running.h"
#include "daemon/engine/shortfalls.h"
#include "daemon/engine/tasks.h"
#include "daemon/engine/today.h"
#include "daemon/engine/user.h"

/* ---- the timer and the settings ---- */

void user_read_timer(User *user, TimerSnapshot *ret_snapshot) {
        const Schedule *schedule = user_calendar_schedule(user);
        const Rule *rule = schedule->window.rule;
        MachineEnv env;

        user_calendar_env(user, &env);
        machine_view(&user->machine, &env, &ret_snapshot->view);
        ret_snapshot->task_title = user->task_title ?: "";
        ret_snapshot->completed_today = user->completed_today;
        ret_snapshot->target_today = (schedule->state == SCHEDULE_WINDOW ? rule->target : user->rules_target)
                                                     ?: user->settings.target;
        ret_snapshot->mode = schedule->mode;
        ret_snapshot->rule = rule ? rule->name : "";
        ret_snapshot->schedule_state = schedule_state_to_string(schedule->state);
        ret_snapshot->time_zone = user->settings.time_zone;
        ret_snapshot->boot_id = user->machine.boot_id;
        ret_snapshot->not_enforced = user->focus.not_enforced ?: "";
        ret_snapshot->seq = user->seq;
}

void user_read_settings(const User *user, Settings *ret_settings) {
        *ret_settings = user->settings;
}

void user_read_events(User *user, uint64_t since, ReplayFunc func, void *userdata, bool *ret_complete) {
        /* A number from the future is of another store: who holds it knows nothing of this one. */
        *ret_complete = replay_each(&user->replay, since, func, userdata) && since <= user->seq;
}

/* ---- tasks ---- */

int user_read_task(User *user, int64_t id, Task *ret_task, Refusal *ret_refusal) {
        return user_tasks_get(user, id, ret_task, ret_refusal);
}

int user_read_task_id(
                User *user, const char *title, const char *project, int64_t *ret_id, Refusal *ret_refusal) {
        int64_t id;
        int r;

        r = user_tasks_resolve(user, title, project, &id, ret_refusal);
        if (r != 0)
                return r;
        if (id == TASK_TO_MAKE)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_TASK,
                                "there is no open task \"%s\"; one that is done is named by its number, like #7",
                                title);
        *ret_id = id;
        return 0;
}

void user_read_end(Reading *reading) {
        reading->rows = store_cursor_free(reading->rows);
}

int user_read_tasks(User *user, const TaskQuery *query, Reading *ret_reading) {
        Reading reading = { .user = user };
        int r = 0;

        assert(user->call);
        if (user->store)
                r = store_tasks_read(user->store, query, &reading.rows);
        if (r == 0)
                *ret_reading = reading;
        return r;
}

int user_read_next_task(Reading *reading, Task *ret_task) {
        assert(reading->user->call);
        return reading->rows ? store_tasks_next(reading->rows, ret_task) : 0;
}

/* ---- the log ---- */

/* By the rules of now, as whoever reads it knows them. */
static void note_overtime(User *user, Interval *interval) {
        interval->overtime_usec = 0;
        if (user->rules.rules->len == 0)
                return;
        interval->overtime_usec = calendar_overtime(user_calendar(user), interval, &user->engine->yield);
}

static void note_date(Reading *reading, Interval *interval) {
        const uint64_t started = interval->started_real_usec;
        const bool windowed = interval->window_date[0] != '\0';

        if (!windowed && (started < reading->day.from_real_usec || started >= reading->day.to_real_usec))
                user_today_day_at(reading->user, started, &reading->day, reading->date);
        g_strlcpy(interval->date, windowed ? interval->window_date : reading->date, sizeof(interval->date));
}

/* What is derived when a record is read. */
static void complete(Reading *reading, Interval *interval) {
        user_running_patch(reading->user, interval);
        note_date(reading, interval);
        note_overtime(reading->user, interval);
}

int user_read_interval(User *user, int64_t id, Interval *ret_interval, Refusal *ret_refusal) {
        Reading alone = { .user = user };
        Interval interval;
        int r;

        assert(user->call);
        r = user->store ? store_interval_get(user->store, id, &interval) : -ENOENT;
        if (r == -ENOENT)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_INTERVAL, "there is no interval #%" PRIu64,
                                (uint64_t) id);
        if (r < 0)
                return r;
        complete(&alone, &interval);
        *ret_interval = interval;
        return 0;
}

int user_read_interruptions(User *user, Interval *interval, uint32_t after) {
        if (!user->store)
                return 0;
        return store_interval_read_interruptions(user->store, interval, after, CAP_INTERRUPTIONS_PER_RECORD);
}

int user_read_period(User *user, const char *text, Span *ret_span, Refusal *ret_refusal) {
        /* In a window it is the window's day, on either side of midnight. */
        const bool windowed = user->window_date[0] != '\0' && user->today_known;

        assert(user->call);
        return period_parse(text, &user->settings, user_calendar_zone(user),
                        windowed ? user->today.from_real_usec : user->engine->now.real_usec, ret_span,
                        ret_refusal);
}

#define MAX_DAY_USEC (253402300800ULL * USEC_PER_SEC) /* dates end with the year 9999 */

int user_read_intervals(User *user, const LogQuery *query, Reading *ret_reading) {
        Reading reading = { .user = user };
        LogQuery days = *query;
        int r = 0;

        assert(user->call);
        if (days.by_day && days.span.to_real_usec < MAX_DAY_USEC) {
                user_today_date_at(user, days.span.from_real_usec, days.from_date);
                user_today_date_at(user, days.span.to_real_usec, days.to_date);
        }
        if (user->store)
                r = store_intervals_read(user->store, &days, &reading.rows);
        if (r == 0)
                *ret_reading = reading;
        return r;
}

int user_read_next_interval(Reading *reading, Interval *ret_interval) {
        int r;

        assert(reading->user->call);
        r = reading->rows ? store_intervals_next(reading->rows, ret_interval) : 0;
        give_way(&reading->user->engine->yield);
        if (r == 1)
                complete(reading, ret_interval);
        return r;
}

/* ---- rules and claims ---- */

const RuleSet *user_read_rules(const User *user) {
        return &user->rules;
}

uint64_t user_read_rules_number(const User *user) {
        return user->rules_number;
}

Now user_read_now(const User *user) {
        return user->engine->now;
}

const Claim *user_read_claim(const User *user, unsigned *place) {
        const GArray *claims = user->focus.claims;

        while (claims && *place < claims->len) {
                const Claim *claim = &g_array_index(claims, Claim, (*place)++);

                if (claim_in_force(claim, &user->engine->now))
                        return claim;
        }
        return NULL;
}

void user_read_claim_shortfall(const User *user, const Claim *claim, ClaimShortfall *ret_shortfall) {
        user_shortfalls_show(user, claim, ret_shortfall);
}

typedef struct Telling {
        const Yield *yield;
        ClaimFunc func;
        void *userdata;
} Telling;

static int give_way_and_tell(const Claim *claim, void *userdata) {
        const Telling *telling = userdata;

        give_way(telling->yield);
        return telling->func(claim, telling->userdata);
}

int user_read_claims_of(User *user, const Span *span, int64_t after, ClaimFunc func, void *userdata,
                Refusal *ret_refusal) {
        Telling telling = { &user->engine->yield, func, userdata };
        ClaimQuery query = { .span = *span, .after.id = after };
        int r = 0;

        assert(user->call);
        if (after != 0)
                r = user->store ? store_claim_get_engaged(user->store, after, &query.after.engaged_real_usec)
                                : -ENOENT;
        if (r == -ENOENT)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_CLAIM,
                                "there is no claim #%" PRIu64 " to go on behind; begin anew without after-id",
                                (uint64_t) after);
        if (r < 0 || !user->store || !user->focus.claims)
                return r;
        return user_claims_each_recorded(user, &query, give_way_and_tell, &telling);
}

bool user_read_plugin_enabled(const User *user, const char *plugin) {
        return !user->disabled_plugins ||
               !g_ptr_array_find_with_equal_func(user->disabled_plugins, plugin, g_str_equal, NULL);
}

char *user_read_plugin_failing(const User *user, const char *plugin) {
        return user_enforce_failing(user, plugin);
}

const GArray *user_read_plugin_values(const User *user) {
        return user->plugin_values;
}

bool user_read_consent(const User *user, const Profile *profile, ConsentItems *ret_items) {
        const Consent *consent = user_grants_consent(user);
        cleanup_free_ char *lists = consent ? lists_pin(user->lists, profile) : NULL;

        *ret_items = (ConsentItems){};
        if (!consent)
                return false;
        *ret_items = consent_items(consent, profile, lists);
        return true;
}

const GArray *user_read_lists(const User *user) {
        return user->lists;
}

int user_read_list_text(User *user, const char *digest, char **ret_text, Refusal *ret_refusal) {
        int r = user->store ? store_list_get_text(user->store, digest, ret_text) : -ENOENT;

        if (r != -ENOENT)
                return r;
        return refuse(ret_refusal, REFUSAL_NO_SUCH_LIST,
                        "no text of a list has the digest %s any more: neither a list nor a claim in force names it",
                        digest);
}

uint64_t user_read_generation(const User *user) {
        return user->focus.generation;
}

int user_read_backups(const User *user, GArray **ret_backups) {
        assert(user->call);
        return store_backups_list(user->folder, ret_backups);
}
