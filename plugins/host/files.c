/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"

#define TEMPORARY ".new-" /* no name that anybody may choose begins with a dot */

static int write_bytes(int fd, const char *data, size_t size) {
        while (size > 0) {
                ssize_t n = write(fd, data, size);

                if (n < 0 && errno != EINTR)
                        return -errno;
                if (n > 0) {
                        data += n;
                        size -= (size_t) n;
                }
        }
        return fsync(fd) < 0 ? -errno : 0;
}

int files_replace(int folder_fd, const char *name, const void *data, size_t size) {
        char temporary[NAME_MAX + 1];
        cleanup_close_ int fd = -1;
        int r;

        if (snprintf(temporary, sizeof(temporary), TEMPORARY "%s", name) >= (int) sizeof(temporary))
                return -ENAMETOOLONG;
        (void) unlinkat(folder_fd, temporary, 0);
        fd = openat(folder_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return -errno;
        r = write_bytes(fd, data, size);
        if (r == 0 && renameat(folder_fd, temporary, folder_fd, name) < 0)
                r = -errno;
        if (r < 0) {
                (void) unlinkat(folder_fd, temporary, 0);
                return r;
        }
        return fsync(folder_fd) < 0 ? -errno : 0;
}

static int open_own(int folder_fd, const char *name, off_t max, off_t *ret_size, int *ret_fd) {
        cleanup_close_ int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        struct stat st;

        if (fd < 0)
                return errno == ELOOP ? -EPERM : -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022) != 0)
                return -EPERM;
        if (st.st_size > max)
                return -EFBIG;
        *ret_size = st.st_size;
        *ret_fd = steal_fd(fd);
        return 0;
}

int files_read(int folder_fd, const char *name, size_t max, char **ret_data, size_t *ret_size) {
        cleanup_free_ char *data = NULL;
        cleanup_close_ int fd = -1;
        size_t n = 0;
        off_t size = 0;
        int r;

        r = open_own(folder_fd, name, (off_t) max, &size, &fd);
        if (r < 0)
                return r;
        data = malloc((size_t) size + 1);
        if (!data)
                return -ENOMEM;
        while (n < (size_t) size) {
                ssize_t got = read(fd, data + n, (size_t) size - n);

                if (got == 0)
                        break;
                if (got < 0 && errno != EINTR)
                        return -errno;
                if (got > 0)
                        n += (size_t) got;
        }
        data[n] = 0;
        *ret_data = steal(data);
        *ret_size = n;
        return 0;
}

int files_read_rest(int fd, size_t max, char **ret_text, size_t *ret_size) {
        cleanup_free_ char *text = malloc(max + 2);
        size_t n = 0;
        ssize_t part;

        if (!text)
                return -ENOMEM;
        do {
                part = read(fd, text + n, max + 1 - n);
                if (part < 0)
                        return -errno;
                n += (size_t) part;
        } while (part > 0);
        if (n > max)
                return -EFBIG;
        text[n] = '\0';
        *ret_text = steal(text);
        if (ret_size)
                *ret_size = n;
        return 0;
}

int files_remove(int folder_fd, const char *name) {
        if (unlinkat(folder_fd, name, 0) < 0)
                return -errno;
        return fsync(folder_fd) < 0 ? -errno : 0;
}

static int each(int folder_fd, bool hidden, int (*func)(int folder_fd, const char *name, void *data),
                void *data) {
        int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
        struct dirent *entry;
        DIR *dir;

        if (fd < 0)
                return -errno;
        dir = fdopendir(fd);
        if (!dir) {
                r = -errno;
                close(fd);
                return r;
        }
        while (r == 0 && (errno = 0, entry = readdir(dir)))
                if ((entry->d_name[0] == '.') == hidden)
                        r = func(folder_fd, entry->d_name, data);
        if (r == 0 && errno != 0)
                r = -errno;
        closedir(dir);
        return r;
}

int files_each(int folder_fd, int (*func)(int folder_fd, const char *name, void *data), void *data) {
        return each(folder_fd, false, func, data);
}

static int sweep_one(int folder_fd, const char *name, void *data) {
        if (strncmp(name, TEMPORARY, strlen(TEMPORARY)) == 0)
                (void) unlinkat(folder_fd, name, 0);
        return 0;
}

void files_sweep(int folder_fd) {
        (void) each(folder_fd, true, sweep_one, NULL);
}

int files_folder(int folder_fd, const char *name, int *ret_fd) {
        cleanup_close_ int fd = -1;
        struct stat st;

        if (mkdirat(folder_fd, name, 0700) == 0) {
                if (folder_fd >= 0)
                        (void) fsync(folder_fd);
        } else if (errno != EEXIST)
                return -errno;
        fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
                return errno == ELOOP ? -ENOTDIR : -errno;
        if (fstat(fd, &st) < 0)
                return -errno;
        if (st.st_uid != geteuid() || (st.st_mode & 022) != 0)
                return -EPERM;
        *ret_fd = steal_fd(fd);
        return 0;
}
