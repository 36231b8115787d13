/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/conf-file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "plugins/host/files.h"
#include "plugins/host/value.h"

#define BLANKS " \t\r"
#define GROUP  "Settings"

/* A file that is read, line by line. */
typedef struct Reading {
        const char *path;
        const Plugin *plugin;
        ConfTexts *texts;
        unsigned line;
        bool in_group;                         /* in [Settings] */
        bool elsewhere;                        /* in a group of another name, which was told */
        unsigned line_of[CAP_PLUGIN_SETTINGS]; /* of each setting of the plugin, in this file; 0: not yet */
} Reading;

/* ---- what is kept ---- */

static void add_string(char ***list, size_t *n, size_t *n_allocated, char *string) {
        *list = (char **) memory_reserve(*list, *n + 2, n_allocated, sizeof(char *));
        (*list)[(*n)++] = string;
        (*list)[*n] = NULL;
}

static void add_mistake(ConfTexts *texts, char *sentence) {
        if (texts->n_mistakes < CAP_PLUGIN_CONF_MISTAKES)
                add_string(&texts->mistakes, &texts->n_mistakes, &texts->n_mistakes_allocated, sentence);
        else
                free(sentence);
}

void conf_file_mistake(ConfTexts *texts, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        add_mistake(texts, memory_format_va(format, ap));
        va_end(ap);
}

__attribute__((format(printf, 2, 3))) static void wrong(Reading *reading, const char *format, ...) {
        cleanup_free_ char *what = NULL;
        va_list ap;

        va_start(ap, format);
        what = memory_format_va(format, ap);
        va_end(ap);
        add_mistake(reading->texts, memory_format("%s:%u: %s", reading->path, reading->line, what));
}

static void set_text(ConfTexts *texts, const char *key, const char *text) {
        for (size_t i = 0; i < texts->n; i += 2)
                if (strcmp(texts->pairs[i], key) == 0) {
                        free(texts->pairs[i + 1]);
                        texts->pairs[i + 1] = memory_copy(text);
                        return;
                }
        add_string(&texts->pairs, &texts->n, &texts->n_allocated, memory_copy(key));
        add_string(&texts->pairs, &texts->n, &texts->n_allocated, memory_copy(text));
}

static void free_strings(char **list) {
        for (size_t i = 0; list && list[i]; i++)
                free(list[i]);
        free(list);
}

void conf_file_clear(ConfTexts *texts) {
        free_strings(texts->pairs);
        free_strings(texts->mistakes);
        *texts = (ConfTexts){};
}

/* ---- a line ---- */

/* Cuts blanks off both ends, in place. */
static char *trim(char *text) {
        size_t n;

        text += strspn(text, BLANKS);
        n = strlen(text);
        while (n > 0 && strchr(BLANKS, text[n - 1]))
                text[--n] = '\0';
        return text;
}

static void take_unknown(Reading *reading, const char *key) {
        const char *names[CAP_PLUGIN_SETTINGS + 1] = {}, *near;
        const Plugin *plugin = reading->plugin;
        char excerpt[TEXT_EXCERPT_MAX];
        size_t n = 0;

        text_excerpt(key, excerpt);
        if (table_setting(plugin, key, false)) {
                wrong(reading, "%s is a key of profiles, %s.%s; here are standing settings alone", excerpt,
                                plugin->name, excerpt);
                return;
        }
        for (size_t i = 0; i < plugin->n_settings; i++)
                if (plugin->settings[i].flags & POMO_STANDING)
                        names[n++] = plugin->settings[i].key;
        near = text_nearest(key, names);
        if (n == 0)
                wrong(reading, "%s has no standing setting, and so no \"%s\"", plugin->name, excerpt);
        else
                wrong(reading, "%s has no standing setting \"%s\"; %s%s%s", plugin->name, excerpt,
                                near ? "did you mean " : "see pomoctl plugin info", near ? near : "",
                                near ? "?" : "");
}

