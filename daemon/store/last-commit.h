/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The number of a store's last commit, in a small file beside it. SQLite passes over the damaged end of a
 * -wal without a word; a store that has seen fewer commits than are noted here has lost some. It is written
 * after each commit and not synced: a kill keeps it, and after a power cut it may be older than the store,
 * which says nothing. What cannot be read, or is no file of ours, says nothing either.
 */

#include <stdint.h>

/* A descriptor of it, made where missing, to be closed; -1: it cannot be had. What is no file of ours is
 * moved out of the way. */
int last_commit_open(int folder_fd, uint64_t now_real_usec);
/* 0 where nothing is known. fd may be -1, here and below. */
int64_t last_commit_read(int fd);
void last_commit_write(int fd, int64_t commits);
