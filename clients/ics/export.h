/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* `pomoctl-ics export`: what the schedule says, as a calendar. */

#include "clients/ics/session.h"

typedef struct ExportOptions {
        Date from, to;      /* to included; DATE_NONE: not given */
        const char *output; /* NULL: standard output */
        const char *only;   /* a kind; NULL: all */
} ExportOptions;

/* Each gives what to exit with. */
int export_run(IcsSession *session, const ExportOptions *options);
/* Asks the daemon and writes once. ret_written may be NULL. */
int export_once(IcsSession *session, const ExportOptions *options, bool *ret_written);
/* Stays, and writes again whenever the schedule says something else. */
int export_keep(IcsSession *session, const ExportOptions *options);
