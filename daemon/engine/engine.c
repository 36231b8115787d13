/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "daemon/engine/owners.h"
#include "daemon/engine/backup.h"
#include "daemon/engine/calendar.h"
#include "daemon/engine/finish.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/presence.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/recover.h"
#include "daemon/engine/restore.h"
#include "daemon/engine/running.h"
#include "daemon/engine/settle.h"
#include "daemon/engine/store-words.h"
#include "daemon/engine/users.h"
#include "daemon/engine/zone.h"
#include "daemon/store/identity.h"

/* ---- the clocks and the one timer ---- */

static int look_at_clocks(Engine *engine, const char *call) {
        int r = engine->clocks->vtable->now(engine->clocks, &engine->now);

        if (r < 0)
                journal_error("%s: the clocks cannot be read, so no interval can end now: %s", call,
                                strerror(-r));
        return r;
}

static void arm(Engine *engine) {
        GHashTableIter iter;
        gpointer value;
        uint64_t first = owners_next(engine);
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

/* ---- in and out ---- */

static void begin(User *user, const char *call) {
        assert(!user->call);
        user->call = call;
}

/* A store that cannot be read is no reason to leave the rest of time undone, and a restored one is settled.
 */
static void settle_again(User *user) {
        int r = user_settle(user);

        if (r == -EUCLEAN) {
                (void) user_recover(user, NULL);
                r = user_settle(user);
        }
        if (r < 0)
                store_words_journal(user, r, "used");
}

static int say(User *user, int error, Refusal *ret_refusal) {
        int r;

        if (error == -EUCLEAN && user->store)
                return user_recover(user, ret_refusal);
        /* Without a store, it is the opening of one that failed. */
        r = user->store ? store_words_refuse(user->folder, error, ret_refusal)
                        : store_words_refuse_unopened(user->folder, error, ret_refusal);
        if (r > 0)
                store_words_journal(user, error, user->store ? "used" : "opened");
        else
                journal_error("%s: this failed for user %u: %s", user->call, user->uid, strerror(-error));
        return r;
}

/* What engine_leave() does, but for the timer: what comes from elsewhere than a message ends with this, too.
 */
static int end(User *user, int r, Refusal *ret_refusal) {
        if (r < 0)
                r = say(user, r, ret_refusal);
        if (user->touched) {
                if (user->stored)
                        user_backup_look(user);
                settle_again(user);
        }
        store_words_journal_unsound(user);
        user->touched = user->stored = false;
        user->call = NULL;
        return r;
}

static int refuse_unopened(Engine *engine, uid_t uid, const char *call, int error, Refusal *ret_refusal) {
        cleanup_free_ char *folder = users_folder(engine, uid);

        store_words_journal_unopened(uid, folder, call, error);
        return store_words_refuse_unopened(folder, error, ret_refusal);
}

static void unread_note(Engine *engine, uid_t uid) {
        if (!engine->unread)
                engine->unread = g_array_new(FALSE, FALSE, sizeof(uid));
        g_array_append_val(engine->unread, uid);
}

/* Whether it was one of them. */
static bool unread_forget(Engine *engine, uid_t uid) {
        for (guint i = 0; engine->unread && i < engine->unread->len; i++)
                if (g_array_index(engine->unread, uid_t, i) == uid) {
                        g_array_remove_index_fast(engine->unread, i);
                        return true;
                }
        return false;
}

int engine_enter(Engine *engine, uid_t uid, const char *call, User **ret_user, Refusal *ret_refusal) {
        User *user;
        int r;

        assert(call);
        assert(!engine->telling);
        r = look_at_clocks(engine, call);
        if (r < 0)
                return r;
        r = users_take(engine, uid, call, &user, ret_refusal);
        if (r < 0)
                return refuse_unopened(engine, uid, call, r, ret_refusal);
        if (r > 0)
                return r;
        begin(user, call);
        r = user_settle(user);
        if (r < 0)
                return engine_leave(user, r, ret_refusal);
        if (unread_forget(engine, uid))
                user_publish(user, &(News){ .changed = CHANGED_FOCUS });
        *ret_user = user;
        return 0;
}

int engine_leave(User *user, int r, Refusal *ret_refusal) {
        const bool touched = user->touched || r == -EUCLEAN;

        assert(user->call);
        r = end(user, r, ret_refusal);
        if (touched)
                arm(user->engine);
        return r;
}

const char *engine_user_account(const User *user) {
        return user->account;
}

uid_t engine_user_uid(const User *user) {
        return user->uid;
}

bool engine_user_is_known(const User *user) {
        return user->owner == 0;
}

int engine_each_user(Engine *engine, const char *call, UserFunc func, void *userdata, GArray *unknown) {
        GList *uids = g_hash_table_get_keys(engine->users); /* users come and go as they are entered */
        int r = 0;

        for (GList *l = uids; r == 0 && l; l = l->next) {
                User *user;

                const uid_t uid = (uid_t) GPOINTER_TO_UINT(l->data);
                const bool entered = engine_enter(engine, uid, call, &user, NULL) == 0;
                const bool told = entered && (!unknown || user->owner == 0);

                if (entered)
                        r = engine_leave(user, told ? func(user, userdata) : 0, NULL);
                if (!told && unknown)
                        g_array_append_val(unknown, uid);
        }
        g_list_free(uids);
        if (unknown && engine->unread)
                g_array_append_vals(unknown, engine->unread->data, engine->unread->len);
        return r;
}

/* What is done for all who are loaded, outside of messages. */
static void for_each(Engine *engine, const char *call, int (*func)(User *user)) {
        GHashTableIter iter;
        gpointer value;

        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                begin(value, call);
                (void) end(value, func(value), NULL);
        }
        arm(engine);
}

