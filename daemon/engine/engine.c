/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

DEFINE_CLEANUP(Engine *, engine_free);

static void on_wake(void *userdata);
static void see_to_rings(void *userdata);

int engine_new(const EngineConfig *config, Engine **ret_engine) {
        cleanup_(engine_freep) Engine *engine = NULL;

        engine = calloc(1, sizeof(*engine));
        if (!engine)
                return -ENOMEM;
        engine->config = *config;
        engine->clocks = config->clocks;
        engine->armed_usec = UINT64_MAX;
        engine->state_dir = strdup(config->state_dir);
        if (!engine->state_dir)
                return -ENOMEM;
        engine->users = g_hash_table_new(g_direct_hash, g_direct_equal);
        engine->yield = (Yield){ see_to_rings, engine };
        engine->clocks->vtable->set_wake(engine->clocks, on_wake, engine);

        *ret_engine = steal(engine);
        return 0;
}

Engine *engine_free(Engine *engine) {
        GHashTableIter iter;
        gpointer value;

        if (!engine)
                return NULL;
        engine->listener = NULL;
        if (engine->users) {
                if (engine->started && engine_look_at_clocks(engine) >= 0) {
                        g_hash_table_iter_init(&iter, engine->users);
                        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                                (void) user_settle(value, NULL);
                                (void) user_flush_pending(value, true);
                                (void) user_flush_focus(value);
                                (void) user_checkpoint(value);
                        }
                }
                g_hash_table_iter_init(&iter, engine->users);
                while (g_hash_table_iter_next(&iter, NULL, &value))
                        user_free(value);
                g_hash_table_unref(engine->users);
        }
        if (engine->clocks)
                engine->clocks->vtable->free(engine->clocks);
        free(engine->state_dir);
        free(engine);
        return NULL;
}

/* The numeric folders: every user who ever wrote something. The table is filled through the ordinary way in.
 */
static int start_many(Engine *engine) {
        struct dirent *entry;
        DIR *dir;

        dir = opendir(engine->state_dir);
        if (!dir)
                return errno == ENOENT ? 0 : -errno;
        while ((entry = readdir(dir))) {
                unsigned long uid;
                Refusal refusal;
                char *end;
                User *user;
                int r;

                if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
                        continue;
                errno = 0;
                uid = strtoul(entry->d_name, &end, 10);
                if (*end || errno != 0 || uid >= UINT32_MAX)
                        continue;
                /* What is wrong with the store of one is logged there, and no reason to let down the others.
                 */
                r = engine_take_user(engine, (uid_t) uid, &user, &refusal);
                if (r == -ENOMEM) {
                        closedir(dir);
                        return r;
                }
                if (r == 0 && user->machine.running.kind == INTERVAL_NONE && !user->has_duty &&
                                !user_has_focus(user)) {
                        g_hash_table_remove(engine->users, GUINT_TO_POINTER(uid));
                        user_free(user);
                }
        }
        closedir(dir);
        return 0;
}

/* What will not pass by itself is told at once, and nobody is served from a store that is not there. */
static int start_single(Engine *engine) {
        Refusal refusal;
        User *user;
        int r;

        r = engine_take_user(engine, engine->config.single_uid, &user, &refusal);
        if (r <= 0)
                return r;
        switch (-engine->last_open_error) {
        case EBUSY:
        case EOVERFLOW:
        case EPERM:
        case EACCES:
        case EROFS:
        case ENOTDIR:
                return engine->last_open_error;
        default:
                return 0;
        }
}

int engine_start(Engine *engine) {
        int r;

        r = engine_look_at_clocks(engine);
        if (r < 0)
                return r;
        r = engine->config.many_users ? start_many(engine) : start_single(engine);
        if (r < 0)
                return r;
        engine->started = true;
        engine_look(engine);
        return 0;
}

void engine_set_listener(Engine *engine, EngineListener listener, void *userdata) {
        engine->listener = listener;
        engine->listener_userdata = userdata;
}

