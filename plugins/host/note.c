/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/note.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *whose = "";

void note_begin(const char *name) {
        whose = name;
}

void note_line(int priority, const char *format, ...) {
        char line[4200];
        va_list ap;

        va_start(ap, format);
        (void) vsnprintf(line, sizeof(line), format, ap);
        va_end(ap);

        /* The journal takes the priority from a prefix; on a terminal it would only be in the way. */
        if (getenv("JOURNAL_STREAM"))
                fprintf(stderr, "<%d>%s\n", priority, line);
        else
                fprintf(stderr, "pomod-plugin-host[%s]: %s\n", whose, line);
}
