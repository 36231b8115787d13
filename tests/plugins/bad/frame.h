/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A plugin that behaves, of which each bad one is all but one thing: a source defines BAD_OPEN, BAD_APPLY …
 * as its own function, and includes table.h last. BAD_NAME is its name.
 *
 * Its world is a file, $POMOD_TEST_WORLD/NAME, a held name a line. As the header demands, what it does is the
 * same after a crash half way: the file is replaced as a whole. What was there before is saved as "before".
 */

#include "plugins/api/pomo-plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Frame {
        PomoHost *host;
        const PomoHostCalls *calls;
        uint64_t n_applied;
} Frame;

static Frame frame;

static inline int frame_path(char path[static PATH_MAX], const char *suffix) {
        const char *folder = getenv("POMOD_TEST_WORLD");

        if (!folder)
                return -ENOENT;
        snprintf(path, PATH_MAX, "%s/" BAD_NAME "%s", folder, suffix);
        return 0;
}

/* Replaces the world by the text. */
static inline int frame_write(const char *text, size_t size) {
        char path[PATH_MAX], temporary[PATH_MAX];
        int fd, r = 0;

        if (frame_path(path, "") < 0 || frame_path(temporary, ".new") < 0)
                return -ENOENT;
        fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd < 0)
                return -errno;
        if (write(fd, text, size) != (ssize_t) size || fsync(fd) < 0)
                r = -EIO;
        close(fd);
        return r == 0 && rename(temporary, path) < 0 ? -errno : r;
}

static inline int frame_open(PomoHost *host, const PomoHostCalls *calls, void **ret_state) {
        frame = (Frame){ .host = host, .calls = calls };
        *ret_state = &frame;
        return 0;
}

static inline int frame_apply(void *state, const PomoDesired *desired) {
        char *text = NULL;
        size_t size = 0;
        FILE *file;
        int r;

        (void) state;
        r = frame.calls->save(frame.host, "before", "", 0);
        if (r < 0)
                return r;
        file = open_memstream(&text, &size);
        if (!file)
                return -ENOMEM;
        for (const PomoClaim *const *claim = desired->claims; *claim; claim++)
                for (const PomoValue *const *value = (*claim)->values; *value; value++)
                        for (const char *const *name = (*value)->names; name && *name; name++)
                                fprintf(file, "%" PRIu32 " %s\n", (*claim)->uid, *name);
        r = fclose(file) == 0 ? frame_write(text, size) : -ENOMEM;
        free(text);
        frame.n_applied++;
        return r < 0 ? r : POMO_DONE;
}

static inline void frame_event(void *state, const PomoEvent *event) {
        (void) state;
        (void) event;
}

static inline void frame_close(void *state) {
        (void) state;
}

static inline int frame_release(PomoHost *host, const PomoHostCalls *calls) {
        char path[PATH_MAX];
        int r;

        if (frame_path(path, "") == 0 && unlink(path) < 0 && errno != ENOENT)
                return -errno;
        r = calls->drop(host, "before");
        return r < 0 && r != -ENOENT ? r : 0;
}

/* What is forked outlives its host, but not the test. */
static inline void frame_fork(void) {
        sigset_t none;

        if (fork() != 0)
                return;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGALRM, SIG_DFL);
        alarm(60);
        for (;;)
                pause();
}

/* Until the host ends it. */
__attribute__((noreturn)) static inline void frame_hang(void) {
        for (;;)
                pause();
}
