/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* Opening and closing: the folder, its lock, the file, and whose it is. */

#include "daemon/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "daemon/store/backup.h"
#include "daemon/store/file.h"
#include "daemon/store/folder.h"
#include "daemon/store/recover.h"
#include "daemon/store/sound.h"
#include "daemon/store/statement.h"

Store *store_close(Store *store) {
        if (!store)
                return NULL;
        file_close(store, false);
        sound_done(store);
        close_fd(store->number_fd);
        close_fd(store->lock_fd);
        close_fd(store->folder_fd);
        g_free(store->account);
        g_free(store->folder);
        g_free(store);
        return NULL;
}
DEFINE_CLEANUP(Store *, store_close);

bool store_is_doubted(const Store *store) {
        return store->doubted > 0;
}

int store_look_again(Store *store, bool *ret_stored) {
        return file_look_again(store, ret_stored);
}

int store_take_survived(Store *store) {
        const int survived = store->survived;

        store->survived = 0;
        return survived;
}

/* A uid can be given to somebody else, who must not find another person's days. */
static int check_account(Store *store, uint64_t now_real_usec, StoreReport *report) {
        cleanup_free_ char *stored = NULL;
        int r;

        if (!store->account)
                return 0;
        r = store_state_error(store_get(store, "SELECT account FROM state", ">t", &stored));
        if (r < 0)
                return r;
        if (stored && strcmp(stored, store->account) == 0)
                return 0;
        /* No account has such a name: a bit of it was flipped. */
        if (stored && !g_utf8_validate(stored, -1, NULL)) {
                sound_note(store, "state", 1);
                g_clear_pointer(&stored, g_free);
        }
        if (stored) {
                r = recover_account(store, stored, now_real_usec, report);
                if (r < 0)
                        return r;
        }
        return store_run(store, "UPDATE state SET account = ?1", "t", store->account);
}

static int open_checked(Store *store, uint64_t now_real_usec, StoreReport *report) {
        int r;

        r = file_open(store, false, now_real_usec, report);
        if (r == 0)
                r = check_account(store, now_real_usec, report);
        if (r != -EUCLEAN)
                return r;
        r = recover_into(store, now_real_usec, report);
        return r < 0 ? r : check_account(store, now_real_usec, report);
}

int store_open(const char *folder, uid_t uid, const char *account, bool create, uint64_t now_real_usec,
                Store **ret_store, StoreReport *ret_report) {
        cleanup_(store_closep) Store *store = NULL;
        StoreReport report = {};
        int r;

        assert(folder && ret_store && ret_report);
        store = g_new0(Store, 1);
        store->folder_fd = store->lock_fd = store->number_fd = -1;
        if (account && account[0] != '\0')
                store->account = g_strdup(account);
        r = folder_open(folder, uid, create, &store->folder, &store->folder_fd);
        if (r < 0)
                return r;
        /* One that a crash took away in the middle of a restore can be restored again. */
        if (!create && faccessat(store->folder_fd, STORE_FILE, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
                        faccessat(store->folder_fd, RECOVER_MADE, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
                        !backup_exists(store->folder_fd))
                return -ENOENT;
        r = folder_lock(store->folder_fd, &store->lock_fd);
        if (r == 0)
                r = recover_interrupted(store, now_real_usec);
        if (r < 0)
                return r;

        backup_remove_stale(store->folder_fd);
        recover_remove_stale(store);
        r = open_checked(store, now_real_usec, &report);
        if (r < 0) {
                store_report_done(&report);
                return r;
        }
        *ret_store = steal(store);
        *ret_report = report;
        return 0;
}
