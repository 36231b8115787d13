/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/users.h"

#include <errno.h>
#include <string.h>

#include "daemon/engine/backup.h"
#include "daemon/engine/calendar.h"
#include "daemon/engine/claims.h"
#include "daemon/engine/grants.h"
#include "daemon/engine/lists.h"
#include "daemon/engine/load.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/plugins.h"
#include "daemon/engine/rate.h"
#include "daemon/engine/recover.h"
#include "daemon/engine/restore.h"

#define STORES_KEPT 16u /* open stores of users where nothing goes on */

static void user_freep(User **user) {
        users_free(*user);
}

User *users_free(User *user) {
        if (!user)
                return NULL;
        user_backup_cancel(user);
        user_restore_cancel(user);
        user_outbox_done(user);
        store_close(user->store);
        user_calendar_forget(user);
        rule_set_done(&user->rules);
        user_claims_done(user);
        user_plugins_done(user);
        user_lists_done(user);
        user_grants_done(user);
        if (user->zone)
                g_time_zone_unref(user->zone);
        free(user->task_title);
        replay_done(&user->replay);
        free(user->folder);
        free(user->account);
        g_free(user);
        return NULL;
}

/* Of services with a dynamic user, of containers, and nobody: systemd's map of uids. Accounts of a directory
 * are far above. */
#define SYSTEM_UID_FIRST 60514u
#define SYSTEM_UID_LAST  65535u

static bool is_of_system(const Engine *engine, uid_t uid) {
        return uid < engine->config.uid_min || (uid >= SYSTEM_UID_FIRST && uid <= SYSTEM_UID_LAST);
}

int users_account(const Engine *engine, uid_t uid, char **ret_name) {
        return engine->config.account_name(engine->config.userdata, uid, ret_name);
}

int users_look(Engine *engine, uid_t uid) {
        const EngineConfig *config = &engine->config;

        if (!config->many_users || !config->account_look || is_of_system(engine, uid))
                return 1;
        return config->account_look(config->userdata, uid);
}

/* The way in for a store whose account is not known yet. */
static int check_uid(const Engine *engine, uid_t uid, Refusal *ret_refusal) {
        if (!engine->config.many_users) {
                if (uid == engine->config.single_uid)
                        return 0;
                return refuse(ret_refusal, REFUSAL_NO_USER, "there is no user %u on this bus, only %u", uid,
                                engine->config.single_uid);
        }
        if (is_of_system(engine, uid))
                return refuse(ret_refusal, REFUSAL_NO_USER,
                                "%u is a system account; only accounts from %u on, but for %u to %u, have a timer here: use --user=NAME, or run it without sudo",
                                uid, engine->config.uid_min, SYSTEM_UID_FIRST, SYSTEM_UID_LAST);
        return 0;
}

static int refuse_no_account(uid_t uid, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_NO_USER, "there is no account with the uid %u", uid);
}

int engine_users_check(Engine *engine, uid_t uid, Refusal *ret_refusal) {
        cleanup_free_ char *name = NULL;
        const User *user = users_find(engine, uid);
        int r;

        if (user && user->owner == 0)
                return 0;
        r = check_uid(engine, uid, ret_refusal);
        if (r != 0 || !engine->config.many_users)
                return r;
        r = user ? user->owner : users_account(engine, uid, &name);
        if (r == 0)
                return 0;
        if (r == -ENOENT)
                return refuse_no_account(uid, ret_refusal);
        /* Whoever tries again is to have another answer. */
        (void) users_look(engine, uid);
        return refuse(ret_refusal, REFUSAL_LOOKUP_FAILED,
                        "who has the uid %u cannot be found out now (%s), so nothing of theirs is shown or changed; try again, and if that does not help, see what \"getent passwd %u\" says",
                        uid, strerror(-r), uid);
}

char *users_folder(const Engine *engine, uid_t uid) {
        return engine->config.many_users ? g_strdup_printf("%s/%u", engine->state_dir, uid)
                                         : g_strdup(engine->state_dir);
}

