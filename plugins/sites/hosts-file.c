/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/hosts-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "plugins/sites/hosts-text.h"
#include "plugins/sites/replace.h"

#define MOST_BYTES (64u << 20) /* of a file; what is larger is no file of hosts */
#define TRIES      5u          /* where others write at the same time */
#define IN_PLACE   "hosts-in-place"

/* ---- reading ---- */

void hosts_file_clear(HostsFile *file) {
        free(file->data);
        *file = (HostsFile){};
}

static int read_all(int fd, HostsFile *file) {
        gsize room = (gsize) file->st.st_size + 1;

        file->data = g_malloc(room);
        for (;;) {
                ssize_t n = read(fd, file->data + file->size, room - file->size);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : 0;
                file->size += (gsize) n;
                if (file->size > MOST_BYTES)
                        return -EFBIG;
                if (file->size == room)
                        file->data = g_realloc(file->data, room *= 2);
        }
}

static int read_file(const char *path, HostsFile *file) {
        cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

        if (fd < 0)
                return errno == ENOENT ? 0 : -errno;
        if (fstat(fd, &file->st) < 0)
                return -errno;
        if (!S_ISREG(file->st.st_mode))
                return -EISDIR;
        return file->st.st_size > (off_t) MOST_BYTES ? -EFBIG : read_all(fd, file);
}

int hosts_file_read(Backend *backend, const char *path, HostsFile *ret_file) {
        HostsFile file = {};
        int r = read_file(path, &file);

        if (r < 0) {
                hosts_file_clear(&file);
                backend_say(backend, "%s cannot be read: %s", path, strerror(-r));
                return r;
        }
        *ret_file = file;
        return 0;
}

/* ---- a write in place that is cut short ---- */

/* The file that a write began on, as it is saved: this, the path with its 0 byte, what is behind our lines.
 */
typedef struct InPlace {
        guint64 fence;
        guint64 n_behind;
        char of_front[65], of_old[65], of_new[65]; /* digests: of what is before our lines, and of all */
} InPlace;

typedef struct Writing {
        Backend *backend;
        const HostsFile *file;
        const HostsText *text;
        const GString *whole;
} Writing;

static void digest(char into[65], const char *data, gsize size) {
        cleanup_free_ char *hex = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *) data, size);

        (void) snprintf(into, 65, "%s", hex);
}

static int save_in_place(const char *path, size_t n_same, void *userdata) {
        const Writing *writing = userdata;
        const HostsText *text = writing->text;
        InPlace in_place = { .fence = text->fence, .n_behind = text->foreign->len - text->fence };
        GByteArray *saved = g_byte_array_new();
        int r;

        digest(in_place.of_front, text->foreign->str, text->fence);
        digest(in_place.of_old, writing->file->data, writing->file->size);
        digest(in_place.of_new, writing->whole->str, writing->whole->len);
        g_byte_array_append(saved, (const guint8 *) &in_place, sizeof(in_place));
        g_byte_array_append(saved, (const guint8 *) path, (guint) strlen(path) + 1);
        g_byte_array_append(
                        saved, (const guint8 *) text->foreign->str + text->fence, (guint) in_place.n_behind);
        r = writing->backend->calls->save(writing->backend->host, IN_PLACE, saved->data, saved->len);
        g_byte_array_unref(saved);
        return r < 0 ? r : 0;
}

/* NULL: it makes no sense. */
static const char *behind_of(const InPlace *in_place, const char *path, const char *saved, gsize size) {
        const char *behind = path + strlen(path) + 1;

        return behind + in_place->n_behind == saved + size ? behind : NULL;
}

static bool is_cut_short(const InPlace *in_place, const HostsFile *file) {
        char of_front[65], of_all[65];

        if (!file->data || file->size < in_place->fence)
                return false;
        digest(of_front, file->data, in_place->fence);
        digest(of_all, file->data, file->size);
        return memcmp(of_front, in_place->of_front, sizeof(of_front)) == 0 &&
               memcmp(of_all, in_place->of_old, sizeof(of_all)) != 0 &&
               memcmp(of_all, in_place->of_new, sizeof(of_all)) != 0;
}

