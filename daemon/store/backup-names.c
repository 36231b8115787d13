/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/store/backup-names.h"
#include "daemon/store/folder.h"

void backup_name_format(const BackupName *parts, char ret_name[BACKUP_NAME_MAX]) {
        char stamp[STAMP_MAX];

        stamp_format(parts->made_real_usec, stamp);
        if (parts->ordinal > 1)
                snprintf(ret_name, BACKUP_NAME_MAX, "pomod-%s-%u.db", stamp, parts->ordinal);
        else
                snprintf(ret_name, BACKUP_NAME_MAX, "pomod-%s.db", stamp);
}

bool backup_name_parse(const char *name, BackupName *ret_parts) {
        BackupName parts = { .ordinal = 1 };
        char again[BACKUP_NAME_MAX];
        struct tm tm = { 0 };
        const char *rest;

        if (strncmp(name, "pomod-", 6) != 0)
                return false;
        rest = strptime(name + 6, "%Y%m%dT%H%M%SZ", &tm);
        if (!rest)
                return false;
        parts.made_real_usec = (uint64_t) timegm(&tm) * 1000000;
        if (*rest == '-' && isdigit((unsigned char) rest[1]))
                parts.ordinal = (unsigned) strtoul(rest + 1, NULL, 10);

        /* Written back it must be the same: so nothing that only looks like a name, or leads elsewhere,
         * passes. */
        backup_name_format(&parts, again);
        if (strcmp(name, again) != 0)
                return false;
        if (ret_parts)
                *ret_parts = parts;
        return true;
}
