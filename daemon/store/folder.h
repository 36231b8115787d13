/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The folder that a store lives in: its lock, its names, and moving a file out of the way without losing it.
 * The store is "pomod.db" in it; backups are in its "backups", under names like "pomod-20260210T230000Z.db",
 * with "-hand" before the dot where somebody asked for it, and "-2" where a second has several.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/core/query.h"

#define STORE_FILE    "pomod.db"
#define BACKUP_FOLDER "backups"

typedef struct BackupName {
        uint64_t made_real_usec;
        unsigned ordinal; /* at least 1 */
        bool by_hand;
} BackupName;

/* ret_parts may be NULL. */
bool folder_is_backup_name(const char *name, BackupName *ret_parts);
void folder_backup_name(const BackupName *parts, char ret_name[BACKUP_NAME_MAX]);

/* Opens it, made first if asked to, as its path without symbolic links and a descriptor. */
int folder_open(const char *folder, uid_t uid, bool create, char **ret_path, int *ret_fd);
/* Held as long as the descriptor is open. -EBUSY: somebody else holds it. */
int folder_lock(int folder_fd, int *ret_lock_fd);
/* The folder of backups in it, made first if asked to. */
int folder_open_backups(int folder_fd, bool create, int *ret_fd);
/* All names in a folder, in no order; func may remove them. */
int folder_each_name(int fd, void (*func)(int fd, const char *name, void *userdata), void *userdata);

/*
 * Renames the store with its -wal and -shm to "pomod.db.TAG-STAMP"; never over anything. What is not there is
 * passed over; ret_name is NULL if nothing was.
 */
int folder_set_aside(int folder_fd, const char *tag, uint64_t now_real_usec, char **ret_name);
/* Of those that were set aside by a tag of "damaged", "replaced" and "displaced" only the newest stay. */
int folder_prune_aside(int folder_fd, unsigned keep);
/* Renames one entry to "NAME.TAG-STAMP", or something like it that is free. -ENOENT. */
int folder_rename_aside(
                int folder_fd, const char *name, const char *tag, uint64_t now_real_usec, char **ret_name);
