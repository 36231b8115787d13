/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/folder.h"

#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/paths.h"

#define STAMP_MAX 24
#define BY_HAND   "-hand"

/* "20260210T230000Z". Returns buf. */
static const char *stamp_of(uint64_t real_usec, char buf[STAMP_MAX]) {
        time_t seconds = (time_t) (real_usec / 1000000);
        struct tm tm;

        if (!gmtime_r(&seconds, &tm) || strftime(buf, STAMP_MAX, "%Y%m%dT%H%M%SZ", &tm) == 0)
                strcpy(buf, "00000000T000000Z");
        return buf;
}

void folder_backup_name(const BackupName *parts, char ret_name[BACKUP_NAME_MAX]) {
        const char *hand = parts->by_hand ? BY_HAND : "";
        char stamp[STAMP_MAX];

        assert(parts->ordinal >= 1);
        stamp_of(parts->made_real_usec, stamp);
        if (parts->ordinal > 1)
                snprintf(ret_name, BACKUP_NAME_MAX, "pomod-%s%s-%u.db", stamp, hand, parts->ordinal);
        else
                snprintf(ret_name, BACKUP_NAME_MAX, "pomod-%s%s.db", stamp, hand);
}

bool folder_is_backup_name(const char *name, BackupName *ret_parts) {
        BackupName parts = { .ordinal = 1 };
        char again[BACKUP_NAME_MAX];
        struct tm tm = {};
        const char *rest;

        if (strncmp(name, "pomod-", 6) != 0)
                return false;
        rest = strptime(name + 6, "%Y%m%dT%H%M%SZ", &tm);
        if (!rest)
                return false;
        parts.made_real_usec = (uint64_t) timegm(&tm) * 1000000;
        if (g_str_has_prefix(rest, BY_HAND)) {
                parts.by_hand = true;
                rest += strlen(BY_HAND);
        }
        if (*rest == '-' && isdigit((unsigned char) rest[1]))
                parts.ordinal = (unsigned) strtoul(rest + 1, NULL, 10);

        /* Written back it must be the same: so nothing that only looks like a name, or leads elsewhere,
         * passes. */
        folder_backup_name(&parts, again);
        if (strcmp(name, again) != 0)
                return false;
        if (ret_parts)
                *ret_parts = parts;
        return true;
}

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

int folder_open_backups(int folder_fd, bool create, int *ret_fd) {
        int fd;

        if (create && mkdirat(folder_fd, BACKUP_FOLDER, 0700) < 0 && errno != EEXIST)
                return -errno;
        fd = openat(folder_fd, BACKUP_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        *ret_fd = fd;
        return 0;
}

int folder_each_name(int fd, void (*func)(int fd, const char *name, void *userdata), void *userdata) {
        const struct dirent *entry;
        DIR *folder;
        int own;

        own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (own < 0)
                return -errno;
        folder = fdopendir(own);
        if (!folder) {
                close(own);
                return -errno;
        }
        while ((entry = readdir(folder)))
                func(fd, entry->d_name, userdata);
        closedir(folder);
        return 0;
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
        char stamp[STAMP_MAX], to[NAME_MAX + 1];

        stamp_of(now_real_usec, stamp);
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
                if (ret_name)
                        *ret_name = g_strdup(to);
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

/* ---- what was set aside ---- */

typedef struct Aside {
        char stamp[STAMP_MAX];
        unsigned long ordinal;
        char *name;
} Aside;

static void aside_clear(gpointer data) {
        g_free(((Aside *) data)->name);
}

/* The file itself: what belongs to it has a longer name and goes with it. */
static bool parse_aside(const char *name, Aside *ret_aside) {
        static const char *const tags[] = { STORE_FILE ".damaged-", STORE_FILE ".replaced-",
                STORE_FILE ".displaced-" };

        for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
                Aside aside = { .ordinal = 1 };
                const char *stamp, *rest;
                struct tm tm;
                char *end;

                if (!g_str_has_prefix(name, tags[i]))
                        continue;
                stamp = name + strlen(tags[i]);
                rest = strptime(stamp, "%Y%m%dT%H%M%SZ", &tm);
                if (!rest || rest - stamp >= STAMP_MAX)
                        return false;
                memcpy(aside.stamp, stamp, (size_t) (rest - stamp));
                if (*rest == '-' && isdigit((unsigned char) rest[1])) {
                        aside.ordinal = strtoul(rest + 1, &end, 10);
                        rest = end;
                }
                if (*rest != '\0')
                        return false;
                aside.name = g_strdup(name);
                *ret_aside = aside;
                return true;
        }
        return false;
}

static void note_aside(int fd, const char *name, void *userdata) {
        Aside aside;

        if (parse_aside(name, &aside))
                g_array_append_val((GArray *) userdata, aside);
}

static gint compare_asides(gconstpointer a, gconstpointer b) {
        const Aside *x = a, *y = b;
        int r = strcmp(y->stamp, x->stamp);

        return r != 0 ? r : x->ordinal < y->ordinal ? 1 : x->ordinal > y->ordinal ? -1 : 0;
}

int folder_prune_aside(int folder_fd, unsigned keep) {
        static const char *const suffixes[] = { "-wal", "-shm", "-journal", "" };
        GArray *asides = g_array_new(FALSE, FALSE, sizeof(Aside));
        int r;

        g_array_set_clear_func(asides, aside_clear);
        r = folder_each_name(folder_fd, note_aside, asides);
        g_array_sort(asides, compare_asides);
        for (guint i = keep; r == 0 && i < asides->len; i++)
                for (size_t n = 0; n < G_N_ELEMENTS(suffixes); n++) {
                        cleanup_free_ char *name =
                                        g_strconcat(g_array_index(asides, Aside, i).name, suffixes[n], NULL);

                        if (unlinkat(folder_fd, name, 0) < 0 && errno != ENOENT && errno != EISDIR)
                                r = -errno;
                }
        g_array_unref(asides);
        return r;
}
