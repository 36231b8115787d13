/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The state folders that this user answers for: those of session plugins, and root's of system plugins, too.
 */

#include <stddef.h>

#include "common/cleanup.h"
#include "plugins/host/places.h"

typedef struct Folders {
        struct {
                Places places;
                bool system;
        } of[2];
        size_t n;
} Folders;

/* A negative errno where not even one has a place. folders_clear() it. */
int folders_find(PlacesFunc places, Folders *ret_folders);
void folders_clear(Folders *folders);

/* Calls func for the name of each plugin that has a folder; its result ends it where that is not 0, and is
 * returned. */
typedef int (*FoldersFunc)(const Places *places, bool system, const char *name, void *data);
int folders_each(const Folders *folders, FoldersFunc func, void *data);
