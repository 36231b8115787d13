/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "common/category.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "common/paths.h"

#define END     ".tsv"
#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

static void close_dir(DIR **dir) {
        if (*dir)
                closedir(*dir);
}

static bool is_name(const char *name, size_t size) {
        return size > 0 && size <= CAP_RULE_BYTES && strspn(name, LETTERS) >= size;
}

/* -ENOENT for what cannot be a name, too: a path is made of no other text. */
static int make_path(const char *dir, const char *name, char **ret_path) {
        if (!is_name(name, strlen(name)))
                return -ENOENT;
        return asprintf(ret_path, "%s/%s" END, dir, name) < 0 ? -ENOMEM : 0;
}

bool category_exists(const char *dir, const char *name) {
        cleanup_free_ char *path = NULL;

        return make_path(dir, name, &path) == 0 && access(path, F_OK) == 0;
}

/* ---- one of them ---- */

/* Never waits for anybody. */
static int read_file(const char *path, char **ret_text) {
        cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        cleanup_free_ char *text = NULL;
        size_t n = 0;
        ssize_t part;
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0)
                return -errno;
        if (!S_ISREG(st.st_mode))
                return -EBADF;
        if (st.st_size > CAP_CATEGORY_BYTES)
                return -EFBIG;
        text = malloc((size_t) st.st_size + 1);
        if (!text)
                return -ENOMEM;
        while (n < (size_t) st.st_size && (part = read(fd, text + n, (size_t) st.st_size - n)) != 0) {
                if (part < 0 && errno != EINTR)
                        return -errno;
                n += part > 0 ? (size_t) part : 0;
        }
        text[n] = '\0';
        *ret_text = steal(text);
        return 0;
}

/* In place: of each line what is before its first tab. */
static void keep_names(char *text) {
        char *to = text;

        for (const char *line = text; *line;) {
                const size_t size = strcspn(line, "\n"), n = strcspn(line, "\t\r\n");
                const char *next = line + size + (line[size] == '\n');

                if (n > 0 && line[0] != '#') {
                        /* The name and its end never reach into the next line, which is at least as far. */
                        memmove(to, line, n);
                        to += n;
                        if (line[size] == '\n' || line[n] != '\0')
                                *to++ = '\n';
                }
                line = next;
        }
        *to = '\0';
}

int category_read(const char *dir, const char *name, char **ret_names) {
        cleanup_free_ char *path = NULL, *text = NULL;
        int r = make_path(dir, name, &path);

        if (r == 0)
                r = read_file(path, &text);
        if (!text)
                return r;
        keep_names(text);
        *ret_names = steal(text);
        return 0;
}

/* ---- all of them ---- */

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

static void free_names(char **names, size_t n) {
        for (size_t i = 0; i < n; i++)
                free(names[i]);
        free(names);
}

/* What is in the folder, up to a cap; how many, or a negative errno. */
static int add_names(DIR *dir, char **names) {
        const struct dirent *entry;
        int n = 0;

        while (n < (int) CAP_CATEGORIES && (entry = readdir(dir))) {
                const size_t size = strcspn(entry->d_name, ".");

                if (strcmp(entry->d_name + size, END) != 0 || !is_name(entry->d_name, size))
                        continue;
                names[n] = strndup(entry->d_name, size);
                if (!names[n])
                        return -ENOMEM;
                n++;
        }
        return n;
}

int category_list(const char *dir, char ***ret_names) {
        cleanup_(close_dir) DIR *folder = opendir(dir);
        char **names = calloc(CAP_CATEGORIES + 1, sizeof(char *));
        int n = 0;

        if (!names)
                return -ENOMEM;
        if (!folder && errno != ENOENT)
                n = -errno;
        else if (folder)
                n = add_names(folder, names);
        if (n < 0) {
                free_names(names, CAP_CATEGORIES);
                return n;
        }
        qsort(names, (size_t) n, sizeof(char *), compare_names);
        *ret_names = names;
        return 0;
}

const char *category_package_dir(void) {
        return POMOD_CATEGORY_DIR;
}

int category_find_dir(char **ret_dir) {
        /* Installed elsewhere; from a build folder, where programs lie one folder deep, or two. */
        static const char *const from_program[] = { POMOD_CATEGORY_DIR_FROM_BIN, "../data/categories",
                "../../data/categories" };

        for (size_t i = 0; i < sizeof(from_program) / sizeof(from_program[0]); i++) {
                cleanup_free_ char *path = NULL;
                int r = path_from_program(from_program[i], &path);

                if (r < 0)
                        return r;
                if (access(path, X_OK) == 0) {
                        *ret_dir = steal(path);
                        return 0;
                }
        }
        *ret_dir = strdup(POMOD_CATEGORY_DIR);
        return *ret_dir ? 0 : -ENOMEM;
}
