/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Claims that a host says of that they failed alone: the option claims of Report. */

#include <glib.h>
#include <systemd/sd-bus.h>

#include "daemon/core/refusal.h"
#include "daemon/engine/reports.h"

/* Of a record that does not say whose claim it is about. */
#define FAILURE_OF_CALLED ((uid_t) -1)

/*
 * Reads the v of an aa{sv} where the message stands: records of Claim (t), Message (s) and Uid (u). The array
 * is the caller's, of ClaimFailure whose messages point into the message. 0, a negative errno, or a
 * RefusalCode.
 */
int failures_read(sd_bus_message *message, GArray **ret_failures, Refusal *ret_refusal);
