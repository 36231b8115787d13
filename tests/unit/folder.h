/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A folder for one test, which goes away with all that is in it. */

#include <errno.h>
#include <ftw.h>
#include <glib.h>
#include <stdio.h>

#include "common/cleanup.h"

static inline char *folder_new(void) {
        char *folder = g_dir_make_tmp("pomod-test-XXXXXX", NULL);

        g_assert_nonnull(folder);
        return folder;
}

static inline int folder_remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw) {
        return remove(path);
}

/* Also where the test took it away itself. */
static inline void folder_free(char *folder) {
        g_assert_true(nftw(folder, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT);
        g_free(folder);
}
DEFINE_CLEANUP(char *, folder_free);
#define folder_ cleanup_(folder_freep) char *

/* A path in it; g_free(). */
static inline char *folder_file(const char *folder, const char *name) {
        return g_build_filename(folder, name, NULL);
}
