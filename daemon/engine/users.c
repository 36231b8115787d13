/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "common/paths.h"

static void user_freep(User **user) {
        user_free(*user);
}

User *user_free(User *user) {
        if (!user)
                return NULL;
        user_cancel_backup(user);
        user_drop_pending(user);
        store_close(user->store);
        user_forget_calendar(user);
        rule_set_done(&user->rules);
        user_focus_done(user);
        if (user->zone)
                g_time_zone_unref(user->zone);
        free(user->task_title);
        ring_forget(&user->ring, 0);
        free(user->ring.events);
        free(user->folder);
        free(user->account);
        free(user);
        return NULL;
}

/* 0 with the name, -ENOENT for an account that does not exist. */
static int account_name(const Engine *engine, uid_t uid, char **ret_name) {
        const struct passwd *pw;

        if (engine->config.account_name)
                return engine->config.account_name(uid, ret_name);
        errno = 0;
        pw = getpwuid(uid);
        if (!pw)
                return errno == 0 || errno == ESRCH ? -ENOENT : -errno;
        *ret_name = strdup(pw->pw_name);
        return *ret_name ? 0 : -ENOMEM;
}

int engine_check_user(Engine *engine, uid_t uid, Refusal *ret_refusal) {
        cleanup_free_ char *name = NULL;
        int r;

        if (g_hash_table_contains(engine->users, GUINT_TO_POINTER(uid)))
                return 0;
        if (!engine->config.many_users) {
                if (uid == engine->config.single_uid)
                        return 0;
                return refuse(ret_refusal, REFUSAL_NO_USER, "there is no user %u on this bus, only %u", uid,
                                engine->config.single_uid);
        }
        if (uid < engine->config.uid_min)
                return refuse(ret_refusal, REFUSAL_NO_USER,
                                "%u is a system account; only accounts from %u on have a timer here", uid,
                                engine->config.uid_min);
        r = account_name(engine, uid, &name);
        if (r == -ENOENT)
                return refuse(ret_refusal, REFUSAL_NO_USER, "there is no account with the uid %u", uid);
        return r;
}

static void forget_what_was_derived(User *user) {
        user->today_known = false;
        user->next_usec = 0;
        user_forget_zone(user);
}

/* Everything that is in memory, from the store. */
int user_reload(User *user) {
        RuleSet rules;
        Machine machine;
        Settings settings;
        unsigned ignored = 0;
        uint64_t seq;
        int r;

        r = store_load_machine(user->store, &machine);
        if (r < 0)
                return r;
        r = store_load_settings(user->store, &settings, &ignored);
        if (r < 0)
                return r;
        r = store_load_seq(user->store, &seq);
        if (r < 0)
                return r;
        r = store_load_rules(user->store, &rules);
        if (r < 0)
                return r;
        if (ignored > 0)
                journal_warning("%u settings of user %u make no sense any more and are left at their "
                                "defaults",
                                ignored, user->uid);

        user_drop_pending(user);
        if (machine.boot_id[0] == '\0') {
                const Machine begun = machine;

                machine_init(&machine, &user->engine->now);
                machine.next_id = begun.next_id;
                machine.epoch = begun.epoch;
                machine.newest_end_real_usec = begun.newest_end_real_usec;
        }
        user->machine = machine;
        user->settings = settings;
        user_adopt_rules(user, &rules);
        user->seq = MAX(seq, user->seq);
        user->just_started = true;
        forget_what_was_derived(user);
        ring_forget(&user->ring, user->seq);
        r = user_load_focus(user);
        return r < 0 ? r : user_refresh_title(user);
}

/* -ENOENT without a store and without create. */
int user_open_store(User *user, bool create) {
        StoreReport report = {};
        int r;

        if (user->store)
                return 0;
        if (create) {
                r = path_make_folder(user->folder);
                if (r < 0)
                        return r;
        }
        r = store_open(user->folder, geteuid(), user->account, create, user->engine->now.real_usec,
                        &user->store, &report);
        if (r < 0)
                return r;
        user_log_report(user, &report);
        store_report_done(&report);

        r = user_reload(user);
        if (r == -EUCLEAN)
                r = user_recover(user);
        if (r < 0)
                user->store = store_close(user->store);
        return r;
}

