/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Opening, replacing and copying the file of a store: what store.c, recover.c and backup.c share. */

#include <limits.h>

#include "daemon/store/sql.h"

int store_path(const Store *store, const char *name, char ret_path[PATH_MAX]);

/* A connection set up as all of ours are. */
int db_open(const char *path, int flags, sqlite3 **ret_db);
/* Without writing what the -wal holds into the file. NULL is fine. */
void db_close_untouched(sqlite3 *db);

/* may_be_new: an empty file becomes a store even where backups say that there was one. */
int store_open_file(Store *store, bool may_be_new, uint64_t now_real_usec, StoreReport *report);
void store_close_file(Store *store, bool untouched);

/* store_recover(), which adds to what a report says already. */
int store_recover_into(Store *store, uint64_t now_real_usec, StoreReport *report);
/* The old one, of the account stored, is set aside with its backups; a new one is open. */
int store_replace_account(Store *store, const char *stored, uint64_t now_real_usec, StoreReport *report);

/* ---- backup.c ---- */

/* 0 where every page and index of it is sound; -EUCLEAN. */
int backup_check(sqlite3 *db);
/* Makes a backup of a file in the folder that is whole and that nobody writes to, without copying it. */
int backup_of_file(int folder_fd, const char *file, uint64_t now_real_usec, char ret_name[BACKUP_NAME_MAX]);
int backup_before_migration(Store *store, sqlite3 *db, uint64_t now_real_usec);
/* The names of all, newest first, NULL-terminated; freed with backup_list_free(). */
int backup_list(int folder_fd, char ***ret_names);
void backup_list_free(char **names);
DEFINE_CLEANUP(char **, backup_list_free);
