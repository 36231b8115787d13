/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Where the host finds plugins and keeps what it must not lose. main.c takes those of the
 * computer; a second executable, which is never installed, takes those of a test.
 */

#include <stdbool.h>

typedef struct Places {
        const char *plugin_dir;      /* root's: NAME.so and NAME.json */
        const char *user_plugin_dir; /* the user's own plugins; NULL: none, of a system plugin */
        const char *state_dir;       /* has a folder NAME for each plugin; made where it is missing */
        const char *conf_dir;        /* root's standing settings: NAME.conf; NULL: none, in a session */
        const char *category_dir;    /* NAME.tsv: see common/category.h */
        const char *boot_id_path;    /* the kernel's id of this boot */
        bool any_bus;                /* a system plugin may listen to a private bus: of tests alone */
} Places;

/* The places of a system plugin, or those in a session. What is in them lives until places_clear(). 0 or a
 * negative errno; -ENOENT: there is neither HOME nor the XDG folder. */
typedef int (*PlacesFunc)(bool system, Places *ret_places);

/* Those of the computer, a PlacesFunc. */
int places_of_computer(bool system, Places *ret_places);
void places_clear(Places *places);
