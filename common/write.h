/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A text into a file descriptor, in as many pieces as it takes. */

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* 0 or a negative errno; on one some of it may be written. */
static inline int write_all(int fd, const char *text) {
        for (size_t left = strlen(text); left > 0;) {
                ssize_t n = write(fd, text, left);

                if (n < 0 && errno != EINTR)
                        return -errno;
                if (n > 0) {
                        text += n;
                        left -= (size_t) n;
                }
        }
        return 0;
}
