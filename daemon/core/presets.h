/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Rules and profiles to begin with: a name, what it is for, and its text form, which people import and then
 * make their own. */

#include <stddef.h>

#include "daemon/core/refusal.h"

typedef struct Preset {
        const char *name;
        const char *description; /* one sentence */
        const char *text;        /* as rule_set_parse() takes it */
} Preset;

const Preset *presets(size_t *ret_n); /* of rules */
const Preset *presets_of_profiles(size_t *ret_n);

/* REFUSAL_NO_SUCH_PROFILE, with how to have one of that name where it is a preset. */
int presets_refuse_profile(const char *name, Refusal *ret_refusal);
