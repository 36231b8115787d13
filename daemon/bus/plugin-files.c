/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/bus/plugin-files.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "daemon/bus/plugin-json.h"

DEFINE_CLEANUP(DIR *, closedir);

/* A file that was looked at. */
typedef struct Known {
        char *path;
        struct stat stat;
        Plugin *plugin; /* NULL: see problem */
        char *problem;  /* NULL: none */
} Known;

struct PluginFiles {
        char *const *dirs;
        GHashTable *known; /* name → Known, owned */
};

static void known_free(void *p) {
        Known *known = p;

        g_free(known->path);
        plugin_free(known->plugin);
        g_free(known->problem);
        g_free(known);
}

PluginFiles *plugin_files_new(char *const *dirs) {
        PluginFiles *files = g_new0(PluginFiles, 1);

        files->dirs = dirs;
        files->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
        return files;
}

PluginFiles *plugin_files_free(PluginFiles *files) {
        if (!files)
                return NULL;
        g_hash_table_unref(files->known);
        g_free(files);
        return NULL;
}

/* ---- one file ---- */

static bool is_unchanged(const struct stat *a, const struct stat *b) {
        return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
               a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
               a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Whole, and no more of it than a description has; never waits for anybody. */
static int read_file(const char *path, struct stat *ret_stat, GString *text) {
        cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        char buf[4096];
        ssize_t n;

        if (fd < 0 || fstat(fd, ret_stat) < 0)
                return -errno;
        if (!S_ISREG(ret_stat->st_mode))
                return -EBADF;
        while ((n = read(fd, buf, sizeof(buf))) != 0) {
                if (n < 0)
                        return -errno;
                g_string_append_len(text, buf, n);
                if (text->len > CAP_PLUGIN_FILE_BYTES)
                        return -EFBIG;
        }
        return 0;
}

static void read_known(Known *known, const char *name) {
        GString *text = g_string_new(NULL);
        cleanup_free_ char *why = NULL;
        int r = read_file(known->path, &known->stat, text);

        if (r == 0)
                r = plugin_json_parse(text->str, text->len, name, &known->plugin, &why);
        if (r < 0)
                known->problem = g_strdup_printf("%s cannot be used: %s", known->path,
                                why            ? why
                                : r == -EFBIG  ? "it has more than 64 KiB"
                                : r == -ENOENT ? "it is not there"
                                : r == -EBADF  ? "it is no ordinary file"
                                               : strerror(-r));
        g_string_free(text, TRUE);
}

static const Known *look(PluginFiles *files, const char *name, const char *path) {
        Known *known = g_hash_table_lookup(files->known, name);
        struct stat now;

        if (known && known->plugin && strcmp(known->path, path) == 0 && stat(path, &now) == 0 &&
                        is_unchanged(&known->stat, &now))
                return known;
        if (g_hash_table_size(files->known) >= CAP_PLUGIN_FILES)
                g_hash_table_remove_all(files->known);
        known = g_new0(Known, 1);
        known->path = g_strdup(path);
        read_known(known, name);
        g_hash_table_insert(files->known, g_strdup(name), known);
        return known;
}

static bool is_there(const char *dir, const char *name, const char *end) {
        cleanup_free_ char *path = g_strdup_printf("%s/%s%s", dir, name, end);

        return access(path, F_OK) == 0;
}

PluginFile plugin_files_find(PluginFiles *files, const char *name) {
        assert(name[0] != '\0' && !strchr(name, '/'));
        for (char *const *dir = files->dirs; dir && *dir; dir++) {
                cleanup_free_ char *path = NULL;
                const Known *known;

                if (!is_there(*dir, name, ".so") && !is_there(*dir, name, ".json"))
                        continue;
                path = g_strdup_printf("%s/%s.json", *dir, name);
                known = look(files, name, path);
                return (PluginFile){
                        .installed = true,
                        .described = is_there(*dir, name, ".json"),
                        .plugin = known->plugin,
                        .problem = known->problem,
                };
        }
        return (PluginFile){};
}

/* ---- what everybody feels ---- */

static bool is_spared(const PluginFile *file, const char *key) {
        const PluginSetting *setting;

        if (!file->installed)
                return true;
        if (!file->plugin)
                return false;
        setting = plugin_find_setting(file->plugin, key, false);
        return file->plugin->scope != PLUGIN_OF_SYSTEM || (setting && !setting->for_everyone);
}

bool plugin_files_is_felt(PluginFiles *files, const char *name, const char *key) {
        const PluginFile file = plugin_files_find(files, name);

        return !is_spared(&file, key);
}

PluginFelt plugin_files_find_felt(PluginFiles *files, const char *name) {
        const PluginFile file = plugin_files_find(files, name);
        GPtrArray *spare;

        if (!file.installed || (file.plugin && file.plugin->scope != PLUGIN_OF_SYSTEM))
                return (PluginFelt){};
        spare = g_ptr_array_new();
        for (guint i = 0; file.plugin && i < file.plugin->settings->len; i++) {
                const PluginSetting *setting = &g_array_index(file.plugin->settings, PluginSetting, i);

                if (is_spared(&file, setting->key))
                        g_ptr_array_add(spare, g_strdup(setting->key));
        }
        g_ptr_array_add(spare, NULL);
        return (PluginFelt){ true, (char **) g_ptr_array_free(spare, FALSE) };
}

void plugin_felt_done(PluginFelt *felt) {
        g_strfreev(felt->spare);
        *felt = (PluginFelt){};
}

bool plugin_felt_has(const PluginFelt *felt, const char *key) {
        if (!felt->any)
                return false;
        for (char **spare = felt->spare; spare && *spare; spare++)
                if (g_ascii_strcasecmp(*spare, key) == 0)
                        return false;
        return true;
}

/* ---- all of them ---- */

static bool is_name(const char *name, size_t size) {
        if (size == 0 || size > CAP_RULE_BYTES || !g_ascii_islower(name[0]))
                return false;
        return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") >= size;
}

static void list_folder(const char *path, GHashTable *names) {
        cleanup_(closedirp) DIR *dir = opendir(path);
        const struct dirent *entry;

        while (dir && (entry = readdir(dir)) && g_hash_table_size(names) < CAP_PLUGIN_FILES) {
                const size_t size = strcspn(entry->d_name, ".");
                const char *end = entry->d_name + size;
                cleanup_free_ char *name = NULL;

                if ((strcmp(end, ".so") != 0 && strcmp(end, ".json") != 0) || !is_name(entry->d_name, size))
                        continue;
                name = g_strndup(entry->d_name, size);
                if (!g_hash_table_contains(names, name))
                        g_hash_table_add(names, steal(name));
        }
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

char **plugin_files_list(PluginFiles *files) {
        GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
        char **list;
        guint n = 0;

        for (char *const *dir = files->dirs; dir && *dir; dir++)
                list_folder(*dir, names);
        list = (char **) g_hash_table_get_keys_as_array(names, &n);
        g_hash_table_unref(names);
        qsort(list, n, sizeof(*list), compare_names);
        return list;
}