/* ---- the time that passes ---- */

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

        if (engine->telling || look_at_clocks(engine, "The timer") < 0 ||
                        engine->now.boot_usec < engine->armed_usec ||
                        engine->now.boot_usec - engine->yielded_usec < SLICE_USEC)
                return;
        engine->yielded_usec = engine->now.boot_usec;
        settle_all_rings(engine);
}

/* A wake-up is a hint: rings first, for all, so that nobody's disk delays somebody else's bell. */
static void look(Engine *engine, const char *call) {
        if (look_at_clocks(engine, call) < 0)
                return;
        settle_all_rings(engine);
        for_each(engine, call, user_settle);
}

void engine_look(Engine *engine) {
        look(engine, "A look at the time");
}

static void on_wake(void *userdata) {
        Engine *engine = userdata;

        /* The timer fires once. */
        engine->armed_usec = UINT64_MAX;
        look(engine, "The timer");
        owners_ask_waiting(engine);
        arm(engine);
}

int engine_get_now(Engine *engine, Now *ret_now) {
        int r = look_at_clocks(engine, "A look at the clocks");

        if (r < 0)
                return r;
        *ret_now = engine->now;
        return 0;
}

void engine_sleep(Engine *engine) {
        look(engine, "Going to sleep");
        for_each(engine, "Going to sleep", user_running_checkpoint);
}

/* Where the day begins is another instant, so what was done today may be another number. */
static int change_zone(User *user) {
        int r;

        if (user->settings.time_zone[0] != '\0')
                return 0;
        user_calendar_forget_zone(user);
        r = user_settle(user);
        if (r != -EUCLEAN)
                user_publish(user, &(News){ .changed = CHANGED_TIMER });
        return r;
}

void engine_zone_changed(Engine *engine) {
        cleanup_free_ char *mark = zone_mark();

        if (g_strcmp0(mark, engine->zone_mark) == 0 || look_at_clocks(engine, "Another time zone") < 0)
                return;
        g_free(engine->zone_mark);
        engine->zone_mark = steal(mark);
        for_each(engine, "Another time zone", change_zone);
}

static int note_absence(User *user, const Event *event) {
        Decision decision = {};
        MachineEnv env;
        int r;

        if (!user->store)
                return 0;
        user_calendar_env(user, &env);
        if (machine_dispatch(&user->machine, event, &env, &decision.change, NULL) != 0 ||
                        !decision.change.changed)
                return 0;
        r = user_outbox_flush(user, OUTBOX_REQUEST);
        if (r == 0)
                r = user_publish_decision(user, &decision);
        user_settle_rearm(user);
        user->touched = true;
        return r;
}

