/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "daemon/conf.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"

struct Conf {
        char *path, *passwd, *group;
        GPtrArray *entries; /* "alice", "%sudo" */
        /* The members of the groups that are named, as group(5) had them. */
        GHashTable *members; /* set of account names */
        struct stat seen[2];
        bool has_groups;
};

Conf *conf_new(const char *path, const char *passwd, const char *group) {
        Conf *conf = g_new0(Conf, 1);

        conf->path = g_strdup(path);
        conf->passwd = g_strdup(passwd);
        conf->group = g_strdup(group);
        conf->entries = g_ptr_array_new_with_free_func(g_free);
        conf->members = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        return conf;
}

Conf *conf_free(Conf *conf) {
        if (!conf)
                return NULL;
        g_ptr_array_unref(conf->entries);
        g_hash_table_unref(conf->members);
        g_free(conf->path);
        g_free(conf->passwd);
        g_free(conf->group);
        g_free(conf);
        return NULL;
}

/* ---- files ---- */

/* Whole, with a NUL at the end; never waits for anybody. */
static int read_whole(const char *path, size_t most, struct stat *ret_stat, char **ret_text) {
        cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        cleanup_free_ char *text = NULL;
        size_t size = 0;
        ssize_t n;

        if (fd < 0 || fstat(fd, ret_stat) < 0)
                return -errno;
        if (!S_ISREG(ret_stat->st_mode))
                return -EBADF;
        if ((size_t) ret_stat->st_size > most)
                return -EFBIG;
        text = g_malloc(most + 1);
        while (size < most && (n = read(fd, text + size, most - size)) != 0) {
                if (n < 0 && errno == EINTR)
                        continue;
                if (n < 0)
                        return -errno;
                size += (size_t) n;
        }
        text[size] = '\0';
        if (strlen(text) != size)
                return -EILSEQ;
        *ret_text = steal(text);
        return 0;
}

/* ---- who is in a group ---- */

static bool names_group(const Conf *conf, const char *group) {
        for (guint i = 0; i < conf->entries->len; i++) {
                const char *entry = conf->entries->pdata[i];

                if (entry[0] == '%' && strcmp(entry + 1, group) == 0)
                        return true;
        }
        return false;
}

/* NAME:PASSWORD:GID:a,b,c */
static void take_group(Conf *conf, const char *line, GHashTable *gids) {
        char **fields = g_strsplit(line, ":", 4), **members;

        if (g_strv_length(fields) == 4 && names_group(conf, fields[0])) {
                members = g_strsplit(fields[3], ",", -1);
                for (char **member = members; *member; member++)
                        g_hash_table_add(conf->members, g_strdup(g_strstrip(*member)));
                g_strfreev(members);
                g_hash_table_add(gids, g_strdup(fields[2]));
        }
        g_strfreev(fields);
}

/* NAME:PASSWORD:UID:GID:… of whose first group it is. */
static void take_account(Conf *conf, const char *line, GHashTable *gids) {
        char **fields = g_strsplit(line, ":", 5);

        if (g_strv_length(fields) == 5 && g_hash_table_contains(gids, fields[3]))
                g_hash_table_add(conf->members, g_strdup(fields[0]));
        g_strfreev(fields);
}

static void take_lines(Conf *conf, char *text, GHashTable *gids,
                void (*take)(Conf *conf, const char *line, GHashTable *gids)) {
        char *line;

        while ((line = strsep(&text, "\n")))
                if (*line && !strchr("#+-", *line))
                        take(conf, line, gids);
}

