/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/restore.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>

#include "daemon/engine/backup.h"
#include "daemon/engine/load.h"
#include "daemon/engine/outbox.h"
#include "daemon/engine/publish.h"

#define TRIES_MAX 5 /* what time does in a minute is a change or two */

bool user_restore_goes_on(const User *user) {
        return user->restore.running;
}

int user_restore_check(const User *user, Refusal *ret_refusal) {
        if (!user_restore_goes_on(user))
                return 0;
        return refuse(ret_refusal, REFUSAL_BUSY,
                        "the backup %s is being put in place of what is stored; try again when that is done",
                        user->restore.name);
}

void user_restore_answer(User *user, int result, const Refusal *refusal, const char *kept) {
        const Restore restore = user->restore;

        user->restore = (Restore){};
        free(restore.name);
        if (restore.done)
                restore.done(result, refusal, kept, restore.userdata);
}

void user_restore_cancel(User *user) {
        if (user_restore_goes_on(user))
                user_restore_answer(user, -ECANCELED, NULL, NULL);
}

/* ---- the beginning ---- */

static int check_idle(const User *user, Refusal *ret_refusal) {
        if (user->machine.running.kind == INTERVAL_NONE)
                return 0;
        return refuse(ret_refusal, REFUSAL_BUSY,
                        "#%" PRIi64 " is running, and would be lost with what is replaced; stop it first",
                        user->machine.running.id);
}

static int refuse_unknown(const char *name, Refusal *ret_refusal) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_BACKUP,
                        "there is no backup %s; the list of backups shows their names", name);
}

static int spawn(User *user) {
        const EngineConfig *config = &user->engine->config;
        Restore *restore = &user->restore;
        int r;

        restore->written = store_count_written(user->store);
        restore->stale = false;
        restore->tries++;
        r = config->spawn_backup(config->userdata,
                        &(BackupJob){ user->uid, BACKUP_RESTORE, user->folder, restore->name });
        restore->running = r == 0;
        return r;
}

int user_restore_begin(User *user, const Request *request, EngineBackupFunc done, void *userdata,
                Refusal *ret_refusal) {
        int r;

        assert(user->store && !user_restore_goes_on(user));
        if (!user->engine->config.spawn_backup)
                return refuse(ret_refusal, REFUSAL_NOT_POSSIBLE, "this pomod makes no backups");
        r = check_idle(user, ret_refusal);
        if (r != 0)
                return r;
        if (!store_backup_is_there(user->folder, request->name))
                return refuse_unknown(request->name, ret_refusal);
        user->restore = (Restore){ .name = g_strdup(request->name), .done = done, .userdata = userdata };
        r = spawn(user);
        if (r < 0) {
                free(user->restore.name);
                user->restore = (Restore){};
        }
        return r;
}

/* ---- the end ---- */

static int put_in_place(User *user, char ret_kept[BACKUP_NAME_MAX]) {
        const uint64_t told = user->seq;
        StoreReport report = {};
        int r;

        r = store_restore_end(user->store, user->restore.name, user->engine->now.real_usec, &report);
        if (r < 0)
                return r;
        journal_info("%s: the backup %s was restored in %s; what it replaced is kept as %s",
                        user->call ?: "pomod", user->restore.name, user->folder, report.set_aside ?: "-");
        g_strlcpy(ret_kept, report.kept ?: "", BACKUP_NAME_MAX);
        store_report_done(&report);
        r = user_load(user);
        if (r < 0)
                return r;
        user_publish_anew(user, told,
                        &(Happening){ .type = HAPPENED_HISTORY_CHANGED,
                                        .at_real_usec = user->engine->now.real_usec });
        /* A damaged store is replaced by the newest backup, which is to be what was chosen, not what was
         * left. */
        if (!user->backup_running)
                (void) user_backup_start(user, BACKUP_BY_TIME);
        return 0;
}

static int refuse_made(const User *user, int error, Refusal *ret_refusal) {
        switch (-error) {
        case ENOENT:
        case EINVAL:
                return refuse_unknown(user->restore.name, ret_refusal);
        case EUCLEAN:
                return refuse(ret_refusal, REFUSAL_STORE_FAILED,
                                "the backup %s is damaged itself: nothing was changed; choose another",
                                user->restore.name);
        default:
                return error;
        }
}

int user_restore_end(User *user, int result, char ret_kept[BACKUP_NAME_MAX], Refusal *ret_refusal) {
        Restore *restore = &user->restore;
        int r;

        assert(user->call && user_restore_goes_on(user));
        restore->running = false;
        if (!user->store)
                return -EUCLEAN;
        if (result < 0)
                return refuse_made(user, result, ret_refusal);
        r = check_idle(user, ret_refusal);
        if (r == 0)
                r = user_outbox_flush(user, OUTBOX_REQUEST);
        if (r == 0 && (restore->stale || store_count_written(user->store) != restore->written)) {
                if (restore->tries < TRIES_MAX)
                        return spawn(user);
                r = refuse(ret_refusal, REFUSAL_BUSY,
                                "something was stored meanwhile, %d times: nothing was changed; try again",
                                TRIES_MAX);
        }
        if (r != 0) {
                store_restore_drop(user->store);
                return r;
        }
        r = put_in_place(user, ret_kept);
        user->touched = true;
        return r;
}
