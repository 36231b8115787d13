/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/policy-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"

#define FILES_MAX    256u
#define FILE_MAX     (1024u * 1024u)
#define FILE_MAX_OWN (4 * FILE_MAX) /* it repeats one of the others, with spaces between */

static int by_bytes(gconstpointer a, gconstpointer b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static int list_names(int fd, GPtrArray *names) {
        DIR *folder = fdopendir(fd);
        struct dirent *entry;
        int r;

        if (!folder) {
                r = -errno;
                (void) close_fd(fd);
                return r;
        }
        errno = 0;
        while ((entry = readdir(folder)))
                if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
                        g_ptr_array_add(names, g_strdup(entry->d_name));
        r = -errno;
        (void) closedir(folder);
        g_ptr_array_sort(names, by_bytes);
        return r;
}

static int read_all(int fd, guint most, GByteArray *bytes) {
        guint8 part[16384];
        ssize_t n;

        while ((n = read(fd, part, sizeof(part))) > 0) {
                g_byte_array_append(bytes, part, (guint) n);
                if (bytes->len > most)
                        return -EFBIG;
        }
        return n < 0 ? -errno : 0;
}

/* What a browser, which is nobody in particular, makes of it. Whoever reads may be root. */
static int read_file(int folder_fd, const char *name, GByteArray *bytes) {
        cleanup_close_ int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EISDIR;
        if (geteuid() == 0 && !(st.st_mode & S_IROTH))
                return -EACCES;
        return read_all(fd, strcmp(name, POLICY_OWN) == 0 ? FILE_MAX_OWN : FILE_MAX, bytes);
}

/* What a browser reads all the same: without its words ours would hide them. */
static bool is_only_mine(int r) {
        return r == -EFBIG || r == -EMFILE || r == -ENFILE;
}

static int add_file(Policy *policy, int folder_fd, const char *name) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        int r = read_file(folder_fd, name, bytes);

        if (is_only_mine(r))
                return r;
        if (r == 0)
                policy_add(policy, name, (const char *) bytes->data, bytes->len);
        else if (r != -EISDIR && r != -ENOENT)
                policy_ignore(policy, name, r == -EACCES ? "cannot be read by everybody" : g_strerror(-r));
        return 0;
}

int policy_folder_read(const char *folder, Policy **ret_policy) {
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(Policy) policy = policy_new();
        cleanup_close_ int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        int r;

        if (fd < 0 && errno != ENOENT)
                return -errno;
        if (fd >= 0) {
                int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

                r = copy < 0 ? -errno : list_names(copy, names);
                if (r < 0)
                        return r;
        }
        if (names->len > FILES_MAX)
                return -E2BIG;
        for (guint i = 0; i < names->len; i++) {
                r = add_file(policy, fd, g_ptr_array_index(names, i));
                if (r < 0)
                        return r;
        }
        *ret_policy = g_steal_pointer(&policy);
        return 0;
}
