/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* How large a message is, for those who bound what they send: sd-bus of systemd 252 does not say. */

#include <stddef.h>
#include <systemd/sd-bus.h>

/* Bytes of a sealed message, header and padding estimated. It is read for that, and rewound. 0 or a negative
 * errno. */
int size_of_message(sd_bus_message *message, size_t *ret_bytes);
