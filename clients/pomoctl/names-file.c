/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/names-file.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "clients/lib/host-ascii.h"
#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/text.h"

#define BLANKS " \t\r\f\v"

/* ---- its bytes ---- */

/* With a byte behind them; one more than is possible at most. */
static int read_all(int fd, char **ret_text, size_t *ret_size) {
        cleanup_free_ char *text = NULL;
        size_t n = 0, n_allocated = 0;
        ssize_t got = 1;

        while (got != 0 && n <= CAP_NAMES_FILE_BYTES) {
                text = memory_reserve(text, n + BUFSIZ, &n_allocated, 1);
                got = read(fd, text + n, n_allocated - n - 1);
                if (got < 0 && errno != EINTR)
                        return -errno;
                n += got > 0 ? (size_t) got : 0;
        }
        text[n] = '\0';
        *ret_text = steal(text);
        *ret_size = n;
        return 0;
}

int names_file_read(
                const char *path, char **ret_text, size_t *ret_size, char sentence[NAMES_FILE_SENTENCE_MAX]) {
        const bool standard = strcmp(path, "-") == 0;
        cleanup_close_ int fd = standard ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        cleanup_free_ char *text = NULL;
        char label[TEXT_EXCERPT_MAX];
        size_t size = 0;
        int r;

        if (!standard && fd < 0)
                return -errno;
        r = read_all(standard ? STDIN_FILENO : fd, &text, &size);
        if (r < 0)
                return r;
        if (size > CAP_NAMES_FILE_BYTES) {
                snprintf(sentence, NAMES_FILE_SENTENCE_MAX,
                                "%s has more than %u MiB, and at most that can be read",
                                standard ? "standard input" : text_excerpt(path, label),
                                CAP_NAMES_FILE_BYTES >> 20);
                return -EINVAL;
        }
        *ret_text = steal(text);
        *ret_size = size;
        return 0;
}

/* ---- its lines ---- */

/* Names that grow one by one. */
typedef struct Names {
        char **list;
        size_t n, n_allocated;
} Names;

static void names_add(Names *names, char *name) {
        names->list = memory_reserve(names->list, names->n + 1, &names->n_allocated, sizeof(char *));
        names->list[names->n++] = name;
}

static void names_clear(Names *names) {
        for (size_t i = 0; i < names->n; i++)
                free(names->list[i]);
        free(names->list);
}

static bool is_address(const char *word) {
        char text[INET6_ADDRSTRLEN + 1];
        const size_t size = strcspn(word, "%"); /* fe80::1%lo0 */
        struct in6_addr address;

        if (size >= sizeof(text))
                return false;
        memcpy(text, word, size);
        text[size] = '\0';
        return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

/* What the hosts files of systems, and lists in their form, begin with. */
static bool is_own(const char *name) {
        static const char *const own[] = { "localhost", "localhost.localdomain", "localhost4",
                "localhost4.localdomain4", "localhost6", "localhost6.localdomain6", "local", "broadcasthost",
                "ip6-localhost", "ip6-loopback", "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes",
                "ip6-allrouters", "ip6-allhosts", "0.0.0.0" };

        for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
                if (strcmp(own[i], name) == 0)
                        return true;
        return false;
}

static char *next_word(char **place) {
        char *word = *place + strspn(*place, BLANKS), *end = word + strcspn(word, BLANKS);

        *place = end + (*end != '\0');
        *end = '\0';
        return *word ? word : NULL;
}

/* NULL: it was taken. */
static char *take_name(const char *word, Names *names) {
        char excerpt[TEXT_EXCERPT_MAX], *name;
        const char *why;

        if (host_ascii(word, &name, &why) < 0)
                return memory_format("\"%s\" is no host name: %s", text_excerpt(word, excerpt), why);
        names_add(names, name);
        return NULL;
}

/* A line without its end; what is the first that is wrong of it, or NULL. */
static char *take_line(char *line, Names *names) {
        char *word, *second, *wrong = NULL;

        line[strcspn(line, "#")] = '\0';
        if (line[0] == '!' || line[0] == ';')
                return NULL;
        word = next_word(&line);
        if (!word)
                return NULL;
        second = next_word(&line);
        if (!second)
                return take_name(word, names);
        if (!is_address(word))
                return memory_copy(
                                "a line has one name, or an address with names behind it, as in /etc/hosts");
        for (; second; second = next_word(&line)) {
                char *why = is_own(second) ? NULL : take_name(second, names);

                if (wrong)
                        free(why);
                else
                        wrong = why;
        }
        return wrong;
}

static void note_wrong(NamesFile *file, char *sentence) {
        if (file->n_wrong < NAMES_FILE_WRONG_MAX) {
                file->wrong[file->n_wrong].line = file->n_lines;
                file->wrong[file->n_wrong].sentence = sentence;
        } else
                free(sentence);
        file->n_wrong++;
}

static void take_lines(char *text, size_t size, NamesFile *file, Names *names) {
        char *beyond = text + size, *next;

        if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
                text += 3;
        for (char *line = text; line < beyond; line = next) {
                char *end = memchr(line, '\n', (size_t) (beyond - line)) ?: beyond, *wrong;

                next = end + 1;
                *end = '\0';
                file->n_lines++;
                if (strlen(line) != (size_t) (end - line))
                        wrong = memory_copy("it is no text: it holds a zero byte");
                else
                        wrong = take_line(line, names);
                if (wrong)
                        note_wrong(file, wrong);
        }
}

/* ---- all of it ---- */

static int compare_names(const void *a, const void *b) {
        return strcmp(*(char *const *) a, *(char *const *) b);
}

/* Sorted, each once. */
static void join(const Names *names, NamesFile *file) {
        size_t size = 1;
        char *to;

        if (names->n > 0)
                qsort(names->list, names->n, sizeof(char *), compare_names);
        for (size_t i = 0; i < names->n; i++)
                size += strlen(names->list[i]) + 1;
        file->names = to = memory_new(char, size);
        for (size_t i = 0; i < names->n; i++) {
                if (i > 0 && strcmp(names->list[i - 1], names->list[i]) == 0)
                        continue;
                to = stpcpy(to, names->list[i]);
                *to++ = '\n';
                file->n_names++;
        }
}

void names_file_parse(char *text, size_t size, NamesFile *ret_file) {
        cleanup_(names_clear) Names names = {};
        NamesFile file = {};

        assert(text && ret_file);
        take_lines(text, size, &file, &names);
        join(&names, &file);
        *ret_file = file;
}

void names_file_done(NamesFile *file) {
        free(file->names);
        for (size_t i = 0; i < NAMES_FILE_WRONG_MAX; i++)
                free(file->wrong[i].sentence);
        *file = (NamesFile){};
}
