/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* NAME.json beside NAME.so: what it should be of a plugin that is loaded, and what is there. */

#include <stdbool.h>

#include "plugins/host/table.h"

/* NAME.json with a line break at its end, the caller's as all texts here. */
char *described_text(const Plugin *plugin);
/* What to type to make it anew. */
char *described_remedy(const Plugin *plugin);

/* Where it is, of the path of a NAME.so. */
char *described_path(const char *path);
/* 0; -EFBIG above what pomod reads; a negative errno. */
int described_read(int fd, char **ret_text);
/* Whether it says the same as the plugin. */
bool described_fits(const Plugin *plugin, const char *text);

/* A sentence where there is one beside a plugin that says something else, as after an update of one of the
 * two; else NULL. */
char *described_stale(const Plugin *plugin);
/* The version of the one beside a NAME.so; NULL: it tells none. */
char *described_version(const char *path);
