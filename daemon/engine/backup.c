/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/backup.h"

#include <errno.h>
#include <string.h>

#define BACKUP_AGE_USEC  USEC_PER_DAY  /* once the newest backup is older, one is due */
#define BACKUP_LOOK_USEC USEC_PER_HOUR /* how often the newest one is looked at */

int user_backup_start(User *user, BackupKind kind) {
        const EngineConfig *config = &user->engine->config;
        int r;

        if (!config->spawn_backup)
                return -EOPNOTSUPP;
        r = config->spawn_backup(config->userdata,
                        &(BackupJob){ .uid = user->uid, .kind = kind, .folder = user->folder });
        if (r < 0)
                return r;
        user->backup_running = true;
        return 0;
}

int user_backup_by_hand(User *user, EngineBackupFunc done, void *userdata, Refusal *ret_refusal) {
        const uint64_t now = user->engine->now.boot_usec;
        int r = 0;

        if (user->backup_done)
                return refuse(ret_refusal, REFUSAL_BUSY, "a backup is being made already; wait for it");
        if (now < user->backup_next_usec)
                return refuse(ret_refusal, REFUSAL_LIMITS_EXCEEDED,
                                "backups by hand are made one a minute, and the last was asked for %u s ago; try again in %u s",
                                (unsigned) ((now + CAP_BACKUP_EVERY_USEC - user->backup_next_usec) /
                                                USEC_PER_SEC),
                                (unsigned) ((user->backup_next_usec - now + USEC_PER_SEC - 1) /
                                                USEC_PER_SEC));
        /* One that is being made may lack what was stored since it began. */
        user->backup_again = user->backup_running;
        if (!user->backup_running)
                r = user_backup_start(user, BACKUP_BY_HAND);
        if (r < 0)
                return r;
        user->backup_next_usec = now + CAP_BACKUP_EVERY_USEC;
        user->backup_done = done;
        user->backup_userdata = userdata;
        return 0;
}

/* When the newest one was made; 0 none. */
static int find_newest(const User *user, uint64_t *ret_real_usec) {
        GArray *backups = NULL;
        int r = store_backups_list(user->folder, &backups);

        if (r == -ENOENT) {
                *ret_real_usec = 0;
                return 0;
        }
        if (r < 0)
                return r;
        *ret_real_usec = backups->len > 0 ? g_array_index(backups, Backup, 0).made_real_usec : 0;
        g_array_unref(backups);
        return 0;
}

void user_backup_look(User *user) {
        const Now *now = &user->engine->now;
        uint64_t newest;
        int r;

        if (!user->engine->config.spawn_backup || user->backup_running ||
                        now->boot_usec < user->backup_look_usec)
                return;
        user->backup_look_usec = now->boot_usec + BACKUP_LOOK_USEC;
        r = find_newest(user, &newest);
        if (r < 0) {
                journal_warning("%s: the backups in %s cannot be read: %s", user->call ?: "pomod",
                                user->folder, strerror(-r));
                return;
        }
        if (newest <= now->real_usec && now->real_usec - newest < BACKUP_AGE_USEC)
                return;
        r = user_backup_start(user, BACKUP_BY_TIME);
        if (r < 0)
                journal_warning("%s: no backup of %s could be started: %s", user->call ?: "pomod",
                                user->folder, strerror(-r));
}

static void answer(User *user, int result, const char *name) {
        EngineBackupFunc done = steal(user->backup_done);

        if (done)
                done(result, NULL, name, user->backup_userdata);
}

void user_backup_cancel(User *user) {
        answer(user, -ECANCELED, NULL);
}

void user_backup_ended(User *user, int result, const char *name) {
        user->backup_running = false;
        if (result == -EUCLEAN)
                journal_error("A backup: the store in %s is damaged, so none was made of it. Restore one: pomoctl restore",
                                user->folder);
        else if (result < 0)
                journal_warning("A backup: none was made of %s: %s", user->folder, strerror(-result));
        if (user->backup_again) {
                user->backup_again = false;
                result = user_backup_start(user, BACKUP_BY_HAND);
                if (result == 0)
                        return;
        }
        answer(user, result, name);
}
