/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/load.h"

#include <assert.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "plugins/host/object.h"
#include "plugins/host/sentence.h"

#define SYMBOL "pomo_plugin_1"

/* ---- where it is ---- */

static bool is_there(const char *folder, const char *name, const char *suffix, char **ret_path) {
        cleanup_free_ char *path = NULL;
        struct stat st;

        if (!folder)
                return false;
        path = memory_format("%s/%s%s", folder, name, suffix);
        if (stat(path, &st) < 0)
                return false;
        *ret_path = steal(path);
        return true;
}

static int no_plugin(const char *folder, const char *own, const char *name, char **ret_sentence) {
        cleanup_free_ char *script = NULL;

        if (is_there(folder, name, "", &script) || is_there(own, name, "", &script))
                return sentence_set(ret_sentence, -ENOENT,
                                "%s is a program, and this pomod runs no programs as plugins; it needs a %s.so",
                                script, name);
        return sentence_set(ret_sentence, -ENOENT,
                        "there is no plugin %s: %s/%s.so%s%s%s%s%s is not there; install it, or see what there is with pomoctl plugin list",
                        name, folder, name, own ? " or " : "", own ? own : "", own ? "/" : "",
                        own ? name : "", own ? ".so" : "");
}

int load_find(const Places *places, const char *name, bool system, char **ret_path, char **ret_sentence) {
        const char *user_dir = system ? NULL : places->user_plugin_dir;
        cleanup_free_ char *path = NULL, *own = NULL;
        bool is_own = is_there(user_dir, name, ".so", &own);

        assert(name && ret_path);
        if (is_there(places->plugin_dir, name, ".so", &path)) {
                *ret_path = steal(path);
                return is_own ? sentence_set(ret_sentence, 1,
                                                "%s is not used, as the computer has a plugin of that name; give yours another name",
                                                own)
                              : 0;
        }
        if (!is_own)
                return no_plugin(places->plugin_dir, user_dir, name, ret_sentence);
        *ret_path = steal(own);
        return 0;
}

/* ---- whether it may be loaded ---- */

/* In a folder like /tmp whoever likes adds names, and nobody takes away or replaces what is root's. */
static bool others_may_write(const struct stat *st) {
        return st->st_mode & (S_IWGRP | S_IWOTH) && !(S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX);
}

static int check_component(const char *path, const char *component, char **ret_sentence) {
        struct stat st;

        if (stat(component, &st) < 0) {
                int error = errno;

                return sentence_set(ret_sentence, -error, "%s cannot be loaded: %s: %s", path, component,
                                strerror(error));
        }
        if (st.st_uid != 0)
                return sentence_set(ret_sentence, -EPERM,
                                "%s is not loaded as root: %s belongs to uid %u; chown root %s", path,
                                component, st.st_uid, component);
        if (others_may_write(&st))
                return sentence_set(ret_sentence, -EPERM,
                                "%s is not loaded as root: others may write to %s; chmod go-w %s", path,
                                component, component);
        return 0;
}

/* resolved is where all links of path lead to, and is cut and mended here. */
static int check_trust(const char *path, char *resolved, char **ret_sentence) {
        int r = check_component(path, "/", ret_sentence);

        for (char *end = resolved + 1; r >= 0 && *end;) {
                char kept;

                end += strcspn(end, "/");
                kept = *end;
                *end = '\0';
                r = check_component(path, resolved, ret_sentence);
                *end = kept;
                end += kept ? 1 : 0;
        }
        return r;
}

static int cannot_open(const char *path, int error, char **ret_sentence) {
        return sentence_set(ret_sentence, -error, "%s cannot be loaded: %s%s", path, strerror(error),
                        error == EACCES ? "; whoever loads it has to be able to read it" : "");
}

/* All that can be seen without running it. */
static int check_object(int fd, const char *path, char **ret_sentence) {
        struct stat st;

        if (fstat(fd, &st) < 0)
                return cannot_open(path, errno, ret_sentence);
        if (!S_ISREG(st.st_mode))
                return sentence_set(
                                ret_sentence, -EINVAL, "%s is no plain file, so that it is no plugin", path);
        return object_check(fd, path, ret_sentence);
}

static int open_file(const char *path, bool as_root, int *ret_fd, char **ret_sentence) {
        cleanup_free_ char *resolved = realpath(path, NULL);
        cleanup_close_ int fd = -1;
        int r;

        if (!resolved)
                return cannot_open(path, errno, ret_sentence);
        r = as_root ? check_trust(path, resolved, ret_sentence) : 0;
        if (r < 0)
                return r;
        fd = open(resolved, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0)
                return cannot_open(path, errno, ret_sentence);
        *ret_fd = steal_fd(fd);
        return 0;
}

/* ---- the linker ---- */

