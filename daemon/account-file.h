/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The accounts of this computer's own file (passwd(5)), kept in memory and read anew when it was changed. It
 * asks no name service, and takes no file that is larger than it wants to read at once.
 */

#include <stdbool.h>
#include <sys/types.h>

typedef struct AccountFile AccountFile;

AccountFile *account_file_new(const char *path);
AccountFile *account_file_free(AccountFile *file); /* NULL is fine; returns NULL */

/* Looks whether it was changed, and reads it then. 1 it was, 0 not; a negative errno where it cannot be read,
 * and then it knows nobody. */
int account_file_refresh(AccountFile *file);
/* Whoever comes first in the file, or NULL. Valid until it is read anew. */
const char *account_file_find(const AccountFile *file, uid_t uid);
