/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The state folder of one plugin that no host may be looking after, for release-ended.c: read without its
 * lock, judged, and what is due put back by `pomod-plugin-host --release NAME --ended` in a process of its
 * own. What fails is tried again after 1 s, 2 s, 4 s … 60 s. Hosts that write into it are heard of.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "plugins/host/places.h"

typedef struct ReleaseFolder ReleaseFolder;

/*
 * Of the plugin called name. event and places must last as long, SIGCHLD must be blocked. look is turned on
 * whenever release_folder_look() should be called once more. Ends the program where memory runs out.
 */
ReleaseFolder *release_folder_new(
                sd_event *event, sd_event_source *look, const Places *places, bool system, const char *name);
/* A process that is under way goes on by itself. */
void release_folder_free(ReleaseFolder *folder);

bool release_folder_is_of(const ReleaseFolder *folder, const Places *places, const char *name);
/* The plugin is at work, in its process: it has a minute. */
bool release_folder_is_busy(const ReleaseFolder *folder);

/* Begins what is due. true: something is held, or that cannot be told. ret_next_usec: when to look again, on
 * BOOTTIME; UINT64_MAX: no time of its own. */
bool release_folder_look(ReleaseFolder *folder, uint64_t *ret_next_usec);
