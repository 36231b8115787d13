/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What a user's profiles may block for everyone, in memory: see daemon/core/consent.h. */

#include "daemon/engine/user.h"

/* From the store. A negative errno. */
int user_grants_load(User *user);
void user_grants_done(User *user);

/* NULL: none is needed here. */
const Consent *user_grants_consent(const User *user);
