/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The answer of Desired as it comes from the bus, made into plain data. */

#include <systemd/sd-bus.h>

#include "plugins/host/held.h"

/*
 * Reads that of Focus ("ta{sv}aa{sv}") or of Manager ("taa{sv}au"). It is taken whole or not at all: a record
 * that cannot be read, lacks a field, or is of another plugin than was asked for, makes all of it none. 0:
 * answer_clear() gives it back. -EBADMSG, -ENXIO or what else sd-bus said. same_run is left to the caller.
 */
int answer_read(sd_bus_message *reply, const char *plugin, HeldAnswer *ret_answer);
void answer_clear(HeldAnswer *answer);