static bool is_same(const struct stat *a, const struct stat *b) {
        return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
               a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
               a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* A file that cannot be read has nobody in it. */
static void read_members(Conf *conf) {
        cleanup_free_ char *groups = NULL, *accounts = NULL;
        GHashTable *gids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        struct stat now[2] = {};

        g_hash_table_remove_all(conf->members);
        if (read_whole(conf->group, ACCOUNT_FILE_BYTES, &now[0], &groups) == 0)
                take_lines(conf, groups, gids, take_group);
        if (read_whole(conf->passwd, ACCOUNT_FILE_BYTES, &now[1], &accounts) == 0)
                take_lines(conf, accounts, gids, take_account);
        memcpy(conf->seen, now, sizeof(now));
        g_hash_table_unref(gids);
}

static bool is_member(Conf *conf, const char *account) {
        struct stat now[2] = {};

        if (stat(conf->group, &now[0]) < 0 || stat(conf->passwd, &now[1]) < 0 ||
                        !is_same(&now[0], &conf->seen[0]) || !is_same(&now[1], &conf->seen[1]))
                read_members(conf);
        return g_hash_table_contains(conf->members, account);
}

bool conf_blocks_for_everyone(Conf *conf, const char *account) {
        for (guint i = 0; i < conf->entries->len; i++)
                if (account[0] != '%' && strcmp(conf->entries->pdata[i], account) == 0)
                        return true;
        return conf->has_groups && is_member(conf, account);
}

/* ---- the file ---- */

typedef struct Reader {
        const char *path;
        GPtrArray *entries;
        unsigned line;
        bool in_group, given;
        char *mistake;
} Reader;

static void mistake(Reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void mistake(Reader *reader, const char *format, ...) {
        cleanup_free_ char *what = NULL, *where = NULL;
        va_list ap;

        if (reader->mistake)
                return;
        va_start(ap, format);
        what = g_strdup_vprintf(format, ap);
        va_end(ap);
        if (reader->line > 0)
                where = g_strdup_printf("%s:%u", reader->path, reader->line);
        reader->mistake = g_strdup_printf(
                        "%s: %s; until it is mended, nobody may block for everyone without being asked",
                        where ?: reader->path, what);
}

/* What useradd makes, and what name services have: no blank, and nothing that separates here. */
static bool is_entry(const char *entry) {
        const char *name = entry + (entry[0] == '%');

        if (name[0] == '\0' || strchr("-%", name[0]) || strlen(name) > ACCOUNT_NAME_BYTES)
                return false;
        return name[strcspn(name, " \t:,;/%=[]\"'")] == '\0' && text_check(name, ACCOUNT_NAME_BYTES) == 0;
}

static void read_entries(Reader *reader, const char *value) {
        char **entries = g_strsplit(value, ";", -1);
        char buf[TEXT_EXCERPT_MAX];

        for (char **entry = entries; *entry; entry++) {
                g_strstrip(*entry);
                if (**entry == '\0')
                        continue;
                if (!is_entry(*entry))
                        mistake(reader, "\"%s\" is neither an account, like alice, nor a group, like %%sudo",
                                        text_excerpt(*entry, buf));
                g_ptr_array_add(reader->entries, g_strdup(*entry));
        }
        g_strfreev(entries);
}

static void read_key(Reader *reader, char *line) {
        char *value = strchr(line, '=');
        char buf[TEXT_EXCERPT_MAX];

        if (!value) {
                mistake(reader, "\"%s\" is neither a group, like [Consent], nor KEY=VALUE",
                                text_excerpt(line, buf));
                return;
        }
        *value++ = '\0';
        g_strchomp(line);
        if (!reader->in_group)
                mistake(reader, "\"%s\" stands before [Consent], which is the group it belongs to",
                                text_excerpt(line, buf));
        else if (strcmp(line, "BlockForEveryone") != 0)
                mistake(reader, "there is no key \"%s\"; there is BlockForEveryone", text_excerpt(line, buf));
        else if (reader->given)
                mistake(reader, "BlockForEveryone is given twice; give it once");
        else
                read_entries(reader, value);
        reader->given = true;
}

static void read_line(Reader *reader, char *line) {
        char buf[TEXT_EXCERPT_MAX];

        reader->line++;
        g_strstrip(line);
        if (strchr("#;", line[0])) /* or empty */
                return;
        if (line[0] != '[') {
                read_key(reader, line);
                return;
        }
        if (strcmp(line, "[Consent]") != 0)
                mistake(reader, "there is no group \"%s\"; there is [Consent]", text_excerpt(line, buf));
        else if (reader->in_group)
                mistake(reader, "[Consent] is given twice; give it once");
        reader->in_group = true;
}

/* Whoever else could write to it would be allowed everything. */
static void check_owner(Reader *reader, const struct stat *st) {
        if ((st->st_uid != 0 && st->st_uid != geteuid()) || (st->st_mode & (S_IWGRP | S_IWOTH)))
                mistake(reader, "others than root may write to it; give it to root, and take that from everybody else");
}

static const char *unreadable(int r) {
        return r == -EBADF    ? "it is no ordinary file"
               : r == -EFBIG  ? "it has more than 64 KiB"
               : r == -EILSEQ ? "it has a NUL in it"
                              : strerror(-r);
}

char *conf_read(Conf *conf) {
        Reader reader = { .path = conf->path, .entries = g_ptr_array_new_with_free_func(g_free) };
        cleanup_free_ char *text = NULL;
        char *rest, *line;
        struct stat st;
        int r = read_whole(conf->path, CAP_CONF_BYTES, &st, &text);

        rest = text;
        if (r < 0 && r != -ENOENT)
                mistake(&reader, "it cannot be read: %s", unreadable(r));
        if (r == 0)
                check_owner(&reader, &st);
        while (r == 0 && (line = strsep(&rest, "\n")))
                read_line(&reader, line);
        g_ptr_array_unref(conf->entries);
        if (reader.mistake)
                g_ptr_array_set_size(reader.entries, 0);
        conf->entries = reader.entries;
        conf->has_groups = false;
        for (guint i = 0; i < conf->entries->len; i++)
                conf->has_groups |= ((const char *) conf->entries->pdata[i])[0] == '%';
        memset(conf->seen, 0, sizeof(conf->seen));
        return reader.mistake;
}
