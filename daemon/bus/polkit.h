/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Asking polkit, without waiting for it: a handler reads and validates, asks, and returns; when polkit has
 * allowed it, the same handler is entered again with the same message and call->authorized, and then changes
 * something. Root is not asked. Where there is no polkit on the bus, root alone may do it.
 */

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"

#define POLKIT_OVERRIDE_LOCK "org.pomod.override-lock"

int polkit_new(Bus *bus, Polkit **ret_polkit);
Polkit *polkit_free(Polkit *polkit); /* nobody is answered any more; NULL is fine; returns NULL */

/*
 * Whether the sender of a message may do this. 0: yes. 1: polkit has been asked, and handler is called again
 * when it allows it; the caller is answered by then. detail is what rules of the administrator see under the
 * key "profile". Negative: no, with error filled in.
 */
int polkit_authorize(const UserCall *call, sd_bus_message *message, const char *action, const char *detail,
                sd_bus_message_handler_t handler, sd_bus_error *error);
