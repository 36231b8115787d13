/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the files of a store are called: "pomod.db" in its folder, and in the folder's "backups" names like
 * "pomod-20260210T230000Z.db", with "-2" before the dot where a second has several.
 */

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/query.h"

#define STORE_FILE    "pomod.db"
#define BACKUP_FOLDER "backups"

#define NAME_STAMP_MAX 24
/* "20260210T230000Z". Returns buf. */
const char *name_stamp(uint64_t real_usec, char buf[NAME_STAMP_MAX]);

typedef struct BackupName {
        uint64_t made_real_usec;
        unsigned ordinal; /* from 1 */
} BackupName;

/* ret_parts may be NULL. */
bool name_is_backup(const char *name, BackupName *ret_parts);
void name_of_backup(const BackupName *parts, char ret_name[BACKUP_NAME_MAX]);
