/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * One file of hosts, with names of ours or without. Where it can only be written in place, what somebody else
 * has behind our lines is saved before, so that it is there after a kill in the middle.
 */

#include <glib.h>
#include <sys/stat.h>

#include "plugins/sites/backend.h"

typedef struct HostsFile {
        char *data; /* NULL: there is none */
        gsize size;
        struct stat st;
} HostsFile;

/* 0 or a negative errno, with why by backend_say(). A file that is not there has no data. */
int hosts_file_read(Backend *backend, const char *path, HostsFile *ret_file);
void hosts_file_clear(HostsFile *file);

/* Makes the names (of WantedName) and no others of ours be in it; what is so already is not written. before
 * is called with the path that symbolic links lead to before anything is. ret_st: the file as it is then. 0,
 * 1: nothing was written; a negative errno, with why by backend_say(). */
int hosts_file_set(Backend *backend, const char *path, const GPtrArray *names,
                int (*before)(Backend *backend, const char *path, gboolean is_new), struct stat *ret_st);

/* Of a write in place that was cut short: puts back what is not ours. */
int hosts_file_recover(Backend *backend);