void engine_absence(Engine *engine, uid_t uid, AbsenceKind kind, bool absent, uint64_t since_boot_usec) {
        const Event event = {
                .type = EVENT_ABSENCE,
                .absence = kind,
                .absent = absent,
                .absent_since_usec = since_boot_usec,
        };
        User *user;

        /* Nobody waits for an answer: what cannot be stored is journalled and, as an aside of the log, let
         * go.
         */
        if (engine_enter(engine, uid, "An absence", &user, NULL) == 0)
                (void) engine_leave(user, note_absence(user, &event), NULL);
}

/* ---- who listens ---- */

void engine_set_listener(Engine *engine, EngineListener listener, void *userdata) {
        engine->listener = listener;
        engine->listener_userdata = userdata;
}

void engine_watch(User *user) {
        assert(user->call);
        user->watched = true;
        user_settle_rearm(user);
        user->touched = true;
}

void engine_unwatch(Engine *engine, uid_t uid) {
        User *user = users_find(engine, uid);

        if (!user || look_at_clocks(engine, "Manager.Unsubscribe") < 0)
                return;
        user->watched = false;
        user_settle_rearm(user);
        arm(engine);
}

/* What was made of a backup is put in place as if it was asked for now. */
static void end_restore(User *user, int result) {
        char kept[BACKUP_NAME_MAX] = "";
        Refusal refusal;
        int r;

        r = engine_enter(user->engine, user->uid, "History.Restore", &user, &refusal);
        if (r == 0)
                r = engine_leave(user, user_restore_end(user, result, kept, &refusal), &refusal);
        if (r != 0 || !user_restore_goes_on(user))
                user_restore_answer(user, r, &refusal, kept);
}

int engine_get_identity(Engine *engine, const char **ret_identity, Refusal *ret_refusal) {
        char number[IDENTITY_MAX];

        if (!engine->identity) {
                int r = identity_load(engine->state_dir, number);

                if (r < 0)
                        return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                        "which stores are in %s is not known, since the file store-id there can neither be read nor made: %s; without it nobody could tell them from others",
                                        engine->state_dir, strerror(-r));
                engine->identity = g_strdup_printf("%s#%s", engine->state_dir, number);
        }
        *ret_identity = engine->identity;
        return 0;
}

uint64_t engine_desired_generation(Engine *engine) {
        uint64_t generation = 0;
        User *user;

        if (engine->config.many_users)
                return engine->generation;
        if (engine_enter(engine, engine->config.single_uid, "Manager.Desired", &user, NULL) == 0) {
                generation = user->focus.generation;
                (void) engine_leave(user, 0, NULL);
        }
        return generation;
}

void engine_backup_done(Engine *engine, uid_t uid, BackupKind kind, int result, const char *name) {
        User *user = users_find(engine, uid);

        if (!user)
                return;
        if (kind == BACKUP_RESTORE)
                end_restore(user, result);
        else
                user_backup_ended(user, result, name);
        if (user->owner_waits)
                engine_account_answered(engine, uid);
}

/* ---- whose a uid is ---- */

void engine_set_account_listener(Engine *engine, EngineAccountFunc func, void *userdata) {
        engine->account_listener = func;
        engine->account_userdata = userdata;
}

void engine_set_plugin_look(Engine *engine, EnginePluginFunc func, void *userdata) {
        engine->plugin_look = func;
        engine->plugin_userdata = userdata;
}

/* 1: it is known as far as it can be; 0: a backup is to end before. */
static int settle_account(Engine *engine, uid_t uid) {
        int r;

        if (look_at_clocks(engine, "Another account") < 0)
                return 1;
        r = owners_settle(engine, uid);
        arm(engine);
        return r;
}

int engine_account_look(Engine *engine, uid_t uid) {
        assert(!engine->telling);
        return users_look(engine, uid) == 0 ? 0 : settle_account(engine, uid);
}

void engine_account_answered(Engine *engine, uid_t uid) {
        if (settle_account(engine, uid) == 0)
                return;
        owners_answered(engine, uid);
        arm(engine);
        if (engine->account_listener)
                engine->account_listener(uid, engine->account_userdata);
}

