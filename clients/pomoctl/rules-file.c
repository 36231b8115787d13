/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/rules-file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "common/cleanup.h"
#include "common/text.h"

/* All of it, with a NUL behind; one byte more than is possible at most. */
static int read_all(int fd, char **ret_text, size_t *ret_n) {
        cleanup_free_ char *text = NULL;
        size_t n = 0, n_allocated = 0;
        ssize_t got = 1;

        while (got != 0 && n <= CAP_RULES_TEXT_BYTES) {
                text = memory_reserve(text, n + BUFSIZ, &n_allocated, 1);
                got = read(fd, text + n, n_allocated - n - 1);
                if (got < 0 && errno != EINTR)
                        return -errno;
                if (got > 0)
                        n += (size_t) got;
        }

        text[n] = '\0';
        *ret_text = steal(text);
        *ret_n = n;
        return 0;
}

/* In place: no byte order mark, lines that end as ours, tabs as the spaces they stand for. */
static void normalise(char *text) {
        char *to = text, *from = text;

        if (strncmp(from, "\xEF\xBB\xBF", 3) == 0)
                from += 3;
        for (; *from; from++) {
                if (*from == '\r' && from[1] == '\n')
                        continue;
                *to++ = *from == '\t' ? ' ' : *from;
        }
        *to = '\0';
}

static int check_lines(const char *label, char *text, char sentence[RULES_FILE_SENTENCE_MAX]) {
        const char *beyond = text + strlen(text);
        unsigned line = 0;

        for (char *next, *p = text; p; p = next) {
                char *end = memchr(p, '\n', (size_t) (beyond - p));
                int r;

                next = end ? end + 1 : NULL;
                line++;
                if (end)
                        *end = '\0';
                r = text_check(p, CAP_RULES_TEXT_BYTES);
                if (end)
                        *end = '\n';
                if (r < 0) {
                        snprintf(sentence, RULES_FILE_SENTENCE_MAX,
                                        r == -EILSEQ ? "%s, line %u: is not valid UTF-8"
                                                     : "%s, line %u: holds a control character",
                                        label, line);
                        return -EINVAL;
                }
        }
        return 0;
}

int rules_file_read(const char *path, char **ret_text, char sentence[RULES_FILE_SENTENCE_MAX]) {
        bool standard = strcmp(path, "-") == 0;
        cleanup_close_ int fd = standard ? -1 : open(path, O_RDONLY | O_CLOEXEC);
        char label[TEXT_EXCERPT_MAX] = "standard input";
        cleanup_free_ char *text = NULL;
        size_t n = 0;
        int r;

        if (!standard)
                text_excerpt(path, label);
        if (!standard && fd < 0)
                return -errno;
        r = read_all(standard ? STDIN_FILENO : fd, &text, &n);
        if (r < 0)
                return r;
        if (n > CAP_RULES_TEXT_BYTES) {
                snprintf(sentence, RULES_FILE_SENTENCE_MAX,
                                "%s is larger than %u MiB, and at most that is possible", label,
                                CAP_RULES_TEXT_BYTES >> 20);
                return -EINVAL;
        }
        if (strlen(text) != n) {
                snprintf(sentence, RULES_FILE_SENTENCE_MAX, "%s is no text: it holds a zero byte", label);
                return -EINVAL;
        }

        normalise(text);
        r = check_lines(label, text, sentence);
        if (r < 0)
                return r;
        *ret_text = steal(text);
        return 0;
}

int rules_file_write(const char *path, const char *text) {
        cleanup_free_ char *temporary = NULL;
        char real[PATH_MAX];
        mode_t mode = 0644;
        bool in_place = false;
        struct stat st;
        FILE *file;
        int fd, r = 0;

        /* A link stays one. What is no plain file, like a pipe, cannot be replaced, only written to. */
        if (stat(path, &st) == 0) {
                in_place = !S_ISREG(st.st_mode);
                mode = st.st_mode & 0777;
                if (realpath(path, real))
                        path = real;
        }
        temporary = memory_format("%s%s", path, in_place ? "" : ".XXXXXX");
        fd = in_place ? open(path, O_WRONLY | O_CLOEXEC) : mkostemp(temporary, O_CLOEXEC);
        if (fd < 0)
                return -errno;
        file = fdopen(fd, "w");
        if (!file) {
                close(fd);
                return -errno;
        }

        fputs(text, file);
        if (fflush(file) != 0 || (!in_place && (fchmod(fd, mode) < 0 || fsync(fd) < 0)))
                r = errno > 0 ? -errno : -EIO;
        if (fclose(file) != 0 && r == 0)
                r = -EIO;
        if (in_place)
                return r;
        if (r == 0 && rename(temporary, path) < 0)
                r = -errno;
        if (r < 0)
                unlink(temporary);
        return r;
}
