/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/replace.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "common/cleanup.h"

#define NEW_MODE     0644
#define XATTRS_BYTES 65536u /* of all names, and of one value; the kernel knows no more */

/* A file that is to be replaced. */
typedef struct Target {
        char *path;       /* where symbolic links lead to */
        int folder_fd;    /* that it is in … */
        const char *name; /* … under this name */
        int fd;           /* of the file as it is; -1: there is none */
        struct stat st;
} Target;

static void target_clear(Target *target) {
        free(target->path);
        close_fd(target->folder_fd);
        close_fd(target->fd);
}

static int say(char **ret_sentence, int r, const char *path, const char *what) {
        *ret_sentence = g_strdup_printf("%s %s: %s", path, what, strerror(-r));
        return r;
}

/* ---- where it is ---- */

/* A file that is not there has no symbolic link that leads to it either: who made the link meant a file. */
static int resolve(const char *path, char **ret_path) {
        cleanup_free_ char *folder = NULL, *whole = NULL, *base = NULL;
        struct stat st;

        *ret_path = realpath(path, NULL);
        if (*ret_path)
                return 0;
        if (errno != ENOENT || lstat(path, &st) == 0)
                return -errno;
        folder = g_path_get_dirname(path);
        base = g_path_get_basename(path);
        whole = realpath(folder, NULL);
        if (!whole)
                return -errno;
        *ret_path = g_build_filename(whole, base, NULL);
        return 0;
}

