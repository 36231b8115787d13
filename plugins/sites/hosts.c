/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/hosts.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plugins/sites/hosts-file.h"
#include "plugins/sites/hosts-text.h"
#include "plugins/sites/lookup.h"
#include "plugins/sites/names.h"
#include "plugins/sites/replace.h"

/*
 * The files that have lines of ours, saved before the first of them is written: a symbolic link may lead
 * elsewhere by the time that they go. Each is a line, "FLAG PATH".
 */
#define RECORD  "hosts"
#define WAS     '='
#define WAS_NOT '+' /* we made it */

struct HostsState {
        struct stat st; /* of the file, as it was left */
};

/* ---- the record ---- */

static GPtrArray *record_read(Backend *backend) {
        GPtrArray *record = g_ptr_array_new_with_free_func(g_free);
        cleanup_free_ void *saved = NULL;
        size_t size = 0;

        if (backend->calls->load(backend->host, RECORD, &saved, &size) < 0)
                return record;
        for (const char *line = saved; *line;) {
                size_t n = strcspn(line, "\n");

                if (n > 2 && line[1] == ' ' && line[2] == '/')
                        g_ptr_array_add(record, g_strndup(line, n));
                line += line[n] ? n + 1 : n;
        }
        return record;
}

static int record_save(Backend *backend, const GPtrArray *record) {
        GString *text = g_string_new(NULL);
        int r;

        for (guint i = 0; i < record->len; i++)
                g_string_append_printf(text, "%s\n", (const char *) g_ptr_array_index(record, i));
        r = backend->calls->save(backend->host, RECORD, text->str, text->len);
        g_string_free(text, TRUE);
        return r < 0 ? r : 0;
}

static const char *path_of(const char *line) {
        return line + 2;
}

static int record_add(Backend *backend, const char *path, gboolean is_new) {
        cleanup_(g_ptr_array_unrefp) GPtrArray *record = record_read(backend);

        for (guint i = 0; i < record->len; i++)
                if (strcmp(path_of(g_ptr_array_index(record, i)), path) == 0)
                        return 0;
        if (strchr(path, '\n'))
                return -EINVAL;
        g_ptr_array_add(record, g_strdup_printf("%c %s", is_new ? WAS_NOT : WAS, path));
        return record_save(backend, record);
}

/* ---- taking lines away ---- */

static int never_before(Backend *backend, const char *path, gboolean is_new) {
        return 0;
}

static int take_away(Backend *backend, const char *line) {
        cleanup_(g_ptr_array_unrefp) GPtrArray *none = g_ptr_array_new();
        cleanup_free_ char *sentence = NULL;
        struct stat st;
        int r;

        replace_sweep(path_of(line));
        r = hosts_file_set(backend, path_of(line), none, never_before, &st);
        if (r >= 0 && line[0] == WAS_NOT && st.st_ino != 0 && st.st_size == 0)
                r = replace_remove(path_of(line), &sentence);
        if (sentence)
                backend_say(backend, "%s", sentence);
        /* What is no plain file has no lines of ours. */
        return r < 0 && r != -EISDIR ? r : 0;
}

/* From all files on record but keep, which may be NULL. What could not be done stays on record. */
static int take_away_all(Backend *backend, const char *keep) {
        cleanup_(g_ptr_array_unrefp) GPtrArray *record = record_read(backend);
        guint n = record->len;
        int worst = 0;

        for (guint i = 0; i < record->len;) {
                const char *line = g_ptr_array_index(record, i);
                int r = keep && strcmp(path_of(line), keep) == 0 ? -EEXIST : take_away(backend, line);

                if (r < 0) {
                        worst = r == -EEXIST ? worst : r;
                        i++;
                } else
                        g_ptr_array_remove_index(record, i);
        }
        if (record->len == 0)
                (void) backend->calls->drop(backend->host, RECORD);
        else if (record->len < n)
                (void) record_save(backend, record);
        return worst;
}

int hosts_release(Backend *backend) {
        cleanup_free_ char *line = g_strdup_printf("%c %s", WAS, HOSTS_PATH);
        int recovered, there, elsewhere;

        recovered = hosts_file_recover(backend);
        elsewhere = take_away_all(backend, NULL);
        there = take_away(backend, line);
        g_free(steal(backend->hosts));
        return recovered < 0 ? recovered : elsewhere < 0 ? elsewhere : there;
}

/* ---- what it does not cover ---- */

static void say_missing(uint32_t uid, uint64_t id, const char *names, void *data) {
        backend_say_claim(data, uid, id,
                        "%s beyond the %u that /etc/hosts takes, since every lookup reads all of them", names,
                        WANTED_NAMES);
}

static void say_what_is_left(Backend *backend, const Wanted *wanted) {
        cleanup_free_ char *why = lookup_passes_by();

        if (wanted->names->len >= WANTED_NAMES)
                wanted_each_missing(wanted, wanted->by_name, say_missing, backend);
        if (why)
                backend_say(backend, "names in /etc/hosts lead nowhere for few programs: %s", why);
}

/* ---- putting lines in ---- */

int hosts_apply(Backend *backend, const Wanted *wanted) {
        cleanup_free_ char *target = NULL;
        struct stat st = {};
        int r, elsewhere;

        assert(backend && wanted);
        if (wanted->names->len == 0)
                return hosts_release(backend);
        replace_sweep(HOSTS_PATH);
        r = hosts_file_recover(backend);
        if (r >= 0)
                r = hosts_file_set(backend, HOSTS_PATH, wanted->names, record_add, &st);
        if (r < 0)
                return r;
        if (!backend->hosts)
                backend->hosts = g_new0(struct HostsState, 1);
        backend->hosts->st = st;
        target = realpath(HOSTS_PATH, NULL);
        elsewhere = take_away_all(backend, target);
        say_what_is_left(backend, wanted);
        return elsewhere;
}

void hosts_close(Backend *backend) {
        g_free(steal(backend->hosts));
}

/* ---- what others do ---- */

char *hosts_foreign(Backend *backend) {
        cleanup_(hosts_file_clear) HostsFile file = {};
        HostsText text;

        if (hosts_file_read(backend, HOSTS_PATH, &file) < 0)
                return NULL;
        hosts_text_read(&text, file.data ? file.data : "", file.size);
        return g_string_free(text.foreign, FALSE);
}

bool hosts_changed(const Backend *backend) {
        struct stat st = {};

        (void) stat(HOSTS_PATH, &st);
        return backend->hosts && !replace_is_same(&st, &backend->hosts->st);
}
