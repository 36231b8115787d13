/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What is said of a list of names that was made, changed or removed, by its name without the @. */

#include "clients/pomoctl/ctl.h"
#include "clients/pomoctl/names-file.h"

/* Which profiles lack a grant for what it names now: to an administrator, who granted the old one, a list
 * with other names is another list. 0, or what to exit with. */
int names_warn_not_granted(const Ctl *ctl, const char *name);
/* What no profile blocks by it, on any computer. */
void names_warn_open(const Ctl *ctl, const char *name, const NamesFile *file);
/* Which profiles name it, though there is neither it nor a category of that name. 0, or what to exit with. */
int names_warn_gone(const Ctl *ctl, const char *name);
