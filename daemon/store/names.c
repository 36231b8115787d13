/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *name_stamp(uint64_t real_usec, char buf[NAME_STAMP_MAX]) {
        time_t seconds = (time_t) (real_usec / 1000000);
        struct tm tm;

        if (!gmtime_r(&seconds, &tm) || strftime(buf, NAME_STAMP_MAX, "%Y%m%dT%H%M%SZ", &tm) == 0)
                strcpy(buf, "00000000T000000Z");
        return buf;
}

void name_of_backup(const BackupName *parts, char ret_name[BACKUP_NAME_MAX]) {
        char stamp[NAME_STAMP_MAX];

        name_stamp(parts->made_real_usec, stamp);
        if (parts->ordinal > 1)
                snprintf(ret_name, BACKUP_NAME_MAX, "pomod-%s-%u.db", stamp, parts->ordinal);
        else
                snprintf(ret_name, BACKUP_NAME_MAX, "pomod-%s.db", stamp);
}

bool name_is_backup(const char *name, BackupName *ret_parts) {
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
        name_of_backup(&parts, again);
        if (strcmp(name, again) != 0)
                return false;
        if (ret_parts)
                *ret_parts = parts;
        return true;
}