static bool begins_with(const char *text, const char *beginning) {
        return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* What dlerror() said of linked, without that name in front of it. */
static int cannot_link(const char *path, const char *linked, const char *error, char **ret_sentence) {
        static const char missing[] = ": cannot open shared object file: No such file or directory";
        const char *at;

        if (!error)
                error = "the linker does not say why";
        at = strstr(error, missing);
        if (at && !begins_with(error, linked))
                return sentence_set(ret_sentence, -ENOENT,
                                "%s needs the library %.*s, which is missing; install the package that has it",
                                path, (int) (at - error), error);
        if (begins_with(error, linked) && begins_with(error + strlen(linked), ": "))
                error += strlen(linked) + 2;
        return sentence_set(ret_sentence, -ELIBBAD, "%s cannot be loaded: %s", path, error);
}

/* Whether the symbol is the object's own: one of a library that it needs is found as well. */
static bool is_own_symbol(void *object, const void *symbol, size_t *ret_n_bytes) {
        const struct link_map *own = NULL;
        const ElfW(Sym) *entry = NULL;
        struct link_map *map = NULL;
        Dl_info info;

        if (dlinfo(object, RTLD_DI_LINKMAP, &own) < 0 ||
                        dladdr1(symbol, &info, (void **) &map, RTLD_DL_LINKMAP) == 0 || map != own)
                return false;
        if (dladdr1(symbol, &info, (void **) &entry, RTLD_DL_SYMENT) == 0 || !entry)
                return false;
        /* Where no size is on record, what the plugin says has to do. */
        *ret_n_bytes = ELF64_ST_TYPE(entry->st_info) != STT_OBJECT ? 0
                       : entry->st_size > 0                        ? (size_t) entry->st_size
                                                                   : SIZE_MAX;
        return true;
}

static int no_symbol(const char *path, void *object, char **ret_sentence) {
        for (unsigned abi = POMO_PLUGIN_ABI + 1; abi < POMO_PLUGIN_ABI + 16; abi++) {
                cleanup_free_ char *symbol = memory_format("pomo_plugin_%u", abi);

                if (dlsym(object, symbol))
                        return sentence_set(ret_sentence, -EINVAL,
                                        "%s has pomo_plugin_%u and no " SYMBOL
                                        ": it is built for ABI %u of plugins, and this host has ABI %u; use a newer pomod",
                                        path, abi, abi, POMO_PLUGIN_ABI);
        }
        return sentence_set(ret_sentence, -EINVAL,
                        "%s has no symbol " SYMBOL
                        ", so that it is no plugin; is it declared as pomo-plugin.h does?",
                        path);
}

static int find_table(const char *path, void *object, Plugin **ret_plugin, char **ret_sentence) {
        const PomoPlugin *table = (const PomoPlugin *) dlsym(object, SYMBOL);
        size_t n_bytes;

        if (!table || !is_own_symbol(object, table, &n_bytes))
                return no_symbol(path, object, ret_sentence);
        if (n_bytes == 0)
                return sentence_set(ret_sentence, -EINVAL,
                                "%s has a " SYMBOL " that is a function, and it has to be a PomoPlugin",
                                path);
        return table_copy(table, n_bytes, path, ret_plugin, ret_sentence);
}

/* What was looked at is what was loaded. */
static bool is_same_file(int fd, const char *path) {
        struct stat a, b;

        return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* linked: by which name the linker finds what fd is. */
static int load(int fd, const char *linked, const char *path, Plugin **ret_plugin, char **ret_sentence) {
        Plugin *plugin;
        void *object;
        int r;

        r = check_object(fd, path, ret_sentence);
        if (r < 0)
                return r;
        if (access(linked, R_OK) < 0)
                return cannot_open(path, errno, ret_sentence);
        /* The linker knows it by its name, and would hand out the old one where the file was replaced. */
        object = dlopen(linked, RTLD_LAZY | RTLD_NOLOAD);
        if (object) {
                dlclose(object);
                return sentence_set(ret_sentence, -ESTALE,
                                "%s was loaded before and does not go away; start again", path);
        }
        object = dlopen(linked, RTLD_NOW | RTLD_LOCAL);
        if (!object)
                return cannot_link(path, linked, dlerror(), ret_sentence);
        if (is_same_file(fd, linked))
                r = find_table(path, object, &plugin, ret_sentence);
        else
                r = sentence_set(ret_sentence, -ESTALE, "%s was replaced while it was loaded; start again",
                                path);
        if (r < 0) {
                dlclose(object);
                return r;
        }
        plugin->object = object;
        *ret_plugin = plugin;
        return 0;
}

int load_plugin(const char *path, bool as_root, Plugin **ret_plugin, char **ret_sentence) {
        cleanup_free_ char *linked = NULL;
        cleanup_close_ int fd = -1;
        int r;

        assert(path && ret_plugin);
        r = open_file(path, as_root, &fd, ret_sentence);
        if (r < 0)
                return r;
        /* A name without a slash is looked for in the linker's folders. */
        linked = memory_format("%s%s", strchr(path, '/') ? "" : "./", path);
        return load(fd, linked, path, ret_plugin, ret_sentence);
}

int load_descriptor(int fd, const char *path, Plugin **ret_plugin, char **ret_sentence) {
        cleanup_free_ char *linked = memory_format("/proc/self/fd/%d", fd);

        assert(path && ret_plugin);
        return load(fd, linked, path, ret_plugin, ret_sentence);
}

void load_drop(Plugin *plugin) {
        if (plugin)
                dlclose(plugin->object);
        table_free(plugin);
}

int load_check_scope(const Plugin *plugin, bool system, char **ret_sentence) {
        if (plugin->system == system)
                return 0;
        return sentence_set(ret_sentence, -EPERM,
                        system ? "%s is a plugin of a session, and does not run as root; systemctl --user enable --now pomod-plugin@%s.service"
                               : "%s acts on the whole computer, and runs as root alone; sudo systemctl enable --now pomod-plugin@%s.service",
                        plugin->name, plugin->name);
}
