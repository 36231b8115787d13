/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A host that cannot begin, because of its state folder: it says so to pomod, which nobody else would, and
 * tries again more and more rarely. */

#include <stdbool.h>

#include "common/cleanup.h"

typedef struct Refusal Refusal;

/* name and address (NULL: it is found) must last. 0 or a negative errno. Signals that end it must be blocked.
 */
int refusal_new(const char *name, const char *address, bool system, const char *version,
                Refusal **ret_refusal);
/* Tells it for 1 s, 2 s … 60 s. 0: it is time to try again; -EINTR: a signal asked for its end; or another
 * negative errno. */
int refusal_wait(Refusal *refusal, const char *sentence);
/* NULL is fine; returns NULL. */
Refusal *refusal_free(Refusal *refusal);
DEFINE_CLEANUP(Refusal *, refusal_free);