static int user_new(Engine *engine, uid_t uid, const char *call, User **ret_user) {
        cleanup_(user_freep) User *user = g_new0(User, 1);
        int r;

        user->engine = engine;
        user->uid = uid;
        user->call = call;
        user->wake_usec = UINT64_MAX;
        user->just_started = true;
        user->folder = users_folder(engine, uid);
        g_queue_init(&user->outbox.queue);
        settings_init(&user->settings);
        rule_set_init(&user->rules);
        machine_init(&user->machine, &engine->now);
        user->focus.generation = engine->generation;

        /* Off the system bus whoever runs us is who they are, with a name or without. */
        r = users_account(engine, uid, &user->account);
        if (r < 0 && engine->config.many_users)
                user->owner = r;
        r = user_load_store(user, false);
        if (r == -EUCLEAN && user->store)
                r = user_recover_unseen(user);
        if (r < 0 && r != -ENOENT)
                return r;
        user->call = NULL;
        *ret_user = steal(user);
        return 0;
}

static bool is_idle(const User *user) {
        return !user->call && !user->watched && !user->has_duty && !user_claims_any(user) &&
               !user->backup_running && !user_restore_goes_on(user) && !user_rate_is_used(user) &&
               user->backup_next_usec <= user->engine->now.boot_usec && user_outbox_is_empty(user) &&
               user->machine.running.kind == INTERVAL_NONE;
}

/* Users of whom nothing but the store is needed are forgotten, those first who were away longest. */
static void unload_idle(Engine *engine) {
        for (;;) {
                GHashTableIter iter;
                gpointer value;
                User *oldest = NULL;
                unsigned n = 0;

                g_hash_table_iter_init(&iter, engine->users);
                while (g_hash_table_iter_next(&iter, NULL, &value)) {
                        User *user = value;

                        if (!is_idle(user))
                                continue;
                        n++;
                        if (!oldest || user->used < oldest->used)
                                oldest = user;
                }
                if (n <= STORES_KEPT)
                        return;
                g_hash_table_remove(engine->users, GUINT_TO_POINTER(oldest->uid));
                users_free(oldest);
        }
}

User *users_find(const Engine *engine, uid_t uid) {
        return g_hash_table_lookup(engine->users, GUINT_TO_POINTER(uid));
}

void users_unload_if_idle(User *user) {
        if (!is_idle(user))
                return;
        g_hash_table_remove(user->engine->users, GUINT_TO_POINTER(user->uid));
        users_free(user);
}

/* Whoever is not loaded yet, and has passed the check that is due. */
static int load(Engine *engine, uid_t uid, const char *call, User **ret_user, Refusal *ret_refusal) {
        int r;

        unload_idle(engine);
        if (g_hash_table_size(engine->users) >= CAP_USERS)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "%u users are served already, the most there can be at once", CAP_USERS);
        r = user_new(engine, uid, call, ret_user);
        if (r < 0)
                return r;
        g_hash_table_insert(engine->users, GUINT_TO_POINTER(uid), *ret_user);
        return 0;
}

int users_take(Engine *engine, uid_t uid, const char *call, User **ret_user, Refusal *ret_refusal) {
        User *user = users_find(engine, uid);
        int r;

        if (!user) {
                r = engine_users_check(engine, uid, ret_refusal);
                if (r == 0)
                        r = load(engine, uid, call, &user, ret_refusal);
                if (r != 0)
                        return r;
        }
        user->used = ++engine->count;
        *ret_user = user;
        return 0;
}

int users_take_stored(Engine *engine, uid_t uid, const char *call, User **ret_user, Refusal *ret_refusal) {
        cleanup_free_ char *name = NULL;
        int r = check_uid(engine, uid, ret_refusal);

        if (r != 0)
                return r;
        if (users_account(engine, uid, &name) == -ENOENT)
                return refuse_no_account(uid, ret_refusal);
        return load(engine, uid, call, ret_user, ret_refusal);
}
