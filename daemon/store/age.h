/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* How far files of ours have come: which of a store and its backups is the newest. */

#include <glib.h>
#include <sqlite3.h>
#include <stdint.h>

#include "common/cleanup.h"
#include "daemon/core/query.h"

typedef struct Age {
        int64_t seq;
        int64_t commits; /* 0: of a version that did not count them */
} Age;

/* ret_account: NULL where none is stored; g_free(). -errno: it cannot be read. */
int age_read(sqlite3 *db, Age *ret_age, char **ret_account);
/* Below 0, 0 or above 0, as a is older, of the same age or newer than b. */
int age_compare(const Age *a, const Age *b);

typedef struct AgedBackup {
        char name[BACKUP_NAME_MAX];
        bool ours; /* it can be read, and is of the account */
        Age age;
} AgedBackup;

/* All of AgedBackup, those that are ours first, of these the newest first. folder is the path of folder_fd;
 * account NULL: any. */
int age_list_backups(int folder_fd, const char *folder, const char *account, GArray **ret_backups);
static inline void age_list_done(GArray **backups) {
        if (*backups)
                g_array_unref(steal(*backups));
}
