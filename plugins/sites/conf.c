/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/sites/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "plugins/sites/names.h"

#define MOST_BYTES (1u << 20)
#define MOST_FILES 1000u /* of one folder */

/* The first that has a file has it for all. */
static const char *const systemd_folders[] = { "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd",
        "/usr/lib/systemd" };
#define N_SYSTEMD_FOLDERS (sizeof(systemd_folders) / sizeof(systemd_folders[0]))

/* ---- files ---- */

/* A pipe, say, is nobody's to wait for. */
char *conf_read(const char *path) {
        cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        cleanup_free_ char *text = NULL;
        struct stat st;
        size_t n = 0;

        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size > (off_t) MOST_BYTES)
                return NULL;
        text = g_malloc0(MOST_BYTES + 1);
        while (n < MOST_BYTES) {
                ssize_t part = read(fd, text + n, MOST_BYTES - n);

                if (part < 0 && errno == EINTR)
                        continue;
                if (part < 0)
                        return NULL;
                if (part == 0)
                        break;
                n += (size_t) part;
        }
        return g_strndup(text, n);
}

static int compare_names(gconstpointer a, gconstpointer b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Names of files, sorted. */
static GPtrArray *list(const char *folder, const char *suffix) {
        GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
        GDir *dir = g_dir_open(folder, 0, NULL);
        const char *name;

        while (dir && names->len < MOST_FILES && (name = g_dir_read_name(dir)))
                if (g_str_has_suffix(name, suffix))
                        g_ptr_array_add(names, g_strdup(name));
        if (dir)
                g_dir_close(dir);
        g_ptr_array_sort(names, compare_names);
        return names;
}

void conf_each_file(const char *folder, const char *suffix, void (*func)(const char *text, void *data),
                void *data) {
        cleanup_(g_ptr_array_unrefp) GPtrArray *names = list(folder, suffix);

        for (guint i = 0; i < names->len; i++) {
                cleanup_free_ char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
                cleanup_free_ char *text = conf_read(path);

                if (text)
                        func(text, data);
        }
}

/* ---- lines ---- */

void conf_each_line(const char *text, void (*func)(char *line, void *data), void *data) {
        while (*text) {
                size_t n = strcspn(text, "\n");
                cleanup_free_ char *line = g_strstrip(g_strndup(text, n));

                if (*line && *line != '#' && *line != ';')
                        func(line, data);
                text += text[n] ? n + 1 : n;
        }
}

typedef struct Settings {
        void (*func)(const char *key, const char *value, void *data);
        void *data;
} Settings;

static void on_setting(char *line, void *data) {
        const Settings *settings = data;
        char *equals = strchr(line, '=');

        if (!equals || line[0] == '[')
                return;
        *equals = '\0';
        settings->func(g_strchomp(line), g_strchug(equals + 1), settings->data);
}

static void read_settings(const char *path, Settings *settings) {
        cleanup_free_ char *text = conf_read(path);

        if (text)
                conf_each_line(text, on_setting, settings);
}

/* A file of a name is read from the first folder that has one. */
static GPtrArray *list_drop_ins(const char *name) {
        cleanup_(g_hash_table_unrefp) GHashTable *by_name =
                        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        GPtrArray *keys = g_ptr_array_new(), *paths = g_ptr_array_new_with_free_func(g_free);

        for (size_t i = 0; i < N_SYSTEMD_FOLDERS; i++) {
                cleanup_free_ char *folder = g_strdup_printf("%s/%s.d", systemd_folders[i], name);
                cleanup_(g_ptr_array_unrefp) GPtrArray *names = list(folder, ".conf");

                for (guint j = 0; j < names->len; j++)
                        if (!g_hash_table_contains(by_name, g_ptr_array_index(names, j))) {
                                char *key = g_strdup(g_ptr_array_index(names, j));

                                g_hash_table_insert(by_name, key, g_build_filename(folder, key, NULL));
                                g_ptr_array_add(keys, key);
                        }
        }
        g_ptr_array_sort(keys, compare_names);
        for (guint i = 0; i < keys->len; i++)
                g_ptr_array_add(paths, g_strdup(g_hash_table_lookup(by_name, g_ptr_array_index(keys, i))));
        g_ptr_array_unref(keys);
        return paths;
}

void conf_each_setting(
                const char *name, void (*func)(const char *key, const char *value, void *data), void *data) {
        cleanup_(g_ptr_array_unrefp) GPtrArray *drop_ins = list_drop_ins(name);
        Settings settings = { func, data };

        for (size_t i = 0; i < N_SYSTEMD_FOLDERS; i++) {
                cleanup_free_ char *path = g_build_filename(systemd_folders[i], name, NULL);

                if (g_file_test(path, G_FILE_TEST_EXISTS)) {
                        read_settings(path, &settings);
                        break;
                }
        }
        for (guint i = 0; i < drop_ins->len; i++)
                read_settings(g_ptr_array_index(drop_ins, i), &settings);
}
