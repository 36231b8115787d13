/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which names are never blocked, whoever asks: public suffixes, those of this computer, those that keep its
 * packages and its clock right, and those that root keeps open. It reads files below /etc, and asks no name
 * service, which could take for ever.
 */

#include <stdbool.h>

#include "common/cleanup.h"

typedef struct Never Never;

/*
 * hosts_text: the lines of /etc/hosts that are not ours; NULL: there are none. standing_never: root's names
 * (Never= of sites.conf), NULL at the end; NULL: none. Neither is kept.
 */
Never *never_read(const char *hosts_text, const char *const *standing_never);
Never *never_free(Never *never); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Never *, never_free);

/* Whether it must stay open; ret_why: why, as "a public suffix is no site", static. */
bool never_has(const Never *never, const char *name, const char **ret_why);
/* The name of root's that keeps it open, and nothing else does; NULL: another reason, or none. */
const char *never_standing(const Never *never, const char *name);
/* Whether a name below it, which people go to, must stay open, so that it cannot be blocked with all below.
 */
bool never_below(const Never *never, const char *name);
/* Whether that is because of a name of root's alone. */
bool never_standing_below(const Never *never, const char *name);