void engine_set_watched(Engine *engine, uid_t uid, bool watched) {
        User *user;

        if (watched) {
                if (engine_enter(engine, uid, &user, NULL) != 0)
                        return;
        } else {
                user = g_hash_table_lookup(engine->users, GUINT_TO_POINTER(uid));
                if (!user || engine_look_at_clocks(engine) < 0)
                        return;
        }
        user->watched = watched;
        user_rearm(user);
        engine_arm(engine);
}

static void settle_all_rings(Engine *engine) {
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                user_settle_rings(value);
}

/* Within somebody's long work. Rings touch no store; all else that time did waits for the end of that work.
 */
static void see_to_rings(void *userdata) {
        Engine *engine = userdata;

        if (engine_look_at_clocks(engine) < 0 || engine->now.boot_usec < engine->armed_usec ||
                        engine->now.boot_usec - engine->yielded_usec < SLICE_USEC)
                return;
        engine->yielded_usec = engine->now.boot_usec;
        settle_all_rings(engine);
}

/* A wake-up is a hint: rings first, for all, so that nobody's disk delays somebody else's bell. */
void engine_look(Engine *engine) {
        GHashTableIter iter;
        gpointer value;
        int r;

        r = engine_look_at_clocks(engine);
        if (r < 0) {
                journal_error("The clocks cannot be read, so no interval can end now: %s", strerror(-r));
                return;
        }
        settle_all_rings(engine);
        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                (void) user_settle(value, NULL);
        engine_arm(engine);
}

static void on_wake(void *userdata) {
        Engine *engine = userdata;

        /* The timer fires once. */
        engine->armed_usec = UINT64_MAX;
        engine_look(engine);
}

void engine_arm(Engine *engine) {
        GHashTableIter iter;
        gpointer value;
        uint64_t first = UINT64_MAX;
        int r;

        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const User *user = value;

                first = MIN(first, user->wake_usec);
        }
        if (first == engine->armed_usec)
                return;
        r = engine->clocks->vtable->arm(engine->clocks, first);
        if (r < 0)
                journal_error("The timer cannot be set, so the next deadline may be missed: %s",
                                strerror(-r));
        else
                engine->armed_usec = first;
}

int engine_each_user(Engine *engine, UserFunc func, void *userdata) {
        GList *uids = g_hash_table_get_keys(engine->users); /* users come and go while func asks */
        int r = 0;

        for (GList *l = uids; r == 0 && l; l = l->next)
                r = func((uid_t) GPOINTER_TO_UINT(l->data), userdata);
        g_list_free(uids);
        return r;
}

int engine_get_now(Engine *engine, Now *ret_now) {
        int r = engine_look_at_clocks(engine);

        if (r < 0)
                return r;
        *ret_now = engine->now;
        return 0;
}

void engine_sleep(Engine *engine) {
        GHashTableIter iter;
        gpointer value;

        engine_look(engine);
        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                (void) user_checkpoint(value);
}

void engine_zone_changed(Engine *engine) {
        GHashTableIter iter;
        gpointer value;

        if (engine_look_at_clocks(engine) < 0)
                return;
        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                User *user = value;

                if (user->settings.time_zone[0] != '\0')
                        continue;
                user_forget_zone(user);
                (void) user_settle(user, NULL);
                /* Where the day begins is another instant, so what was done today may be another number. */
                user_announce(user, CHANGED_TIMER, NULL, 0, user->seq);
        }
        engine_arm(engine);
}

void engine_absence(Engine *engine, uid_t uid, AbsenceKind kind, bool absent, uint64_t since_boot_usec) {
        Event event = {
                .type = EVENT_ABSENCE,
                .absence = kind,
                .absent = absent,
                .absent_since_usec = since_boot_usec,
        };
        MachineEnv env;
        Change change;
        User *user;

        /* Nobody waits for an answer: what cannot be stored is logged and, as an aside of the log, let go. */
        if (engine_enter(engine, uid, &user, NULL) != 0 || !user->store)
                return;
        user_env(user, &env);
        if (machine_dispatch(&user->machine, &event, &env, &change, NULL) != 0 || !change.changed)
                return;
        if (user_flush_pending(user, true) < 0)
                return;
        (void) user_commit(user, &change, NULL, NULL);
        user_rearm(user);
        engine_arm(engine);
}
