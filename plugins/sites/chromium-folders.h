/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The folders above our files: made where they are missing, and removed where we made them. */

#include <glib.h>

/* Those of path and above it that are not there, the uppermost first; new ones are added to the texts. */
void chromium_folders_missing(const char *path, GPtrArray *folders);
/* Makes path and what is missing above it, for everybody to read. 0, or a negative errno. */
int chromium_folders_make(const char *path);
/* Removes those that are empty, the lowest first, and has that on disk. What is not empty, or gone, stays as
 * it is. 0, or a negative errno with the folder in ret_path, which is the texts'. */
int chromium_folders_remove(const GPtrArray *folders, const char **ret_path);
