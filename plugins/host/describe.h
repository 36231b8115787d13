/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What a plugin says of itself, as the NAME.json that lies beside its NAME.so: pomod and clients load no
 * code. */

#include "plugins/host/table.h"

/*
 * The file of a plugin that somebody wants to look at, opened before this process gave up being root, so that
 * it may lie where nobody else comes. Ends the process where the plugin does what it should not.
 */
typedef struct Looked {
        Plugin *plugin;
        int json_fd; /* of NAME.json beside it; -ENOENT or another negative errno where there is none */
} Looked;

/*
 * Calls look(), which describe_load() and what is then to be done with it, in a child that has given up what
 * a plugin must not have. What to exit with, in both processes: also where the plugin ended the child by
 * _exit(), which is told on standard error.
 */
int describe_watched(int (*look)(const char *path), const char *path);

/* 0, or what to exit with, after a sentence on standard error. */
int describe_load(const char *path, Looked *ret_looked);

/* --describe: prints it. What to exit with. */
int describe_file(const char *path);
