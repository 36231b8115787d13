/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Who may see what: the paths of the objects under /org/pomod/Pomod1/user, and THE check of access to them.
 */

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"

#define USER_PATH_MAX 64

/* "/org/pomod/Pomod1/user/_1000". Returns buf. */
const char *user_path(uid_t uid, char buf[USER_PATH_MAX]);

/* The uid of such a path; false for every other path, and for spellings that user_path() would not make. */
bool user_path_parse(const char *path, uid_t *ret_uid);

/*
 * Whether a caller may read, call or introspect what is a user's: that user and root may, nobody else.
 * Everything under user/ comes through here once a message; so does every call of Manager that is about a
 * user. 0, or a RefusalCode.
 */
int access_check(Bus *bus, uid_t caller, uid_t uid, Refusal *ret_refusal);

/* Whether it is root, who alone is told of the whole computer. 0, or a RefusalCode. */
int access_check_root(uid_t caller, Refusal *ret_refusal);
