/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Calendar files are a helper's, which this process becomes. */

#include "clients/pomoctl/ctl.h"

/* What was typed behind the verb, whose last word is export or import, is handed on. What to exit with, where
 * the helper cannot be started. */
int ics_run(Ctl *ctl, const Args *args);
