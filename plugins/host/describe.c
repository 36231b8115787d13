/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#include "plugins/host/describe.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/cleanup.h"
#include "common/write.h"
#include "plugins/host/confine.h"
#include "plugins/host/described.h"
#include "plugins/host/guard.h"
#include "plugins/host/note.h"
#include "plugins/host/sentence.h"

/* ---- the plugin ---- */

/* Whoever waits for this process is written a byte once a sentence is said, or there is none to say: a plugin
 * may end it by _exit(), with any status. */
static int through_fd = -1;

static void failed(const char *sentence, void *userdata) {
        sentence_write(sentence);
        (void) write_all(through_fd, "x");
}

/* A descriptor that can be read when this process is nobody; a negative errno. */
static int open_before(const char *path) {
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

        return fd < 0 ? -errno : fd;
}

/* Whoever became nobody may not come to where the file lies, but has a descriptor of it. */
static int load(const char *path, int fd, Plugin **ret_plugin, char **ret_sentence) {
        const char *base = strrchr(path, '/');
        Guard *guard;
        int r;

        base = base ? base + 1 : path;
        note_begin(base);
        r = guard_new(base, failed, NULL, &guard);
        if (r < 0)
                return sentence_set(ret_sentence, r, "nobody can watch what %s does: %s", path, strerror(-r));
        if (fd >= 0 && access(path, R_OK) < 0)
                return guard_load_descriptor(guard, fd, path, ret_plugin, ret_sentence);
        return guard_load(guard, path, false, ret_plugin, ret_sentence);
}

int describe_load(const char *path, Looked *ret_looked) {
        cleanup_free_ char *sentence = NULL, *json = NULL;
        cleanup_close_ int fd = -1;
        Looked looked = {};
        int r;

        assert(path && ret_looked);
        json = described_path(path);
        fd = open_before(path);
        looked.json_fd = open_before(json);
        r = confine_drop_root(&sentence);
        if (r >= 0)
                r = load(path, fd, &looked.plugin, &sentence);
        if (r < 0) {
                close_fd(looked.json_fd);
                return sentence_fail(sentence ? sentence : strerror(-r));
        }
        *ret_looked = looked;
        return EXIT_SUCCESS;
}

static int look_in_child(int (*look)(const char *path), const char *path, int fd) {
        int r;

        through_fd = fd;
        r = look(path);
        (void) write_all(fd, "x");
        return r;
}

static int wait_for(pid_t pid, const char *path, int fd) {
        cleanup_free_ char *sentence = NULL;
        bool is_through;
        char byte;
        int status;

        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return sentence_fail(strerror(errno));
        is_through = read(fd, &byte, sizeof(byte)) == (ssize_t) sizeof(byte);
        if (WIFEXITED(status) && is_through)
                return WEXITSTATUS(status);
        sentence_set(&sentence, -ECHILD, "%s ended the process that looked at it, by %s %d", path,
                        WIFEXITED(status) ? "_exit(), with status" : "signal",
                        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
        return sentence_fail(sentence);
}

int describe_watched(int (*look)(const char *path), const char *path) {
        cleanup_close_ int reading = -1, writing = -1;
        int fds[2];
        pid_t pid;

        assert(look && path);
        if (confine_take() < 0)
                return sentence_fail("this process cannot give up what a plugin must not have");
        if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
                return sentence_fail(strerror(errno));
        reading = fds[0];
        writing = fds[1];
        pid = fork();
        if (pid < 0)
                return sentence_fail(strerror(errno));
        return pid == 0 ? look_in_child(look, path, writing) : wait_for(pid, path, reading);
}

static int describe(const char *path) {
        cleanup_free_ char *text = NULL;
        Looked looked;
        int r;

        r = describe_load(path, &looked);
        if (r != EXIT_SUCCESS)
                return r;
        text = described_text(looked.plugin);
        close_fd(looked.json_fd);
        table_free(looked.plugin);
        if (fputs(text, stdout) < 0 || fflush(stdout) != 0)
                return sentence_fail("the description cannot be written to standard output");
        return EXIT_SUCCESS;
}

int describe_file(const char *path) {
        return describe_watched(describe, path);
}
