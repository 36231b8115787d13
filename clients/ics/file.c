/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/ics/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/ics/calendar-text.h"
#include "common/cleanup.h"
#include "common/text.h"
#include "common/write.h"

static int replace(const char *path, const char *text, mode_t mode) {
        g_autofree char *folder = g_path_get_dirname(path), *base = g_path_get_basename(path);
        g_autofree char *temporary = g_strdup_printf("%s/.%.200s.XXXXXX", folder, base);
        cleanup_close_ int fd = mkostemp(temporary, O_CLOEXEC), above = -1;
        int r = fd < 0 ? -errno : 0;

        if (r == 0) {
                r = write_all(fd, text);
                if (r == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0 || rename(temporary, path) < 0))
                        r = -errno;
                if (r < 0)
                        (void) unlink(temporary);
        }
        if (r == 0) {
                /* The name, too, outlives a power cut. */
                above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
                if (above >= 0)
                        (void) fsync(above);
        }
        return r;
}

int file_put(const char *path, const char *text, char sentence[ICS_SENTENCE_MAX]) {
        cleanup_free_ char *real = realpath(path, NULL); /* a link stays one */
        g_autofree char *before = NULL;
        char excerpt[TEXT_EXCERPT_MAX];
        mode_t mask = umask(0), mode = 0666 & ~mask;
        struct stat st;
        bool same = false;
        int r;

        umask(mask);
        if (!real && errno != ENOENT) {
                r = -errno;
                ics_refuse(sentence, "cannot write %s: %s", text_excerpt(path, excerpt), strerror(-r));
                return r;
        }
        if (real && stat(real, &st) == 0) {
                if (!S_ISREG(st.st_mode))
                        return ics_refuse(sentence,
                                        "%s is no ordinary file; leave --output out for standard output",
                                        text_excerpt(path, excerpt));
                mode = st.st_mode & 07777;
                if (g_file_get_contents(real, &before, NULL, NULL))
                        same = ics_calendar_same(before, text);
        }
        if (same)
                return 0;
        r = replace(real ? real : path, text, mode);
        if (r < 0) {
                ics_refuse(sentence, "cannot write %s: %s", text_excerpt(path, excerpt), strerror(-r));
                return r;
        }
        return 1;
}
