/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Backups of an SQLite file of ours, in the folder beside it. They know no open store. */

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/cleanup.h"
#include "daemon/core/query.h"

/* 0 where every page and index of it is sound; -EUCLEAN. */
int backup_check(sqlite3 *db);
/* Makes a backup of a file in the folder that is whole and that nobody writes to, without copying it. */
int backup_of_file(int folder_fd, const char *file, uint64_t now_real_usec, char ret_name[BACKUP_NAME_MAX]);
/* Of an open database. folder is the path of folder_fd; ret_name may be NULL. */
int backup_of_database(int folder_fd, const char *folder, sqlite3 *db, uint64_t now_real_usec,
                char ret_name[BACKUP_NAME_MAX]);
/* Temporary files of those who were killed while they made one. */
void backup_remove_stale(int folder_fd);
bool backup_exists(int folder_fd);
/* The names of all, newest first; none where there is no folder. */
int backup_list(int folder_fd, GPtrArray **ret_names);
static inline void backup_list_done(GPtrArray **names) {
        if (*names)
                g_ptr_array_unref(steal(*names));
}
