/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* A plugin in a process that does one thing with it and ends: --try and --probe. Its state folder is a new
 * one, which goes with the process. */

#include <stdbool.h>

#include "plugins/host/calls.h"
#include "plugins/host/guard.h"
#include "plugins/host/state.h"
#include "plugins/host/table.h"

typedef struct Once {
        char *folder; /* of its state, for as long as it lives */
        State *state;
        Guard *guard;
        Plugin *plugin;
        sd_event *event;
        Calls *calls;
        void *plugin_state;
        bool calling, pending;
        uint64_t generation; /* of what is pending */
        int result;
} Once;

/*
 * Loads the plugin at path. writes: save() works; else it and drop() are -EPERM. First thing in a process. 0,
 * or a negative errno with a sentence; once_clear() in any case.
 */
int once_load(Once *once, const char *path, const char *name, bool writes, char **ret_sentence);
/* Each waits for done(), 60 s at most. 0, or a negative errno with a sentence. */
int once_open(Once *once, char **ret_sentence);
int once_apply(Once *once, const PomoDesired *desired, char **ret_sentence);
int once_release(Once *once, char **ret_sentence);
void once_close(Once *once);
void once_clear(Once *once);