static void take_pair(Reading *reading, char *line, char *equals) {
        const PomoSetting *setting;
        cleanup_free_ char *why = NULL;
        char *key, *text;
        unsigned *line_of;

        *equals = '\0';
        key = trim(line);
        text = trim(equals + 1);
        setting = table_setting(reading->plugin, key, true);
        if (!setting) {
                take_unknown(reading, key);
                return;
        }
        line_of = &reading->line_of[setting - reading->plugin->settings];
        if (*line_of > 0) {
                wrong(reading, "%s is set in line %u already, and that one holds", setting->key, *line_of);
                return;
        }
        *line_of = reading->line;
        if (value_check(setting, text, &why) < 0)
                wrong(reading, "%s: %s", setting->key, why);
        else
                set_text(reading->texts, setting->key, text);
}

static void take_group(Reading *reading, const char *line) {
        char excerpt[TEXT_EXCERPT_MAX];

        reading->in_group = strcmp(line, "[" GROUP "]") == 0;
        reading->elsewhere = !reading->in_group;
        if (reading->elsewhere)
                wrong(reading, "there is no group %s; the only one is [" GROUP "]",
                                text_excerpt(line, excerpt));
}

static void take_line(Reading *reading, char *line) {
        char excerpt[TEXT_EXCERPT_MAX], *equals;

        line = trim(line);
        if (!*line || *line == '#' || *line == ';')
                return;
        if (*line == '[') {
                take_group(reading, line);
                return;
        }
        if (reading->elsewhere)
                return;
        equals = strchr(line, '=');
        if (!equals)
                wrong(reading, "\"%s\" is no key=value; a comment begins with #",
                                text_excerpt(line, excerpt));
        else if (!reading->in_group)
                wrong(reading, "\"%s\" stands before [" GROUP "]; write that line first",
                                text_excerpt(line, excerpt));
        else
                take_pair(reading, line, equals);
}

/* ---- a file ---- */

static int unreadable(ConfTexts *texts, const char *path, int error) {
        conf_file_mistake(texts, "%s cannot be read: %s", path, strerror(error));
        return -error;
}

/* Whether nobody else could have written it. */
static int check_owner(const char *path, int fd, ConfTexts *texts) {
        struct stat st;

        if (fstat(fd, &st) < 0)
                return unreadable(texts, path, errno);
        if (!S_ISREG(st.st_mode)) {
                conf_file_mistake(texts, "%s is no plain file, and is left out", path);
                return -EINVAL;
        }
        if ((st.st_uid != 0 && st.st_uid != geteuid()) || st.st_mode & (S_IWGRP | S_IWOTH)) {
                conf_file_mistake(texts,
                                "%s is left out, as others than root may write to it; chown root, chmod 644",
                                path);
                return -EPERM;
        }
        return 0;
}

static int read_text(const char *path, int fd, ConfTexts *texts, char **ret_text) {
        cleanup_free_ char *text = NULL;
        size_t n;
        int r = files_read_rest(fd, CAP_PLUGIN_CONF_BYTES, &text, &n);

        if (r < 0 && r != -EFBIG)
                return unreadable(texts, path, -r);
        if (r == -EFBIG) {
                conf_file_mistake(texts, "%s is left out, as it has more than %u bytes", path,
                                CAP_PLUGIN_CONF_BYTES);
                return -EFBIG;
        }
        if (strlen(text) < n) {
                conf_file_mistake(texts, "%s is left out, as it has zero bytes and is no text", path);
                return -EINVAL;
        }
        *ret_text = steal(text);
        return 0;
}

int conf_file_read(const char *path, const Plugin *plugin, ConfTexts *texts) {
        Reading reading = { .path = path, .plugin = plugin, .texts = texts };
        cleanup_free_ char *text = NULL;
        cleanup_close_ int fd = -1;
        char *line;
        int r;

        assert(path && plugin && texts);
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0)
                return errno == ENOENT || errno == ENOTDIR ? 0 : unreadable(texts, path, errno);
        r = check_owner(path, fd, texts);
        if (r >= 0)
                r = read_text(path, fd, texts, &text);
        if (r < 0)
                return r;
        for (line = text; line;) {
                char *end = strchr(line, '\n');

                if (end)
                        *end = '\0';
                reading.line++;
                take_line(&reading, line);
                line = end ? end + 1 : NULL;
        }
        return 0;
}
