/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/hosts-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "plugins/sites/hosts-text.h"
#include "plugins/sites/replace.h"

#define MOST_BYTES (64u << 20) /* of a file; what is larger is no file of hosts */
#define TRIES      5u          /* where others write at the same time */
#define IN_PLACE   "hosts-in-place"
#define PAGE_BYTES 4096u /* of which a write is cut short at the end of one */

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
                if (r == -EISDIR)
                        backend_say(backend, "%s is no plain file, and so is left alone", path);
                else
                        backend_say(backend, "%s cannot be read: %s", path, strerror(-r));
                return r;
        }
        *ret_file = file;
        return 0;
}

/* ---- a write in place that is cut short ---- */

/* The file that a write began on, as it is saved: this, its pages, the path with its 0 byte, what is behind
 * our lines. */
typedef struct InPlace {
        guint64 fence;
        guint64 n_behind;
        guint64 of_front;           /* a digest of what is before our lines */
        guint64 old_size, new_size; /* of the file */
        guint64 n_pages;
        guint64 again; /* what it began on was cut short itself */
} InPlace;

/* Digests of a page of the file as it was, as it is to be, and as it is with its end not yet cut off. A write
 * that was cut short leaves each page as one of these, or empty; what is none of them somebody else wrote. */
typedef struct Page {
        guint64 of_old, of_new, of_both;
} Page;

typedef struct Writing {
        Backend *backend;
        const HostsFile *file;
        const HostsText *text;
        const GString *whole;
        bool again;
} Writing;

static guint64 digest(const char *data, gsize size) {
        GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
        guint8 whole[32];
        gsize n = sizeof(whole);
        guint64 number;

        g_checksum_update(checksum, (const guchar *) data, (gssize) size);
        g_checksum_get_digest(checksum, whole, &n);
        g_checksum_free(checksum);
        memcpy(&number, whole, sizeof(number));
        return number;
}

static guint64 digest_page(const char *data, gsize size, gsize page) {
        gsize begin = MIN(page * PAGE_BYTES, size);

        return digest(data + begin, MIN(PAGE_BYTES, size - begin));
}

static void append_pages(GByteArray *saved, const Writing *writing, gsize n) {
        const HostsFile *old = writing->file;
        const GString *new = writing->whole;
        GString *both = g_string_new_len(new->str, (gssize) new->len);

        if (old->size > new->len)
                g_string_append_len(both, old->data + new->len, (gssize) (old->size - new->len));
        for (gsize i = 0; i < n; i++) {
                const Page page = {
                        .of_old = digest_page(old->data, old->size, i),
                        .of_new = digest_page(new->str, new->len, i),
                        .of_both = digest_page(both->str, both->len, i),
                };

                g_byte_array_append(saved, (const guint8 *) &page, sizeof(page));
        }
        g_string_free(both, TRUE);
}

static int save_in_place(const char *path, size_t n_same, void *userdata) {
        const Writing *writing = userdata;
        const HostsText *text = writing->text;
        const HostsFile *old = writing->file;
        const GString *new = writing->whole;
        InPlace in_place = {
                .fence = text->fence,
                .n_behind = text->foreign->len - text->fence,
                .of_front = digest(text->foreign->str, text->fence),
                .old_size = old->size,
                .new_size = new->len,
                .n_pages = (MAX(old->size, new->len) + PAGE_BYTES - 1) / PAGE_BYTES,
                .again = writing->again,
        };
        GByteArray *saved = g_byte_array_new();
        int r;

        g_byte_array_append(saved, (const guint8 *) &in_place, sizeof(in_place));
        append_pages(saved, writing, in_place.n_pages);
        g_byte_array_append(saved, (const guint8 *) path, (guint) strlen(path) + 1);
        g_byte_array_append(
                        saved, (const guint8 *) text->foreign->str + text->fence, (guint) in_place.n_behind);
        r = writing->backend->calls->save(writing->backend->host, IN_PLACE, saved->data, saved->len);
        g_byte_array_unref(saved);
        return r < 0 ? r : 0;
}

