/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What the files of state.h share. */

#include "plugins/host/state.h"

#define CLAIMS_FILE     "claims"
#define UNREADABLE_FILE "claims-unreadable" /* the last that was set aside */
#define FAILURE_FILE    "last-failure"
#define RELEASED_FILE   "released"

struct State {
        char *name;
        char *path; /* of the folder, for sentences */
        char *failure_path;
        char *category_dir; /* NULL: there are no categories */
        int folder_fd, lock_fd, saved_fd, lists_fd;
        char boot_id[HELD_BOOT_ID_MAX];
        char **known; /* digests of lists that were read whole, as many claims name the same */
        size_t n_known, n_known_allocated;
};

/* "cannot … PATH/FILE: No space left on device". Returns r. */
int state_fail(const char *path, const char *file, int r, const char *verb, char **ret_sentence);
