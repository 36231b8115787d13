/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/engine-private.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static int spawn(User *user) {
        const EngineConfig *config = &user->engine->config;
        int r;

        r = config->spawn_backup(config->userdata, user->uid, user->folder);
        if (r >= 0)
                user->backup_running = true;
        return r;
}

static int note_newest(const Backup *backup, void *userdata) {
        uint64_t *newest = userdata;

        *newest = MAX(*newest, backup->made_real_usec);
        return 1; /* they come newest first */
}

/*
 * Backups ride on what is written anyway: after a commit, at most once an hour, it is looked whether the
 * newest is a day old. So a store that nobody writes to wakes nobody.
 */
void user_maybe_backup(User *user) {
        Engine *engine = user->engine;
        uint64_t newest = 0;
        int r;

        if (!engine->config.spawn_backup || user->backup_running ||
                        engine->now.boot_usec < user->backup_look_usec)
                return;
        user->backup_look_usec = engine->now.boot_usec + ENGINE_BACKUP_LOOK_USEC;
        r = store_backup_each(user->folder, note_newest, &newest);
        if (r < 0 && r != -ENOENT) {
                journal_warning("The backups in %s cannot be read: %s", user->folder, strerror(-r));
                return;
        }
        if (newest <= engine->now.real_usec && engine->now.real_usec - newest < ENGINE_BACKUP_AGE_USEC)
                return;
        r = spawn(user);
        if (r < 0 && r != -EAGAIN)
                journal_warning("No backup of %s could be started: %s", user->folder, strerror(-r));
}

int engine_backup(Engine *engine, uid_t uid, EngineBackupFunc done, void *userdata, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        if (!engine->config.spawn_backup)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE, "this pomod makes no backups");
        if (user->backup_done)
                return refuse(ret_refusal, REFUSAL_BUSY, "a backup is being made already; wait for it");
        r = user_open_store(user, true);
        if (r >= 0)
                r = user_flush_pending(user, true);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        if (!user->backup_running) {
                r = spawn(user);
                if (r == -EAGAIN)
                        return refuse(ret_refusal, REFUSAL_BUSY,
                                        "backups of others are being made at the moment; try again in a "
                                        "minute");
                if (r < 0)
                        return r;
        }
        user->backup_done = done;
        user->backup_userdata = userdata;
        return 0;
}

static void answer_backup(User *user, int result, const char *name) {
        EngineBackupFunc done = steal(user->backup_done);

        if (done)
                done(result, name, user->backup_userdata);
}

void user_cancel_backup(User *user) {
        answer_backup(user, -ECANCELED, NULL);
}

void engine_backup_done(Engine *engine, uid_t uid, int result, const char *name) {
        User *user = g_hash_table_lookup(engine->users, GUINT_TO_POINTER(uid));

        if (!user)
                return;
        user->backup_running = false;
        if (result == -EUCLEAN)
                journal_error("The store in %s is damaged, so no backup was made of it. Restore one: pomoctl "
                              "restore",
                                user->folder);
        else if (result < 0)
                journal_warning("No backup of %s was made: %s", user->folder, strerror(-result));
        answer_backup(user, result, name);
}

int engine_each_backup(Engine *engine, uid_t uid, BackupFunc func, void *userdata, Refusal *ret_refusal) {
        User *user;
        int r;

        r = engine_enter(engine, uid, &user, ret_refusal);
        if (r != 0)
                return r;
        r = store_backup_each(user->folder, func, userdata);
        if (r == -ENOENT)
                return 0;
        return r < 0 ? user_refuse_store(user, r, ret_refusal) : r;
}

int user_request_restore(User *user, const Request *request, Answer *answer, Refusal *ret_refusal) {
        StoreReport report = {};
        const uint64_t seq = user->seq;
        int r;

        if (user->machine.running.kind != INTERVAL_NONE)
                return refuse(ret_refusal, REFUSAL_BUSY,
                                "#%" PRIi64
                                " is running, and would be lost with what is replaced; stop it first",
                                user->machine.running.id);
        r = refuse_text(ret_refusal, "the name of the backup", request->name, BACKUP_NAME_MAX - 1);
        if (r != 0)
                return r;
        r = store_backup_restore(user->store, request->name, user->engine->now.real_usec, &report);
        if (r == -ENOENT || r == -EINVAL)
                return refuse(ret_refusal, REFUSAL_NO_SUCH_BACKUP,
                                "there is no backup %s; the list of backups shows their names",
                                request->name);
        if (r == -EUCLEAN)
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the backup %s is damaged itself: nothing was changed; choose another one",
                                request->name);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);

        journal_info("The backup %s was restored in %s; what it replaced is kept as %s", request->name,
                        user->folder, report.set_aside ? report.set_aside : "-");
        if (report.kept)
                g_strlcpy(answer->kept, report.kept, sizeof(answer->kept));
        store_report_done(&report);
        r = user_reload(user);
        if (r < 0)
                return user_refuse_store(user, r, ret_refusal);
        user->seq = MAX(user->seq, seq + 1);
        user_announce(user,
                        CHANGED_TIMER | CHANGED_TASKS | CHANGED_HISTORY | CHANGED_SETTINGS |
                                        CHANGED_SCHEDULES | CHANGED_FOCUS,
                        &(Happening){ .type = HAPPENED_HISTORY_CHANGED,
                                        .at_real_usec = user->engine->now.real_usec },
                        1, user->seq);
        /* A damaged store is replaced by the newest backup, which is to be what was chosen, not what was
         * left. */
        if (user->engine->config.spawn_backup && !user->backup_running)
                (void) spawn(user);
        return 0;
}
