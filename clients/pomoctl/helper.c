/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "clients/pomoctl/helper.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/paths.h"

#define SYSTEMCTL_WORDS_MAX 8u
#define TEXT_STEP           4096u
#define MESSAGE_MAX         512u /* of systemctl: its last line is a sentence */

/* ---- where they are ---- */

/* The first of these that is there, which are owned; the others are freed. */
static char *first_of(char **paths, size_t n, int mode) {
        char *found = NULL;

        for (size_t i = 0; i < n; i++)
                if (!found && paths[i] && access(paths[i], mode) == 0)
                        found = paths[i];
                else
                        free(paths[i]);
        return found;
}

static char *from_program(const char *folder, const char *name, const char *end) {
        cleanup_free_ char *below = memory_format("%s/%s%s", folder, name, end);
        char *path = NULL;

        (void) path_from_program(below, &path);
        return path;
}

char *helper_find(const char *name, const char *built) {
        char *paths[] = { from_program(POMOD_LIBEXECDIR_FROM_BIN, name, ""), from_program(built, name, ""),
                memory_format("%s/%s", POMOD_LIBEXECDIR, name) };

        return first_of(paths, sizeof(paths) / sizeof(paths[0]), X_OK);
}

char *helper_find_plugin(const char *name) {
        cleanup_free_ char *home = NULL;
        char *paths[] = { from_program(POMOD_PLUGIN_DIR_FROM_BIN, name, ".so"),
                from_program("../../plugins/modules", name, ".so"),
                memory_format("%s/%s.so", POMOD_PLUGIN_DIR, name), NULL };

        if (path_data_home(&home) >= 0)
                paths[3] = memory_format("%s/plugins/%s.so", home, name);
        return first_of(paths, sizeof(paths) / sizeof(paths[0]), R_OK);
}

/* ---- running one ---- */

static void wait_for(pid_t pid, int *ret_status) {
        while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
                ;
}

/* Standard output goes to fd, errors to the other, which may be the same. */
static int spawn(char **argv, int fd, int errors_fd, pid_t *ret_pid) {
        posix_spawn_file_actions_t actions;
        int r = posix_spawn_file_actions_init(&actions);

        if (r != 0)
                return -r;
        r = posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
        if (r == 0)
                r = posix_spawn_file_actions_adddup2(&actions, errors_fd, STDERR_FILENO);
        if (r == 0)
                r = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
        return -r;
}

static char *read_all(int fd) {
        size_t n = 0, n_allocated = 0;
        char *text = NULL;
        ssize_t got;

        do {
                text = memory_reserve(text, n + TEXT_STEP, &n_allocated, 1);
                got = read(fd, text + n, TEXT_STEP - 1);
                n += got > 0 ? (size_t) got : 0;
        } while (got > 0);
        text[n] = '\0';
        return text;
}

int helper_read(const char *const *words, char **ret_text, char **ret_errors, int *ret_status) {
        /* No pipe: it would wait for us while we read the first one. */
        cleanup_close_ int errors_fd = memfd_create("errors", MFD_CLOEXEC);
        int fds[2], r;
        pid_t pid;

        if (errors_fd < 0 || pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        r = spawn((char **) words, fds[1], errors_fd, &pid);
        (void) close_fd(fds[1]);
        if (r >= 0) {
                *ret_text = read_all(fds[0]);
                wait_for(pid, ret_status);
                (void) lseek(errors_fd, 0, SEEK_SET);
                *ret_errors = read_all(errors_fd);
        }
        (void) close_fd(fds[0]);
        return r;
}

/* ---- systemctl ---- */

/* Reads to the end, and keeps the last line. */
static char *last_line(int fd) {
        char text[MESSAGE_MAX + 1], *line;
        size_t n = 0;
        ssize_t got;

        while ((got = read(fd, text + n, sizeof(text) - 1 - n)) > 0) {
                n += (size_t) got;
                if (n < sizeof(text) - 1)
                        continue;
                /* Only the end of it is wanted. */
                n /= 2;
                memmove(text, text + sizeof(text) - 1 - n, n);
        }
        while (n > 0 && text[n - 1] == '\n')
                n--;
        text[n] = '\0';
        line = strrchr(text, '\n');
        return memory_copy(line ? line + 1 : text);
}

int helper_systemctl(bool of_user, const char *const *words, char **ret_message) {
        char *argv[SYSTEMCTL_WORDS_MAX + 4];
        int fds[2], status = 0, r;
        unsigned n = 0;
        pid_t pid;

        argv[n++] = (char *) "systemctl";
        argv[n++] = (char *) (of_user ? "--user" : "--system");
        argv[n++] = (char *) "--quiet";
        for (; *words; words++) {
                assert(n < SYSTEMCTL_WORDS_MAX + 3);
                argv[n++] = (char *) *words;
        }
        argv[n] = NULL;

        if (pipe2(fds, O_CLOEXEC) < 0)
                return -errno;
        r = spawn(argv, fds[1], fds[1], &pid);
        (void) close_fd(fds[1]);
        if (r >= 0) {
                *ret_message = last_line(fds[0]);
                wait_for(pid, &status);
                if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                        r = -EPERM;
        }
        (void) close_fd(fds[0]);
        return r;
}
