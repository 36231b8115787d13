/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/paths.h"
#include "daemon/store/names.h"

int folder_open(const char *folder, uid_t uid, bool create, char **ret_path, int *ret_fd) {
        cleanup_free_ char *path = NULL;
        cleanup_close_ int fd = -1;
        struct stat st;
        int r;

        path = realpath(folder, NULL);
        if (!path && errno == ENOENT && create) {
                r = path_make_folder(folder);
                if (r < 0)
                        return r;
                path = realpath(folder, NULL);
        }
        if (!path)
                return -errno;

        fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (st.st_uid != uid && geteuid() != 0)
                return -EPERM;

        *ret_path = steal(path);
        *ret_fd = steal_fd(fd);
        return 0;
}

int folder_lock(int folder_fd, int *ret_lock_fd) {
        cleanup_close_ int fd = -1;

        fd = openat(folder_fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return -errno;
        if (flock(fd, LOCK_EX | LOCK_NB) < 0)
                return errno == EWOULDBLOCK ? -EBUSY : -errno;
        *ret_lock_fd = steal_fd(fd);
        return 0;
}

static void close_folder(DIR **folder) {
        if (*folder)
                closedir(*folder);
}

bool folder_has_backups(int folder_fd) {
        cleanup_(close_folder) DIR *folder = NULL;
        const struct dirent *entry;
        int fd;

        fd = openat(folder_fd, BACKUP_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
                return false;
        folder = fdopendir(fd);
        if (!folder) {
                close(fd);
                return false;
        }
        while ((entry = readdir(folder)))
                if (name_is_backup(entry->d_name, NULL))
                        return true;
        return false;
}

/* Some file systems cannot refuse to replace; we hold the lock, so nobody makes the name in between. */
static int rename_new(int fd, const char *from, const char *to) {
        if (renameat2(fd, from, fd, to, RENAME_NOREPLACE) == 0)
                return 0;
        if (errno != EINVAL && errno != ENOSYS)
                return -errno;
        if (faccessat(fd, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
                return -EEXIST;
        return renameat(fd, from, fd, to) < 0 ? -errno : 0;
}

int folder_rename_aside(
                int folder_fd, const char *name, const char *tag, uint64_t now_real_usec, char **ret_name) {
        char stamp[NAME_STAMP_MAX], to[NAME_MAX + 1];

        name_stamp(now_real_usec, stamp);
        for (unsigned n = 1; n < 10000; n++) {
                int length, r;

                length = n == 1 ? snprintf(to, sizeof(to), "%s.%s-%s", name, tag, stamp)
                                : snprintf(to, sizeof(to), "%s.%s-%s-%u", name, tag, stamp, n);
                if (length < 0 || (size_t) length > NAME_MAX - strlen("-wal"))
                        return -ENAMETOOLONG;
                r = rename_new(folder_fd, name, to);
                if (r == -EEXIST)
                        continue;
                if (r < 0)
                        return r;
                if (ret_name && !(*ret_name = strdup(to)))
                        return -ENOMEM;
                return 0;
        }
        return -EEXIST;
}

int folder_set_aside(int folder_fd, const char *tag, uint64_t now_real_usec, char **ret_name) {
        cleanup_free_ char *name = NULL;
        int r;

        /* The file goes first: without it, what a crash leaves behind is seen to be incomplete. */
        r = folder_rename_aside(folder_fd, STORE_FILE, tag, now_real_usec, &name);
        if (r < 0 && r != -ENOENT)
                return r;

        for (unsigned i = 0; i < 2; i++) {
                const char *suffix = i == 0 ? "-wal" : "-shm";
                char from[NAME_MAX + 1], to[NAME_MAX + 1];

                snprintf(from, sizeof(from), STORE_FILE "%s", suffix);
                if (name) {
                        snprintf(to, sizeof(to), "%.*s%s", NAME_MAX - 4, name, suffix);
                        r = rename_new(folder_fd, from, to);
                } else
                        r = -EEXIST;
                if (r == -EEXIST)
                        r = folder_rename_aside(folder_fd, from, tag, now_real_usec, NULL);
                if (r < 0 && r != -ENOENT)
                        return r;
        }
        if (fsync(folder_fd) < 0)
                return -errno;
        *ret_name = steal(name);
        return 0;
}
