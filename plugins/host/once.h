/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * A plugin in a process that does one thing with it and ends: --try and --probe, whose state folder is a new
 * one that goes with the process or with the last of those that share it, and --release, which has the
 * plugin's own.
 */

#include <stdbool.h>

#include "plugins/host/calls.h"
#include "plugins/host/guard.h"
#include "plugins/host/state.h"
#include "plugins/host/table.h"

typedef struct Once {
        char *folder; /* of a new state; NULL: it is the plugin's own */
        bool kept;    /* … which is the caller's to remove; else it lives as long as this */
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
 * Loads the plugin at path. writes: save() works; else it and drop() are -EPERM. First thing in a process
 * after confine_take(). 0, or a negative errno with a sentence; once_clear() in any case.
 */
int once_load(Once *once, const char *path, const char *name, bool writes, char **ret_sentence);
/* The same with the state that is in once already, by a process that has given up what a plugin must not
 * have. */
int once_load_with_state(Once *once, const char *path, const char *name, bool writes, char **ret_sentence);
/* Where the plugin is done later it is waited for, 60 s at most. 0, or a negative errno with a sentence. */
int once_open(Once *once, char **ret_sentence);
int once_apply(Once *once, const PomoDesired *desired, char **ret_sentence);
int once_release(Once *once, char **ret_sentence);
void once_close(Once *once);
void once_clear(Once *once);

/* A new folder for the state of one and another: once->folder with kept. A negative errno with a sentence. */
int once_folder_new(char **ret_folder, char **ret_sentence);
void once_folder_remove(const char *folder);
