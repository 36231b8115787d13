/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The file of a store, opened, migrated and closed. A damaged one is reported, and left as it is. */

#include <limits.h>

#include "daemon/store/statement.h"
#include "daemon/store/store.h"

/* Of a name in the folder. -ENAMETOOLONG. */
int file_path(const Store *store, const char *name, char ret_path[PATH_MAX]);
/* Not while it is open. may_be_new: an empty file becomes a store even where backups say that there was one.
 * -EUCLEAN. */
int file_open(Store *store, bool may_be_new, uint64_t now_real_usec, StoreReport *report);
/*
 * Whether the open file is still the one that its name leads to: somebody may have moved it, or put another
 * one in its place, and what is written then is seen by nobody again. 0, or -EUCLEAN with store->displaced
 * set.
 */
int file_check_place(Store *store);
/*
 * After a commit failed, which is store->doubted: the file is closed, opened and looked at, and
 * store->doubted is 0 again. What is found stays so, whatever happens next. -ESTALE: it cannot be told now;
 * -EUCLEAN: it is damaged.
 */
int file_look_again(Store *store, bool *ret_stored);
/* Not while a statement is in use or something is written. untouched: what the -wal holds is not written into
 * the file. */
void file_close(Store *store, bool untouched);
