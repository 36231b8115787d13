/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* Which browsers there are, where each keeps the policies that hold for everybody, and which are installed.
 */

#include <stdbool.h>
#include <stddef.h>

/* How a browser came onto this computer: it decides which files below /etc it sees. */
typedef enum BrowserKind {
        BROWSER_PACKAGE, /* a program of the computer */
        BROWSER_SNAP,
        BROWSER_FLATPAK, /* of the computer, or of the user who asks */
        _BROWSER_KIND_MAX,
} BrowserKind;

typedef struct Browser {
        const char *key;         /* of what is saved; never changed */
        const char *name;        /* for people */
        const char *folder;      /* of its policy files, absolute; NULL: it has none of this form */
        const char *programs[8]; /* absolute paths, each of which is it; NULL behind the last */
        const char *snap;        /* its name, NULL: none */
        const char *flatpak;     /* its id, NULL: none */
} Browser;

extern const Browser browsers[];
extern const size_t browsers_n;

/* The name of a kind, for people; "" for a package. */
const char *browser_kind_label(BrowserKind kind);
/* Whether it is installed in that way, as far as who asks can see. */
bool browser_is_installed(const Browser *browser, BrowserKind kind);
/* Whether one that reads the files in its folder is installed: a flatpak has a folder of its own. */
bool browser_reads_folder(const Browser *browser);
