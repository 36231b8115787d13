/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Rules and profiles as text, handed to the daemon, and what became of them. */

#include "clients/pomoctl/ctl.h"

/* With the options --replace and --dry-run of the verb, where it has them. 0, or what to exit with. */
int rules_import(const Ctl *ctl, const Args *args, const char *text);
