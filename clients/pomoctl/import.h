/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Rules and profiles in their text form, taken over by the daemon: what schedule import and preset --add do.
 */

#include "clients/pomoctl/ctl.h"

/* With the options --replace and --dry-run of the verb. Says what became of it. 0, or what to exit with. */
int import_text(const Ctl *ctl, const Args *args, const char *text);