static int user_new(Engine *engine, uid_t uid, User **ret_user) {
        cleanup_(user_freep) User *user = NULL;
        int r;

        user = calloc(1, sizeof(*user));
        if (!user)
                return -ENOMEM;
        user->engine = engine;
        user->uid = uid;
        user->wake_usec = UINT64_MAX;
        user->just_started = true;
        g_queue_init(&user->pending);
        settings_init(&user->settings);
        rule_set_init(&user->rules);
        machine_init(&user->machine, &engine->now);

        if (!engine->config.many_users)
                user->folder = strdup(engine->state_dir);
        else if (asprintf(&user->folder, "%s/%u", engine->state_dir, uid) < 0)
                user->folder = NULL;
        if (!user->folder)
                return -ENOMEM;

        r = account_name(engine, uid, &user->account);
        if (r == -ENOENT && !engine->config.many_users)
                r = 0; /* as in a container: whoever runs us is who they are, with a name or without */
        if (r < 0)
                return r;

        r = user_open_store(user, false);
        if (r < 0 && r != -ENOENT) {
                /* At the start, with one user alone, it is handed up: pomod then ends with a sentence of its
                 * own. */
                if (engine->started || engine->config.many_users)
                        user_log_store(user, r, "opened");
                return r;
        }
        *ret_user = steal(user);
        return 0;
}

/* Users of whom nothing but the store is needed are forgotten, those first who were away longest. */
void user_unload_idle(Engine *engine) {
        for (;;) {
                GHashTableIter iter;
                gpointer value;
                User *oldest = NULL;
                unsigned n = 0;

                g_hash_table_iter_init(&iter, engine->users);
                while (g_hash_table_iter_next(&iter, NULL, &value)) {
                        User *user = value;

                        if (user->watched || user->has_duty || user_has_focus(user) || user->backup_running ||
                                        user->pending.length > 0 ||
                                        user->machine.running.kind != INTERVAL_NONE)
                                continue;
                        n++;
                        if (!oldest || user->used < oldest->used)
                                oldest = user;
                }
                if (n <= ENGINE_STORES_KEPT)
                        return;
                g_hash_table_remove(engine->users, GUINT_TO_POINTER(oldest->uid));
                user_free(oldest);
        }
}

int engine_take_user(Engine *engine, uid_t uid, User **ret_user, Refusal *ret_refusal) {
        User *user;
        int r;

        user = g_hash_table_lookup(engine->users, GUINT_TO_POINTER(uid));
        if (!user) {
                r = engine_check_user(engine, uid, ret_refusal);
                if (r != 0)
                        return r;
                user_unload_idle(engine);
                if (g_hash_table_size(engine->users) >= CAP_USERS)
                        return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                        "%u users are served already, the most there can be at once",
                                        CAP_USERS);
                r = user_new(engine, uid, &user);
                if (r == -ENOMEM)
                        return r;
                if (r < 0) {
                        engine->last_open_error = r;
                        return engine_refuse_open(engine, uid, r, ret_refusal);
                }
                g_hash_table_insert(engine->users, GUINT_TO_POINTER(uid), user);
        }
        user->used = ++engine->count;
        *ret_user = user;
        return 0;
}

