/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which plugins this computer has, as far as pomod can know: it starts none. One is known that lies in a
 * folder for plugins, or whose host has said something. A profile may name others, which is a warning.
 */

#include <stdbool.h>

#include "daemon/bus/internal.h"
#include "daemon/bus/warnings.h"
#include "daemon/core/rules.h"

bool plugin_is_known(const UserCall *call, const char *plugin);

typedef struct ProfileWarnings {
        const UserCall *call;
        Warnings *warnings;
} ProfileWarnings;

/* A ProfileFunc that always goes on; userdata is ProfileWarnings: says what a profile names in vain. */
int profile_warn(const Profile *profile, void *userdata);