static int put_back(Backend *backend, const InPlace *in_place, const char *path, const char *behind) {
        cleanup_(hosts_file_clear) HostsFile file = {};
        cleanup_free_ char *sentence = NULL;
        GString *whole;
        int r;

        r = hosts_file_read(backend, path, &file);
        if (r < 0 || !is_cut_short(in_place, &file))
                return r;
        whole = g_string_new_len(file.data, (gssize) in_place->fence);
        g_string_append_len(whole, behind, (gssize) in_place->n_behind);
        /* What is saved stays until this is done, so that it may be cut short, too. */
        r = replace_file(path, whole->str, whole->len, &sentence);
        if (r < 0)
                backend_say(backend, "%s", sentence);
        g_string_free(whole, TRUE);
        return r;
}

int hosts_file_recover(Backend *backend) {
        cleanup_free_ void *saved = NULL;
        size_t size = 0;
        InPlace in_place;
        const char *path, *behind;
        int r;

        r = backend->calls->load(backend->host, IN_PLACE, &saved, &size);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        if (size > sizeof(in_place)) {
                memcpy(&in_place, saved, sizeof(in_place));
                path = (const char *) saved + sizeof(in_place);
                behind = behind_of(&in_place, path, saved, size);
                r = behind ? put_back(backend, &in_place, path, behind) : 0;
        }
        if (r >= 0)
                (void) backend->calls->drop(backend->host, IN_PLACE);
        return r;
}

/* ---- writing ---- */

static char *target_of(const char *path) {
        char *target = realpath(path, NULL);

        return target ? target : g_strdup(path);
}

static int write_whole(Writing *writing, const char *path, struct stat *ret_st) {
        cleanup_free_ char *sentence = NULL;
        ReplaceHow how = {
                .seen = &writing->file->st,
                .in_place = save_in_place,
                .userdata = writing,
                .ret_written = ret_st,
        };
        int r;

        r = replace_file_how(path, writing->whole->str, writing->whole->len, &how, &sentence);
        (void) writing->backend->calls->drop(writing->backend->host, IN_PLACE);
        if (r < 0 && r != -ESTALE)
                backend_say(writing->backend, "%s", sentence);
        return r;
}

/* -ESTALE: it is another file by now. */
static int try_to_set(Backend *backend, const char *path, const GPtrArray *names,
                int (*before)(Backend *backend, const char *path, gboolean is_new), struct stat *ret_st) {
        cleanup_(hosts_text_clear) HostsText text = {};
        cleanup_(hosts_file_clear) HostsFile file = {};
        cleanup_free_ char *target = target_of(path);
        GString *whole;
        int r;

        r = hosts_file_read(backend, path, &file);
        if (r < 0)
                return r;
        hosts_text_read(&text, file.data ? file.data : "", file.size);
        whole = hosts_text_make(&text, names);
        if (whole->len == file.size && (!file.data || memcmp(whole->str, file.data, file.size) == 0)) {
                *ret_st = file.st;
                r = 1;
        } else
                r = before(backend, target, !file.data);
        if (r == 0)
                r = write_whole(&(Writing){ backend, &file, &text, whole }, path, ret_st);
        g_string_free(whole, TRUE);
        return r;
}

int hosts_file_set(Backend *backend, const char *path, const GPtrArray *names,
                int (*before)(Backend *backend, const char *path, gboolean is_new), struct stat *ret_st) {
        int r = -ESTALE;

        for (guint i = 0; r == -ESTALE && i < TRIES; i++)
                r = try_to_set(backend, path, names, before, ret_st);
        if (r == -ESTALE) {
                backend_say(backend, "%s is being written by another program, again and again", path);
                r = -EAGAIN;
        }
        return r;
}
