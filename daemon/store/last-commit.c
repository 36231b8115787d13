/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */

#include "daemon/store/last-commit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "daemon/store/folder.h"

#define FILE_NAME  "last-commit"
#define TEXT_BYTES 30 /* 20 digits, the sum of them, and what is between */

static bool is_ours(const struct stat *st) {
        return S_ISREG(st->st_mode) && st->st_uid == geteuid() && st->st_nlink == 1;
}

int last_commit_open(int folder_fd, uint64_t now_real_usec) {
        cleanup_close_ int fd = -1;
        struct stat st;

        if (fstatat(folder_fd, FILE_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0 && !is_ours(&st) &&
                        folder_rename_aside(folder_fd, FILE_NAME, "damaged", now_real_usec, NULL) < 0)
                return -1;
        fd = openat(folder_fd, FILE_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
        return fd >= 0 && fstat(fd, &st) == 0 && is_ours(&st) ? steal_fd(fd) : -1;
}

/* It differs where the text was torn or touched. */
static uint32_t sum_of(int64_t commits) {
        uint32_t sum = 2166136261u;

        for (unsigned i = 0; i < sizeof(commits); i++)
                sum = (sum ^ (uint8_t) ((uint64_t) commits >> (8 * i))) * 16777619u;
        return sum;
}

static void print(int64_t commits, char text[TEXT_BYTES + 1]) {
        snprintf(text, TEXT_BYTES + 1, "%020" PRId64 " %08" PRIx32 "\n", commits, sum_of(commits));
}

int64_t last_commit_read(int fd) {
        char text[TEXT_BYTES + 1], again[TEXT_BYTES + 1];
        int64_t commits;

        if (fd < 0 || pread(fd, text, TEXT_BYTES, 0) != TEXT_BYTES)
                return 0;
        text[TEXT_BYTES] = '\0';
        if (sscanf(text, "%" SCNd64, &commits) != 1 || commits < 0)
                return 0;
        print(commits, again);
        return strcmp(text, again) == 0 ? commits : 0;
}

void last_commit_write(int fd, int64_t commits) {
        char text[TEXT_BYTES + 1];
        ssize_t n;

        if (fd < 0)
                return;
        print(commits, text);
        /* One that could not be written is an older one, which says nothing. */
        n = pwrite(fd, text, TEXT_BYTES, 0);
        (void) n;
}
