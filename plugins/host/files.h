/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Files in a folder that is open, read and replaced as a whole, so that a power cut leaves the old or the
 * new.
 */

#include <stddef.h>
#include <sys/types.h>

/* On disk when it returns: a temporary file, fsync, rename, fsync of the folder. A negative errno, and the
 * old one is there. */
int files_replace(int folder_fd, const char *name, const void *data, size_t size);

/* All of it, a 0 byte behind it; the caller frees it. -ENOENT; -EFBIG above max; -EPERM: no file, or not of
 * this user. */
int files_read(int folder_fd, const char *name, size_t max, char **ret_data, size_t *ret_size);

/* The rest of what an open descriptor gives, as text: a 0 byte behind it, the caller's to free(). -EFBIG
 * above max. ret_size may be NULL. */
int files_read_rest(int fd, size_t max, char **ret_text, size_t *ret_size);

/* Gone from the disk when it returns. -ENOENT. */
int files_remove(int folder_fd, const char *name);

/* What a files_replace() left behind that did not come to its end. */
void files_sweep(int folder_fd);

/* The names in a folder, without those that begin with a dot: func's result ends it where it is not 0, and is
 * returned. */
int files_each(int folder_fd, int (*func)(int folder_fd, const char *name, void *data), void *data);

/* A folder in another, made 0700 where it is missing. -EPERM: it is not this user's alone to write. */
int files_folder(int folder_fd, const char *name, int *ret_fd);
