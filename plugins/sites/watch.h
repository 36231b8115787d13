/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Files that other programs change, by inotify: those that have names of ours, and those that say which names
 * are never blocked. */

#include "plugins/sites/backend.h"

typedef struct Watch Watch;

/* It is called once for all that happened together, with each path of watch_set() that it happened to. NULL
 * where this computer has no watch left. */
Watch *watch_new(const Backend *backend, void (*func)(const char *path, void *data), void *data);
/* These and no others from now on: files, also those that are not there yet, and folders, "/etc/apt/" with
 * all files in it. NULL at the end. */
void watch_set(Watch *watch, const char *const *paths);
Watch *watch_free(Watch *watch); /* NULL is fine; returns NULL */
