/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"

static int join(const char *folder, const char *below, char **ret_path) {
        char *path;

        if (asprintf(&path, "%s/%s", folder, below) < 0)
                return -ENOMEM;
        *ret_path = path;
        return 0;
}

/* The XDG specification has relative paths ignored. */
static int xdg_folder(const char *variable, const char *below_home, char **ret_path) {
        const char *base = getenv(variable), *home = getenv("HOME");

        if (base && base[0] == '/')
                return join(base, "pomod", ret_path);
        return home && home[0] == '/' ? join(home, below_home, ret_path) : -ENOENT;
}

int path_state_home(char **ret_path) {
        return xdg_folder("XDG_STATE_HOME", ".local/state/pomod", ret_path);
}

int path_data_home(char **ret_path) {
        return xdg_folder("XDG_DATA_HOME", ".local/share/pomod", ret_path);
}

int path_from_program(const char *below, char **ret_path) {
        char self[PATH_MAX], *slash;
        ssize_t n;

        n = readlink("/proc/self/exe", self, sizeof(self) - 1);
        if (n < 0)
                return -errno;
        self[n] = '\0';
        slash = strrchr(self, '/');
        if (!slash)
                return -ENOENT;
        *slash = '\0';
        return join(self, below, ret_path);
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
