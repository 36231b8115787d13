/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/account-file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/caps.h"
#include "common/cleanup.h"

#define SETTLED_SEC                                                                            \
        2 /* a file that was changed so shortly before may be changed again with the same time \
           */

struct AccountFile {
        char *path;
        bool was_read, settled;
        struct stat seen;
        GHashTable *names; /* uid → name, which lies in texts */
        GStringChunk *texts;
};

AccountFile *account_file_new(const char *path) {
        AccountFile *file = g_new0(AccountFile, 1);

        file->path = g_strdup(path);
        file->names = g_hash_table_new(NULL, NULL);
        file->texts = g_string_chunk_new(4096);
        return file;
}

AccountFile *account_file_free(AccountFile *file) {
        if (!file)
                return NULL;
        g_hash_table_unref(file->names);
        g_string_chunk_free(file->texts);
        g_free(file->path);
        g_free(file);
        return NULL;
}

const char *account_file_find(const AccountFile *file, uid_t uid) {
        return g_hash_table_lookup(file->names, GUINT_TO_POINTER(uid));
}

/* A whole decimal number, as no other program would read it otherwise. */
static bool parse_uid(const char *text, uid_t *ret_uid) {
        char *end;
        guint64 uid;

        if (!g_ascii_isdigit(*text))
                return false;
        errno = 0;
        uid = g_ascii_strtoull(text, &end, 10);
        if (*end || errno != 0 || uid >= UINT32_MAX)
                return false;
        *ret_uid = (uid_t) uid;
        return true;
}

/* NAME:PASSWORD:UID:… What is no such line, a comment or one of NIS, is none of ours. */
static void take_line(AccountFile *file, char *line) {
        char *name = line, *uid_text, *end;
        uid_t uid;

        end = strchr(name, ':');
        uid_text = end ? strchr(end + 1, ':') : NULL;
        if (!uid_text || end == name || end - name > ACCOUNT_NAME_BYTES || strchr("#+-", *name))
                return;
        *end = '\0';
        uid_text++;
        end = strchr(uid_text, ':');
        if (!end)
                return;
        *end = '\0';
        if (parse_uid(uid_text, &uid) && !account_file_find(file, uid))
                g_hash_table_insert(
                                file->names, GUINT_TO_POINTER(uid), g_string_chunk_insert(file->texts, name));
}

static void forget(AccountFile *file) {
        g_hash_table_remove_all(file->names);
        g_string_chunk_clear(file->texts);
        file->was_read = false;
}

/* Of a file that lies in memory as text; what is behind a NUL is no text. */
static void take_text(AccountFile *file, char *text) {
        char *line;

        while ((line = strsep(&text, "\n")))
                take_line(file, line);
}

/* All of it, with a NUL at the end. */
static int read_whole(int fd, size_t size, char **ret_text) {
        cleanup_free_ char *text = g_malloc(size + 1);
        size_t n = 0;

        while (n < size) {
                ssize_t got = read(fd, text + n, size - n);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return -errno;
                if (got == 0)
                        break;
                n += (size_t) got;
        }
        text[n] = '\0';
        *ret_text = steal(text);
        return 0;
}

static bool is_same(const struct stat *a, const struct stat *b) {
        return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
               a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
               a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static int read_anew(AccountFile *file) {
        cleanup_close_ int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        cleanup_free_ char *text = NULL;
        struct timespec now;
        const bool was_read = file->was_read;
        struct stat st;
        int r;

        forget(file);
        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EINVAL;
        if (st.st_size > ACCOUNT_FILE_BYTES)
                return -EFBIG;
        r = read_whole(fd, (size_t) st.st_size, &text);
        if (r < 0)
                return r;
        take_text(file, text);
        r = !was_read || !is_same(&st, &file->seen);
        clock_gettime(CLOCK_REALTIME, &now);
        file->seen = st;
        file->settled = now.tv_sec - st.st_ctim.tv_sec >= SETTLED_SEC;
        file->was_read = true;
        return r;
}

int account_file_refresh(AccountFile *file) {
        struct stat st;

        assert(file);
        if (file->was_read && file->settled && stat(file->path, &st) == 0 && is_same(&st, &file->seen))
                return 0;
        return read_anew(file);
}
