/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What is in memory of a user, from the store. It tells nobody, and helps no store that is damaged. */

#include "daemon/engine/user.h"

/* All of it, from a store that is open. A negative errno of the store, and then memory is partly as it was.
 */
int user_load(User *user);
/*
 * Opens the store, if it is not open, and loads. create: makes one where there is none; else -ENOENT.
 * -EUCLEAN: it is open, and the caller is to recover it; after any other errno it is closed.
 */
int user_load_store(User *user, bool create);
