/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"

int path_state_home(char **ret_path) {
        const char *base = getenv("XDG_STATE_HOME");
        const char *below = "/pomod";
        char *path;

        /* The XDG specification has relative paths ignored. */
        if (!base || base[0] != '/') {
                base = getenv("HOME");
                below = "/.local/state/pomod";
        }
        if (!base || base[0] != '/')
                return -ENOENT;

        if (asprintf(&path, "%s%s", base, below) < 0)
                return -ENOMEM;
        *ret_path = path;
        return 0;
}

static int make_one(const char *path) {
        struct stat st;
        int error;

        if (mkdir(path, 0700) == 0)
                return 0;
        error = errno;

        /* Only then is it looked at: mkdir() on what exists fails in several ways, and none of them matters.
         */
        if (stat(path, &st) < 0)
                return -error;
        return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

int path_make_folder(const char *path) {
        cleanup_free_ char *copy = NULL;

        if (!path || !*path)
                return -ENOENT;
        copy = strdup(path);
        if (!copy)
                return -ENOMEM;

        for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
                int r;

                *slash = '\0';
                r = make_one(copy);
                *slash = '/';
                if (r < 0)
                        return r;
        }
        return make_one(copy);
}
