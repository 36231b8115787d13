/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The one place where a refusal or an errno becomes the name of a D-Bus error. */

#include <systemd/sd-bus.h>

#include "daemon/core/refusal.h"

/* The name of a code; NULL for REFUSAL_NONE and for what is no code. */
const char *error_name(RefusalCode code);

/*
 * Fills in what a caller is told: a refusal with its sentence, or org.freedesktop.DBus.Error.Failed for a
 * negative errno. Returns what a handler returns: always below zero.
 */
int error_set(sd_bus_error *error, int r, const Refusal *refusal);
