/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Users come and go: they are loaded when they are first asked for, and forgotten when nothing goes on and
 * many are loaded.
 */

#include "daemon/engine/user.h"

User *users_find(const Engine *engine, uid_t uid); /* NULL: not loaded */
/* Loads where that is needed, and settles nothing. call is for the journal. A RefusalCode where there is no
 * such user, or a negative errno of the store, which could not be opened. */
int users_take(Engine *engine, uid_t uid, const char *call, User **ret_user, Refusal *ret_refusal);
/* The same for a store that was found, and is not loaded: User.owner says whether the account is known. */
int users_take_stored(Engine *engine, uid_t uid, const char *call, User **ret_user, Refusal *ret_refusal);
void users_unload_if_idle(User *user);
User *users_free(User *user); /* NULL is fine; returns NULL */

/* What EngineConfig says of a uid. */
int users_account(const Engine *engine, uid_t uid, char **ret_name);
int users_look(Engine *engine, uid_t uid);

/* Where the user's store is; free with g_free(). */
char *users_folder(const Engine *engine, uid_t uid);
