/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The one cleanup family: a variable marked cleanup_(f) has f called on its address when it leaves scope.
 * Destructors take NULL and half-built objects; ownership leaves a scope only through steal().
 */

#include <stdlib.h>
#include <unistd.h>

#define cleanup_(f) __attribute__((cleanup(f)))

/* Defines NAMEp(), for cleanup_(NAMEp), from a destructor that takes the pointer and tolerates NULL. */
#define DEFINE_CLEANUP(type, name)                                    \
        static inline __attribute__((unused)) void name##p(type *p) { \
                if (*p)                                               \
                        name(*p);                                     \
        }                                                             \
        struct cleanup_swallow_semicolon

static inline __attribute__((unused)) void cleanup_free(void *p) {
        free(*(void **) p);
}
#define cleanup_free_ cleanup_(cleanup_free)

static inline __attribute__((unused)) int close_fd(int fd) {
        if (fd >= 0)
                close(fd);
        return -1;
}

static inline __attribute__((unused)) void close_fdp(int *fd) {
        *fd = close_fd(*fd);
}
#define cleanup_close_ cleanup_(close_fdp)

/* Takes the value out of a variable and leaves NULL in it. */
#define steal(p)                                   \
        ({                                         \
                __typeof__(p) *steal_pp = &(p);    \
                __typeof__(p) steal_p = *steal_pp; \
                *steal_pp = NULL;                  \
                steal_p;                           \
        })

#define steal_fd(fd)                      \
        ({                                \
                int *steal_pfd = &(fd);   \
                int steal_f = *steal_pfd; \
                *steal_pfd = -1;          \
                steal_f;                  \
        })
