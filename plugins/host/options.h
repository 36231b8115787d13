/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What was typed behind pomod-plugin-host, taken apart. */

#include <stdbool.h>

typedef enum HostVerb {
        HOST_RUN,           /* NAME */
        HOST_CHECK,         /* --check FILE.so */
        HOST_DESCRIBE,      /* --describe FILE.so */
        HOST_TRY,           /* --try FILE.so --desired FILE.json */
        HOST_PROBE,         /* --probe NAME SUBJECT */
        HOST_RELEASE,       /* --release NAME */
        HOST_RELEASE_ENDED, /* --release-ended */
        HOST_LIST,          /* --list */
        HOST_HELP,
        HOST_VERSION,
} HostVerb;

typedef struct Options {
        HostVerb verb;
        const char *name;    /* of the plugin: run, probe, release */
        const char *file;    /* check, describe, try */
        const char *desired; /* try */
        const char *subject; /* probe */
        const char *bus;     /* NULL: not given */
        bool ended;          /* release: only what has ended */
        bool stop;           /* release: the unit is stopped and disabled before */
} Options;

/* Texts point into argv. 0, or 2 (usage) after the sentence on standard error. */
int options_parse(int argc, char **argv, Options *ret_options);
