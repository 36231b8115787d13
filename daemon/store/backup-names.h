/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What backups are called: "pomod-20260210T230000Z.db", with "-2" before the dot where a second has several.
 */

#include <stdbool.h>
#include <stdint.h>

#include "daemon/store/store.h"

#define BACKUP_FOLDER "backups"

typedef struct BackupName {
        uint64_t made_real_usec;
        unsigned ordinal; /* from 1 */
} BackupName;

/* Whether it is one; ret_parts may be NULL. */
bool backup_name_parse(const char *name, BackupName *ret_parts);
void backup_name_format(const BackupName *parts, char ret_name[BACKUP_NAME_MAX]);
