/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/chromium-folders.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"

#define MODE 0755u

/* The length of path up to and without the next slash behind n bytes. */
static size_t next_part(const char *path, size_t n) {
        return n + 1 + strcspn(path + n + 1, "/");
}

void chromium_folders_missing(const char *path, GPtrArray *folders) {
        for (size_t n = next_part(path, 0);; n = next_part(path, n)) {
                g_autofree char *folder = g_strndup(path, n);

                if (access(folder, F_OK) < 0 && errno == ENOENT &&
                                !g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
                        g_ptr_array_add(folders, g_steal_pointer(&folder));
                if (!path[n])
                        return;
        }
}

/* ---- making ---- */

static int sync_parent(const char *path) {
        g_autofree char *parent = g_path_get_dirname(path);
        cleanup_close_ int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

/* From its first moment on as it is to be: it is not made twice after a kill. */
static int make_one(const char *path) {
        mode_t before = umask(0);
        int r = mkdir(path, MODE) < 0 ? -errno : 0;

        (void) umask(before);
        if (r == -EEXIST)
                return 0;
        return r < 0 ? r : sync_parent(path);
}

int chromium_folders_make(const char *path) {
        for (size_t n = next_part(path, 0);; n = next_part(path, n)) {
                g_autofree char *folder = g_strndup(path, n);
                int r = access(folder, F_OK) == 0 ? 0 : make_one(folder);

                if (r < 0 || !path[n])
                        return r;
        }
}

/* ---- removing ---- */

static int remove_one(const char *path) {
        if (rmdir(path) < 0)
                return errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ? 0
                                                                                                    : -errno;
        return sync_parent(path);
}

static int longest_first(gconstpointer a, gconstpointer b) {
        size_t left = strlen(*(const char *const *) a), right = strlen(*(const char *const *) b);

        return left < right ? 1 : left > right ? -1 : 0;
}

int chromium_folders_remove(const GPtrArray *folders, const char **ret_path) {
        g_autoptr(GPtrArray) sorted = g_ptr_array_new();

        for (guint i = 0; i < folders->len; i++)
                g_ptr_array_add(sorted, g_ptr_array_index(folders, i));
        g_ptr_array_sort(sorted, longest_first);
        for (guint i = 0; i < sorted->len; i++) {
                int r = remove_one(g_ptr_array_index(sorted, i));

                if (r < 0) {
                        *ret_path = g_ptr_array_index(sorted, i);
                        return r;
                }
        }
        return 0;
}
