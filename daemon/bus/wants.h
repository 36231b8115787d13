/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What a connection that subscribes wants to be told of. */

#include <glib.h>
#include <stdbool.h>

#include "common/caps.h"

typedef enum WantsKind {
        WANTS_TIMER = 1 << 0,   /* PropertiesChanged */
        WANTS_EVENTS = 1 << 1,  /* Event */
        WANTS_DESIRED = 1 << 2, /* DesiredChanged */
        WANTS_ALL = WANTS_TIMER | WANTS_EVENTS | WANTS_DESIRED,
} WantsKind;

typedef struct Wants {
        unsigned what;                   /* a set of WantsKind */
        char plugin[CAP_RULE_BYTES + 1]; /* DesiredChanged of this one alone; empty: of any */
} Wants;

/* Whether it wants a signal of a kind, which is about that plugin (NULL: about none). */
static inline bool wants_told(const Wants *wants, unsigned kind, const char *plugin) {
        return wants && (wants->what & kind) &&
               (!plugin || wants->plugin[0] == '\0' || g_str_equal(wants->plugin, plugin));
}
