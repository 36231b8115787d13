/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The text of /etc/hosts with lines of ours in it, and without. Pure. Each line of ours says at its end that
 * it is, so that it is found also where the marks around them are missing, doubled or another version's; all
 * other bytes are somebody else's, and stay.
 */

#include <glib.h>

/* A text taken apart. */
typedef struct HostsText {
        GString *foreign; /* all that is not ours, byte for byte */
        gsize fence;      /* where ours stand in it, or would */
} HostsText;

void hosts_text_read(HostsText *ret_text, const char *data, gsize size);
void hosts_text_clear(HostsText *text);

/* The whole, with a line of each family for up to eight names; names are of WantedName. */
GString *hosts_text_make(const HostsText *text, const GPtrArray *names);
