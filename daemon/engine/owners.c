/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/owners.h"

#include <errno.h>
#include <string.h>

#include "daemon/engine/finish.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"
#include "daemon/engine/recover.h"
#include "daemon/engine/restore.h"
#include "daemon/engine/settle.h"
#include "daemon/engine/store-words.h"
#include "daemon/engine/users.h"

#define ASK_FIRST_USEC (10 * USEC_PER_SEC) /* until an account is asked for again; doubles … */
#define ASK_LAST_USEC  (10 * USEC_PER_MIN) /* … up to this */

/* ---- a uid that was given to another account ---- */

/* What is the old owner's, as it is by now, is on the disk; whoever was told of it is let out, and so are the
 * hosts what it held. */
static void unload(User *user, const char *call) {
        Engine *engine = user->engine;
        unsigned lost;

        user->call = call;
        (void) user_finish(user);
        lost = user_outbox_count_changes(user);
        if (lost > 0)
                journal_error("%s: the last %u changes of user %u, who was %s, could not be stored", call,
                                lost, user->uid, user->account ?: "not known");
        g_hash_table_remove(engine->users, GUINT_TO_POINTER(user->uid));
        user->focus.generation = ++engine->generation;
        user_publish(user, &(News){ .changed = CHANGED_ACCOUNT | CHANGED_FOCUS });
        users_free(user);
}

/* What they were told to keep is told from now on. */
static void tell_hosts(User *user) {
        user->focus.generation = ++user->engine->generation;
        user_publish(user, &(News){ .changed = CHANGED_FOCUS });
}

static void load_anew(Engine *engine, uid_t uid) {
        const char *const call = "Another account";
        cleanup_free_ char *folder = users_folder(engine, uid);
        User *user = users_find(engine, uid);
        int r;

        unload(user, call);
        r = users_take(engine, uid, call, &user, NULL);
        if (r < 0)
                store_words_journal_unopened(uid, folder, call, r);
        if (r != 0)
                return;
        user->call = call;
        r = user_settle(user);
        if (r == -EUCLEAN)
                r = user_recover(user, NULL);
        if (r < 0)
                store_words_journal(user, r, "used");
        user->call = NULL;
}

int owners_settle(Engine *engine, uid_t uid) {
        cleanup_free_ char *name = NULL;
        User *user = users_find(engine, uid);
        int r;

        if (!user)
                return 1;
        r = users_account(engine, uid, &name);
        user->owner_waits = false;
        if (r < 0 || (user->account && strcmp(name, user->account) == 0)) {
                const bool found_out = user->owner != 0 && r == 0;

                user->owner = r;
                if (found_out)
                        tell_hosts(user);
                return 1;
        }
        /* It would be found among the new owner's. */
        if (user->backup_running || user_restore_goes_on(user)) {
                user->owner_waits = true;
                return 0;
        }
        load_anew(engine, uid);
        return 1;
}

/* ---- stores whose account is not known yet ---- */

void owners_add_waiting(Engine *engine, uid_t uid) {
        g_queue_push_tail(&engine->waiting, GUINT_TO_POINTER(uid));
}

/* The first that waits was asked for, and its owner is what is known by now. */
static void end_asking(Engine *engine) {
        const uid_t uid = (uid_t) GPOINTER_TO_UINT(g_queue_pop_head(&engine->waiting));
        User *user = users_find(engine, uid);

        engine->asking = false;
        if (!user || user->owner == 0)
                return;
        if (user->owner == -ENOENT) {
                unload(user, "No account");
                return;
        }
        g_queue_push_tail(&engine->waiting, GUINT_TO_POINTER(uid));
        engine->ask_delay_usec = CLAMP(2 * engine->ask_delay_usec, ASK_FIRST_USEC, ASK_LAST_USEC);
        engine->ask_usec = engine->now.boot_usec + engine->ask_delay_usec;
}

void owners_ask_waiting(Engine *engine) {
        const EngineConfig *config = &engine->config;

        while (!engine->asking && !g_queue_is_empty(&engine->waiting) &&
                        engine->now.boot_usec >= engine->ask_usec) {
                const uid_t uid = (uid_t) GPOINTER_TO_UINT(g_queue_peek_head(&engine->waiting));

                engine->asking = true;
                if (config->account_look(config->userdata, uid) == 0)
                        return;
                (void) owners_settle(engine, uid);
                end_asking(engine);
        }
}

void owners_answered(Engine *engine, uid_t uid) {
        if (engine->asking && (uid_t) GPOINTER_TO_UINT(g_queue_peek_head(&engine->waiting)) == uid)
                end_asking(engine);
        owners_ask_waiting(engine);
}

uint64_t owners_next(const Engine *engine) {
        return engine->asking || engine->waiting.length == 0 ? UINT64_MAX : engine->ask_usec;
}
