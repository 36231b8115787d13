/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What both verbs have: the program with its daemon, and the name of the user's zone. */

#include "clients/ics/ics.h"
#include "clients/lib/program.h"

typedef struct IcsSession {
        Program program;
        char *zone; /* "Europe/Berlin"; NULL: it has no name */
} IcsSession;

/* From here on the zone of this process is that of the user's settings, else the one it found. 0, or what to
 * exit with. */
int session_use_zone(IcsSession *session);
