/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* How many bytes a message that was received has, nearly: libsystemd does not say. */

#include <stddef.h>
#include <systemd/sd-bus.h>

/* Leaves the message at its beginning. What cannot be read counts up to there. SIZE_MAX: it has more than
 * CAP_CALL_VALUES values, and nobody waits until they are counted. */
size_t message_size(sd_bus_message *message);