/* What was saved, taken apart. */
typedef struct Saved {
        InPlace in_place;
        Page *pages;
        const char *path, *behind;
} Saved;

static void saved_clear(Saved *saved) {
        g_free(saved->pages);
}

/* false: it makes no sense. */
static bool read_saved(const char *data, size_t size, Saved *ret_saved) {
        Saved saved = {};
        size_t n_pages, rest;

        if (size < sizeof(saved.in_place))
                return false;
        memcpy(&saved.in_place, data, sizeof(saved.in_place));
        rest = size - sizeof(saved.in_place);
        n_pages = saved.in_place.n_pages;
        if (n_pages > rest / sizeof(Page))
                return false;
        saved.path = data + sizeof(saved.in_place) + n_pages * sizeof(Page);
        rest -= n_pages * sizeof(Page);
        saved.behind = saved.path + strlen(saved.path) + 1;
        if (strlen(saved.path) + 1 + saved.in_place.n_behind != rest)
                return false;
        saved.pages = g_memdup2(data + sizeof(saved.in_place), n_pages * sizeof(Page));
        *ret_saved = saved;
        return true;
}

static bool is_empty(const char *data, gsize size, gsize page) {
        for (gsize i = page * PAGE_BYTES; i < size && i < (page + 1) * PAGE_BYTES; i++)
                if (data[i])
                        return false;
        return true;
}

static bool is_cut_short(const Saved *saved, const HostsFile *file) {
        const InPlace *in_place = &saved->in_place;
        bool is_old = file->size == in_place->old_size, is_new = file->size == in_place->new_size;

        if (!file->data || file->size < in_place->fence ||
                        file->size > MAX(in_place->old_size, in_place->new_size) ||
                        digest(file->data, in_place->fence) != in_place->of_front)
                return false;
        for (gsize i = 0; i * PAGE_BYTES < file->size; i++) {
                guint64 now = digest_page(file->data, file->size, i);
                const Page *page = &saved->pages[i];

                is_old = is_old && now == page->of_old;
                is_new = is_new && now == page->of_new;
                if (now != page->of_old && now != page->of_new && now != page->of_both &&
                                !is_empty(file->data, file->size, i))
                        return false;
        }
        return (!is_old || in_place->again) && !is_new;
}

/* This may be cut short, too. */
static int put_back(Backend *backend, const Saved *saved) {
        cleanup_(hosts_file_clear) HostsFile file = {};
        cleanup_(hosts_text_clear) HostsText text = { .fence = saved->in_place.fence };
        cleanup_free_ char *sentence = NULL;
        Writing writing = { .backend = backend, .file = &file, .text = &text, .again = true };
        const ReplaceHow how = { .seen = &file.st, .in_place = save_in_place, .userdata = &writing };
        int r;

        r = hosts_file_read(backend, saved->path, &file);
        if (r < 0 || !is_cut_short(saved, &file))
                return r;
        text.foreign = g_string_new_len(file.data, (gssize) text.fence);
        g_string_append_len(text.foreign, saved->behind, (gssize) saved->in_place.n_behind);
        writing.whole = text.foreign;
        r = replace_file_how(saved->path, text.foreign->str, text.foreign->len, &how, &sentence);
        if (r < 0)
                backend_say(backend, "%s", sentence);
        return r;
}

int hosts_file_recover(Backend *backend) {
        cleanup_(saved_clear) Saved saved = {};
        cleanup_free_ void *data = NULL;
        size_t size = 0;
        int r;

        r = backend->calls->load(backend->host, IN_PLACE, &data, &size);
        if (r < 0)
                return r == -ENOENT ? 0 : r;
        r = read_saved(data, size, &saved) ? put_back(backend, &saved) : 0;
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
                r = write_whole(&(Writing){ .backend = backend,
                                                .file = &file,
                                                .text = &text,
                                                .whole = whole },
                                path, ret_st);
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
