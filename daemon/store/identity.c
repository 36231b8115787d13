/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/identity.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/paths.h"

#define FILE_NAME "store-id"
#define TEMPORARY ".store-id~"

/* false: there is none, or none that makes sense. */
static bool read_identity(int folder_fd, char identity[IDENTITY_MAX], int *ret_error) {
        cleanup_close_ int fd = openat(folder_fd, FILE_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        char text[IDENTITY_MAX] = "";
        ssize_t n;

        *ret_error = fd < 0 && errno != ENOENT && errno != ELOOP ? -errno : 0;
        if (fd < 0)
                return false;
        n = read(fd, text, IDENTITY_MAX - 1);
        if (n < 0 && errno != EISDIR)
                *ret_error = -errno;
        if (n != IDENTITY_MAX - 1 || !g_uuid_string_is_valid(text))
                return false;
        memcpy(identity, text, IDENTITY_MAX);
        return true;
}

static int write_identity(int folder_fd, const char *identity) {
        cleanup_close_ int fd = -1;

        (void) unlinkat(folder_fd, TEMPORARY, 0);
        fd = openat(folder_fd, TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return -errno;
        if (dprintf(fd, "%s\n", identity) != IDENTITY_MAX || fsync(fd) < 0 ||
                        renameat(folder_fd, TEMPORARY, folder_fd, FILE_NAME) < 0 || fsync(folder_fd) < 0) {
                int r = errno > 0 ? -errno : -EIO;

                (void) unlinkat(folder_fd, TEMPORARY, 0);
                return r;
        }
        return 0;
}

int identity_load(const char *folder, char ret_identity[IDENTITY_MAX]) {
        cleanup_free_ char *made = NULL;
        cleanup_close_ int fd = -1;
        int r = path_make_folder(folder);

        assert(ret_identity);
        if (r < 0)
                return r;
        fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        if (read_identity(fd, ret_identity, &r) || r < 0)
                return r;
        made = g_uuid_string_random();
        r = write_identity(fd, made);
        if (r < 0)
                return r;
        memcpy(ret_identity, made, IDENTITY_MAX);
        return 0;
}
