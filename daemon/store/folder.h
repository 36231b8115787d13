/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The folder that a store lives in: its lock, its names, and moving a file out of the way without losing it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens it, made first if asked to, as its path without symbolic links and a descriptor. */
int folder_open(const char *folder, uid_t uid, bool create, char **ret_path, int *ret_fd);
/* Held as long as the descriptor is open. -EBUSY: somebody else holds it. */
int folder_lock(int folder_fd, int *ret_lock_fd);
/* Whether backups of a store are kept there. */
bool folder_has_backups(int folder_fd);

/*
 * Renames the store with its -wal and -shm to "pomod.db.TAG-STAMP"; never over anything. What is not there is
 * passed over; ret_name is NULL if nothing was.
 */
int folder_set_aside(int folder_fd, const char *tag, uint64_t now_real_usec, char **ret_name);
/* Renames one entry to "NAME.TAG-STAMP", or something like it that is free. -ENOENT. */
int folder_rename_aside(
                int folder_fd, const char *name, const char *tag, uint64_t now_real_usec, char **ret_name);
