/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Root's settings, as the host gives them. */

#include <pomo-plugin.h>
#include <stdbool.h>
#include <string.h>

/* NULL: it is not set. */
static inline const PomoValue *standing_value(const PomoDesired *desired, const char *key) {
        for (size_t i = 0; i < desired->n_standing; i++)
                if (strcmp(desired->standing[i]->key, key) == 0)
                        return desired->standing[i];
        return NULL;
}

static inline bool standing_is_on(const PomoDesired *desired, const char *key) {
        const PomoValue *value = standing_value(desired, key);

        return !value || value->number != 0;
}