int engine_enter(Engine *engine, uid_t uid, User **ret_user, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_look_at_clocks(engine);
        if (r < 0)
                return r;
        r = engine_take_user(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        r = user_settle(user, ret_refusal);
        if (r != 0)
                return r;
        *ret_user = user;
        return 0;
}

/* A zone costs much to make, so it is kept; one made from the system's does not follow it. */
GTimeZone *user_zone(User *user) {
        if (!user->zone && user->settings.time_zone[0] != '\0') {
                user->zone = g_time_zone_new_identifier(user->settings.time_zone);
                if (!user->zone)
                        journal_warning("The time zone %s of user %u is not known here; the system's is used",
                                        user->settings.time_zone, user->uid);
        }
        if (!user->zone)
                user->zone = g_time_zone_new_local();
        return user->zone;
}

void user_forget_zone(User *user) {
        if (user->zone)
                g_time_zone_unref(user->zone);
        user->zone = NULL;
        user->today_known = false;
        user_forget_calendar(user);
}

void user_env(User *user, MachineEnv *ret_env) {
        const Schedule *schedule = user_schedule(user);
        const bool in_window = schedule->state == SCHEDULE_WINDOW;
        const bool outside = schedule->state == SCHEDULE_OFF_HOURS || schedule->state == SCHEDULE_AWAY;

        *ret_env = (MachineEnv){
                .settings = &user->settings,
                .zone = user_zone(user),
                .now = user->engine->now,
                .mode = in_window ? schedule->mode : INTERVAL_POMODORO,
                .rule = in_window ? schedule->window.rule->name : "",
                .window_date = user->window_date,
                .off_hours = outside,
                .overtime = outside,
        };
}

/* The title of the running interval's task, which every reading of the timer shows. */
int user_refresh_title(User *user) {
        Task task = {};
        int r = 0;

        free(steal(user->task_title));
        if (user->machine.running.kind == INTERVAL_NONE || user->machine.running.task == 0 || !user->store)
                return 0;
        r = store_get_task(user->store, user->machine.running.task, &task);
        if (r >= 0)
                user->task_title = steal(task.title);
        task_done(&task);
        return r == -ENOENT ? 0 : r;
}

bool user_is_today(const User *user, uint64_t started_real_usec, const char *window_date) {
        if (window_date[0] != '\0')
                return strcmp(window_date, user->today_date) == 0;
        return started_real_usec >= user->today.from_real_usec &&
               started_real_usec < user->today.to_real_usec;
}

/* The local date of an instant. */
void user_date_at(User *user, uint64_t real_usec, char ret_date[11]) {
        const int64_t local =
                        (int64_t) (real_usec / USEC_PER_SEC) + zone_offset_at(user_zone(user), real_usec);
        char text[DATE_TEXT_MAX];

        g_strlcpy(ret_date, date_format((Date) (MAX(local, 0) / 86400), text), 11);
}

void user_day_at(User *user, uint64_t real_usec, Span *ret_span, char ret_date[11]) {
        day_span_at(&user->settings, user_zone(user), real_usec, ret_span);
        user_date_at(user, ret_span->from_real_usec, ret_date);
}

static void find_target(User *user) {
        Calendar *calendar = user->rules.rules->len > 0 ? user_calendar(user) : NULL;
        Date date;

        user->rules_target = calendar && date_parse(user->today_date, &date) == 0
                                             ? calendar_target(calendar, date)
                                             : 0;
}

/* A day belongs to the date of the window; outside of windows, to the day that began at day-start. */
static void find_today(User *user) {
        const uint64_t now = user->engine->now.real_usec;
        GTimeZone *zone = user_zone(user);
        int64_t start;
        Date date;

        user_schedule(user);
        if (user->window_date[0] != '\0' && date_parse(user->window_date, &date) == 0) {
                start = zone_resolve_local(zone, (int64_t) date * 86400 + user->settings.day_start_sec);
                day_span_at(&user->settings, zone, (uint64_t) MAX(start, 0) * USEC_PER_SEC, &user->today);
                g_strlcpy(user->today_date, user->window_date, sizeof(user->today_date));
                /* The window's edge is looked at anyway, and with it the day. */
                user->today_from_usec = 0;
                user->today_to_usec = UINT64_MAX;
                return;
        }
        user_day_at(user, now, &user->today, user->today_date);
        user->today_from_usec = user->today.from_real_usec;
        user->today_to_usec = user->today.to_real_usec;
}

int user_count_today(User *user) {
        uint32_t completed = 0;
        int r;

        find_today(user);
        find_target(user);
        if (user->store) {
                r = store_count_completed(user->store, &user->today, user->today_date, &completed);
                if (r < 0)
                        return r;
        }
        user->completed_today = completed + user_pending_completed(user);
        user->today_known = true;
        return 0;
}
