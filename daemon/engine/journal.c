/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/engine/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

static const char *const prefixes[] = {
        [JOURNAL_ERROR] = SD_ERR,
        [JOURNAL_WARNING] = SD_WARNING,
        [JOURNAL_INFO] = SD_INFO,
};

void journal_line(JournalLevel level, const char *format, ...) {
        char line[1024];
        va_list args;

        va_start(args, format);
        vsnprintf(line, sizeof(line), format, args);
        va_end(args);

        /* The journal takes the priority from a prefix; on a terminal it would only be in the way. One write
         * a line, so that lines of parent and child do not mix. */
        if (getenv("JOURNAL_STREAM"))
                fprintf(stderr, "%s%s\n", prefixes[level], line);
        else
                fprintf(stderr, "pomod: %s\n", line);
}