static int target_open_file(Target *target) {
        target->fd = openat(target->folder_fd, target->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (target->fd < 0)
                return errno == ENOENT ? 0 : -errno;
        if (fstat(target->fd, &target->st) < 0)
                return -errno;
        return S_ISREG(target->st.st_mode) ? 0 : -EISDIR;
}

static int target_open(Target *target, const char *path) {
        cleanup_free_ char *folder = NULL;
        int r;

        r = resolve(path, &target->path);
        if (r < 0)
                return r;
        folder = g_path_get_dirname(target->path);
        target->name = strrchr(target->path, '/') + 1;
        target->folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (target->folder_fd < 0)
                return -errno;
        return target_open_file(target);
}

bool replace_is_same(const struct stat *a, const struct stat *b) {
        return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
               a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Of the name, not of what is open: it may have been replaced since. */
static bool is_seen(const Target *target, const struct stat *seen) {
        struct stat st;

        if (!seen)
                return true;
        if (fstatat(target->folder_fd, target->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
                return errno == ENOENT && seen->st_ino == 0;
        return replace_is_same(&st, seen);
}

/*
 * Whether a program has it open for writing, as a shell has while what it runs is at work: what it writes
 * from now on would go into a file without a name. A lease is what the kernel refuses then; where it says
 * nothing, as of a file system without leases, nobody writes. Who opens it meanwhile waits for no longer than
 * this, and the signal that tells of that is one that does nothing.
 */
static bool is_written(const Target *target) {
        if (target->fd < 0 || fcntl(target->fd, F_SETSIG, SIGURG) < 0)
                return false;
        if (fcntl(target->fd, F_SETLEASE, F_RDLCK) < 0)
                return errno == EAGAIN;
        (void) fcntl(target->fd, F_SETLEASE, F_UNLCK);
        return false;
}

/* 0, or why the file is not as it was seen, or will not stay so. */
static int check_seen(const Target *target, const struct stat *seen) {
        if (seen && is_written(target))
                return -ETXTBSY;
        return is_seen(target, seen) ? 0 : -ESTALE;
}

/* ---- what goes with a file ---- */

static int copy_xattr(int from_fd, int to_fd, const char *name) {
        cleanup_free_ char *value = g_malloc(XATTRS_BYTES);
        ssize_t size = fgetxattr(from_fd, name, value, XATTRS_BYTES);

        if (size < 0)
                return errno == ENODATA ? 0 : -errno;
        return fsetxattr(to_fd, name, value, (size_t) size, 0) < 0 ? -errno : 0;
}

static int copy_xattrs(int from_fd, int to_fd) {
        cleanup_free_ char *names = g_malloc(XATTRS_BYTES);
        ssize_t size = flistxattr(from_fd, names, XATTRS_BYTES);

        if (size < 0)
                return errno == ENOTSUP ? 0 : -errno;
        for (const char *name = names; name < names + size; name += strlen(name) + 1) {
                int r = copy_xattr(from_fd, to_fd, name);

                if (r < 0)
                        return r;
        }
        return 0;
}

/* The mode last but for attributes, since a change of owner takes bits away. */
static int copy_attributes(const Target *target, int fd) {
        struct stat st;

        if (target->fd < 0)
                return fchmod(fd, NEW_MODE) < 0 ? -errno : 0;
        if (fstat(fd, &st) < 0)
                return -errno;
        if ((st.st_uid != target->st.st_uid || st.st_gid != target->st.st_gid) &&
                        fchown(fd, target->st.st_uid, target->st.st_gid) < 0)
                return -errno;
        if (fchmod(fd, target->st.st_mode & 07777) < 0)
                return -errno;
        return copy_xattrs(target->fd, fd);
}

static int write_at(int fd, const char *data, size_t size, size_t offset) {
        while (size > 0) {
                ssize_t n = pwrite(fd, data, size, (off_t) offset);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                data += n;
                size -= (size_t) n;
                offset += (size_t) n;
        }
        return 0;
}

/* ---- renamed ---- */

static int remove_temporary(int folder_fd) {
        return unlinkat(folder_fd, REPLACE_TEMPORARY, 0) < 0 && errno != ENOENT ? -errno : 0;
}

static int make_temporary(const Target *target, const void *data, size_t size, struct stat *ret_st) {
        cleanup_close_ int fd = -1;
        int r;

        r = remove_temporary(target->folder_fd);
        if (r < 0)
                return r;
        fd = openat(target->folder_fd, REPLACE_TEMPORARY,
                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
                return -errno;
        r = write_at(fd, data, size, 0);
        if (r >= 0)
                r = copy_attributes(target, fd);
        if (r >= 0 && fsync(fd) < 0)
                r = -errno;
        if (r >= 0 && fstat(fd, ret_st) < 0)
                r = -errno;
        return r;
}

static int replace_by_rename(const Target *target, const void *data, size_t size, const ReplaceHow *how,
                struct stat *ret_st) {
        int r = make_temporary(target, data, size, ret_st);

        if (r >= 0)
                r = check_seen(target, how->seen);
        if (r >= 0 && renameat(target->folder_fd, REPLACE_TEMPORARY, target->folder_fd, target->name) < 0)
                r = -errno;
        if (r < 0) {
                (void) remove_temporary(target->folder_fd);
                return r;
        }
        /* It is there, whatever becomes of this. */
        (void) fsync(target->folder_fd);
        return 0;
}

/* ---- in place ---- */

static int read_at(int fd, char *data, size_t size, size_t offset) {
        while (size > 0) {
                ssize_t n = pread(fd, data, size, (off_t) offset);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : -ESTALE;
                data += n;
                size -= (size_t) n;
                offset += (size_t) n;
        }
        return 0;
}

static size_t count_same(const char *a, size_t a_size, const char *b, size_t b_size) {
        size_t n = 0;

        while (n < a_size && n < b_size && a[n] == b[n])
                n++;
        return n;
}

/* What is behind the part that stays is written anew; what a full disk has cut short is put back. */
static int rewrite(int fd, const char *data, size_t size, const char *old, size_t old_size, size_t n_same) {
        int r;

        if (size > old_size && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t) size) < 0 && errno == ENOSPC)
                return -ENOSPC;
        r = write_at(fd, data + n_same, size - n_same, n_same);
        if (r >= 0 && ftruncate(fd, (off_t) size) < 0)
                r = -errno;
        if (r < 0) {
                (void) write_at(fd, old + n_same, old_size - n_same, n_same);
                (void) ftruncate(fd, (off_t) old_size);
        }
        if (fsync(fd) < 0 && r >= 0)
                r = -errno;
        return r;
}

static int replace_in_place(const Target *target, const void *data, size_t size, const ReplaceHow *how,
                struct stat *ret_st) {
        size_t old_size = (size_t) target->st.st_size, n_same;
        cleanup_free_ char *old = g_malloc(old_size + 1);
        cleanup_close_ int fd = -1;
        int r;

        r = check_seen(target, how->seen);
        if (r < 0)
                return r;
        fd = openat(target->folder_fd, target->name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        r = read_at(fd, old, old_size, 0);
        if (r < 0)
                return r;
        n_same = count_same(old, old_size, data, size);
        if (how->in_place && (r = how->in_place(target->path, n_same, how->userdata)) < 0)
                return r;
        if (!is_seen(target, how->seen))
                return -ESTALE;
        r = rewrite(fd, data, size, old, old_size, n_same);
        return r >= 0 && fstat(fd, ret_st) < 0 ? -errno : r;
}

/* ---- replacing ---- */

/* What only a rename is refused for. */
static bool may_be_in_place(const Target *target, int r) {
        return target->fd >= 0 &&
               (r == -EBUSY || r == -EXDEV || r == -EPERM || r == -EACCES || r == -EROFS || r == -ENOTSUP);
}

int replace_file_how(
                const char *path, const void *data, size_t size, const ReplaceHow *how, char **ret_sentence) {
        cleanup_(target_clear) Target target = { .folder_fd = -1, .fd = -1 };
        struct stat written;
        int r;

        assert(path && data && how && ret_sentence);
        r = target_open(&target, path);
        if (r == -ENOENT)
                return say(ret_sentence, r, path, "leads to a file that is not there");
        if (r < 0)
                return say(ret_sentence, r, path, "cannot be read");
        r = target.fd >= 0 && target.st.st_nlink > 1 ? -EBUSY
                                                     : replace_by_rename(&target, data, size, how, &written);
        if (may_be_in_place(&target, r))
                r = replace_in_place(&target, data, size, how, &written);
        if (r == -EPERM)
                return say(ret_sentence, r, path,
                                "cannot be changed (lsattr says whether it is made immutable)");
        if (r < 0)
                return say(ret_sentence, r, path, "cannot be changed");
        if (how->ret_written)
                *how->ret_written = written;
        return 0;
}

int replace_file(const char *path, const void *data, size_t size, char **ret_sentence) {
        return replace_file_how(path, data, size, &(ReplaceHow){}, ret_sentence);
}

void replace_sweep(const char *path) {
        cleanup_(target_clear) Target target = { .folder_fd = -1, .fd = -1 };

        assert(path);
        (void) target_open(&target, path);
        if (target.folder_fd >= 0)
                (void) remove_temporary(target.folder_fd);
}

int replace_remove(const char *path, char **ret_sentence) {
        cleanup_free_ char *folder = NULL, *name = NULL;
        cleanup_close_ int folder_fd = -1;
        int r;

        assert(path && ret_sentence);
        folder = g_path_get_dirname(path);
        name = g_path_get_basename(path);
        folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder_fd < 0)
                return errno == ENOENT || errno == ENOTDIR
                                       ? 0
                                       : say(ret_sentence, -errno, path, "cannot be removed");
        r = remove_temporary(folder_fd);
        if (unlinkat(folder_fd, name, 0) < 0 && errno != ENOENT)
                r = -errno;
        if (r < 0)
                return say(ret_sentence, r, path, "cannot be removed");
        (void) fsync(folder_fd);
        return 0;
}