void engine_backup_cancel(Engine *engine) {
        GHashTableIter iter;
        gpointer value;

        engine->config.spawn_backup = NULL; /* nobody would hear of its end */
        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                user_backup_cancel(value);
                user_restore_cancel(value);
        }
}

/* ---- the beginning and the end ---- */

Engine *engine_new(const EngineConfig *config) {
        Engine *engine = g_new0(Engine, 1);

        engine->config = *config;
        engine->clocks = config->clocks;
        engine->armed_usec = UINT64_MAX;
        engine->state_dir = g_strdup(config->state_dir);
        engine->users = g_hash_table_new(g_direct_hash, g_direct_equal);
        engine->yield = (Yield){ see_to_rings, engine };
        engine->clocks->vtable->set_wake(engine->clocks, on_wake, engine);
        return engine;
}

Engine *engine_free(Engine *engine) {
        GHashTableIter iter;
        gpointer value;

        if (!engine)
                return NULL;
        engine->listener = NULL;
        engine->config.spawn_backup = NULL; /* nobody would hear of its end */
        if (engine->started && look_at_clocks(engine, "The end") >= 0)
                for_each(engine, "The end", user_finish);
        g_hash_table_iter_init(&iter, engine->users);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                users_free(value);
        g_hash_table_unref(engine->users);
        g_queue_clear(&engine->waiting);
        g_clear_pointer(&engine->reports, g_ptr_array_unref);
        presence_done(engine);
        g_clear_pointer(&engine->unread, g_array_unref);
        engine->clocks->vtable->free(engine->clocks);
        g_free(engine->state_dir);
        g_free(engine->identity);
        g_free(engine->zone_mark);
        g_free(engine);
        return NULL;
}

/* The numeric folders: every user who ever wrote something. The table is filled through the ordinary way in.
 */
static int start_many(Engine *engine) {
        struct dirent *entry;
        int r = 0;
        DIR *dir;

        dir = opendir(engine->state_dir);
        if (!dir)
                return errno == ENOENT ? 0 : -errno;
        for (;;) {
                unsigned long uid;
                Refusal refusal;
                char *end;
                User *user;

                /* Whom nobody knows of has no locks either: a folder that cannot be read is no answer. */
                errno = 0;
                entry = readdir(dir);
                r = -errno;
                if (!entry)
                        break;
                if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
                        continue;
                errno = 0;
                uid = strtoul(entry->d_name, &end, 10);
                if (*end || errno != 0 || uid >= UINT32_MAX)
                        continue;
                /* What is wrong with the store of one is no reason to let down the others. */
                r = users_take_stored(engine, (uid_t) uid, "The start", &user, &refusal);
                if (r < 0)
                        (void) refuse_unopened(engine, (uid_t) uid, "The start", r, &refusal);
                if (r != 0 && !(r > 0 && refusal.code == REFUSAL_NO_USER))
                        unread_note(engine, (uid_t) uid);
                if (r != 0)
                        continue;
                users_unload_if_idle(user);
                user = users_find(engine, (uid_t) uid);
                if (user && user->owner != 0)
                        owners_add_waiting(engine, (uid_t) uid);
        }
        closedir(dir);
        return r;
}

/* What will not pass by itself is told at once, and nobody is served from a store that is not there. */
static int start_single(Engine *engine) {
        Refusal refusal;
        User *user;
        int r;

        r = users_take(engine, engine->config.single_uid, "The start", &user, &refusal);
        if (r < 0)
                unread_note(engine, engine->config.single_uid);
        switch (-r) {
        case EBUSY:
        case EOVERFLOW:
        case EPERM:
        case EACCES:
        case EROFS:
        case ENOTDIR:
                return r;
        default:
                return 0;
        }
}

int engine_start(Engine *engine) {
        int r;

        r = look_at_clocks(engine, "The start");
        if (r < 0)
                return r;
        /* Counted from the clock on: what was told in an earlier run is never told in this one. */
        engine->generation = engine->first_generation = engine->now.real_usec;
        engine->zone_mark = zone_mark(); /* before any user's zone is made */
        r = engine->config.many_users ? start_many(engine) : start_single(engine);
        if (r < 0)
                return r;
        engine->started = true;
        look(engine, "The start");
        owners_ask_waiting(engine);
        arm(engine);
        return 0;
}
