/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What the system tells about the computer: that it is about to sleep, that a session is locked or idle, that
 * the zone has changed. All of it is a hint; the engine looks at the clocks itself, and without a system
 * bus or logind nothing is missing but the hints.
 */

#include "daemon/bus/internal.h"

/* NULL where there is nobody to ask, which is said in the log once. */
Logind *logind_start(Bus *bus);
Logind *logind_free(Logind *logind);
