/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A file of root's that others read, replaced as a whole: mode, owner, extended attributes and the target of
 * a symbolic link stay. It is written beside it and renamed, so that a kill or a power cut leaves the old
 * one or the new. Where it cannot be renamed (a bind mount, a hard link, an owner who cannot be given), it is
 * written in place.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define REPLACE_TEMPORARY ".pomod-new" /* in the folder of the file; removed by whatever comes next */

typedef struct ReplaceHow {
        /* The file that data was made of. Nothing is done where it was written or replaced since, -ESTALE,
         * or where a program has it open for writing, -ETXTBSY. An inode of 0: there was none. NULL: any. */
        const struct stat *seen;
        /* Before a file is written in place: its path, the bytes of data and of the file that are the same
         * up to there. A negative errno refuses. May be NULL. */
        int (*in_place)(const char *path, size_t n_same, void *userdata);
        void *userdata;
        struct stat *ret_written; /* may be NULL */
} ReplaceHow;

/* 0 once it is on disk; a negative errno with a sentence, and the file is what it was. A file that is not
 * there is made, root's and 0644. */
int replace_file(const char *path, const void *data, size_t size, char **ret_sentence);
int replace_file_how(
                const char *path, const void *data, size_t size, const ReplaceHow *how, char **ret_sentence);

/* Whether nothing was written since, as far as the kernel says. */
bool replace_is_same(const struct stat *a, const struct stat *b);

/* Removes what a replace_file() that was cut short has left beside a file. */
void replace_sweep(const char *path);
/* Removes a file, not what a symbolic link leads to, and a temporary one beside it. 0 also where there is
 * none. */
int replace_remove(const char *path, char **ret_sentence);
