/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What happened, and what is true now, as a plugin is told it: one JSON object, with the names of the bus in
 * small letters ("AtRealtimeUSec" is at_realtime_usec) and times as numbers. */

#include <stdint.h>
#include <systemd/sd-bus.h>

#include "plugins/api/pomo-plugin.h"

/* Both give the event to func, valid for that call. 0, or what sd-bus said of a message that cannot be read:
 * nothing was given then. */
typedef void (*EventFunc)(void *userdata, const PomoEvent *event);

/* Timer.Event, of which seq and kind were read. */
int event_of_signal(uint64_t seq, const char *kind, sd_bus_message *details, EventFunc func, void *userdata);
/* GetAll of Timer: "state", with the fields of `pomoctl status --json`. */
int event_of_timer(sd_bus_message *properties, EventFunc func, void *userdata);
