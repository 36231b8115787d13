/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

/* What the plugin saved, why the last process ended, and what was released by hand. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients/lib/memory.h"
#include "common/caps.h"
#include "plugins/host/files.h"
#include "plugins/host/state-private.h"

static bool is_file_name(const char *name) {
        const size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

        return n > 0 && n <= CAP_SAVED_NAME && !name[n];
}

typedef struct Sum {
        const char *without;
        uint64_t bytes;
} Sum;

static int add_size(int folder_fd, const char *name, void *data) {
        Sum *sum = data;
        struct stat st;

        if (strcmp(name, sum->without) != 0 && fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
                sum->bytes += (uint64_t) st.st_size;
        return 0;
}

int state_save(State *state, const char *name, const void *data, size_t size) {
        Sum sum = { name, size };
        int r;

        if (!is_file_name(name))
                return -EINVAL;
        if (size > CAP_SAVED_BYTES)
                return -EFBIG;
        r = files_each(state->saved_fd, add_size, &sum);
        if (r < 0)
                return r;
        if (sum.bytes > CAP_SAVED_ALL_BYTES)
                return -EDQUOT;
        return files_replace(state->saved_fd, name, data, size);
}

int state_load(State *state, const char *name, void **ret_data, size_t *ret_size) {
        char *data;
        int r;

        if (!is_file_name(name))
                return -EINVAL;
        r = files_read(state->saved_fd, name, CAP_SAVED_BYTES, &data, ret_size);
        if (r == 0)
                *ret_data = data;
        return r;
}

int state_drop(State *state, const char *name) {
        return is_file_name(name) ? files_remove(state->saved_fd, name) : -EINVAL;
}

/* By its path first: a plugin that closed descriptors is a reason to be here. */
static int open_failure(const State *state) {
        const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
        int fd = open(state->failure_path, flags, 0600);

        return fd >= 0 ? fd : openat(state->folder_fd, FAILURE_FILE, flags, 0600);
}

void state_write_failure(State *state, const char *sentence) {
        int fd = open_failure(state);
        size_t size = strlen(sentence);

        if (fd < 0)
                return;
        if (size > CAP_FAILURE_BYTES)
                size = CAP_FAILURE_BYTES;
        if (write(fd, sentence, size) == (ssize_t) size)
                (void) fsync(fd);
        close(fd);
}

/* NULL where there is none; what is longer than we write is cut. */
static char *read_sentence(int folder_fd, const char *file) {
        cleanup_free_ char *text = NULL;
        size_t size;

        if (files_read(folder_fd, file, CAP_FAILURE_BYTES, &text, &size) < 0 || size == 0)
                return NULL;
        return memory_safe_text(text);
}

char *state_take_failure(State *state) {
        char *sentence = read_sentence(state->folder_fd, FAILURE_FILE);

        (void) files_remove(state->folder_fd, FAILURE_FILE);
        return sentence;
}

int state_write_released(State *state, const char *reason) {
        size_t size = strlen(reason);

        return files_replace(state->folder_fd, RELEASED_FILE, reason,
                        size > CAP_FAILURE_BYTES ? CAP_FAILURE_BYTES : size);
}

char *state_read_released(State *state) {
        return read_sentence(state->folder_fd, RELEASED_FILE);
}

void state_drop_released(State *state) {
        (void) files_remove(state->folder_fd, RELEASED_FILE);
}
