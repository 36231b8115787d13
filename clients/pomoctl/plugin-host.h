/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The host of a plugin, as far as pomoctl sees to it: a unit of systemd, where there is one. */

#include "clients/pomoctl/ctl.h"

#define PLUGIN_HOST "pomod-plugin-host"

/*
 * Has systemd start the host of a plugin, now and from now on, on a bus that systemd knows. of_user: that of
 * the user's manager; else it may ask polkit. 0, or what to exit with after the sentence, which says what was
 * done, what is missing, and what to type.
 */
int plugin_host_start(const Ctl *ctl, const char *name, bool of_user);
/* The same at a login to come alone: it goes on until then. Nothing is said where that fails. */
void plugin_host_leave(const char *name);
/* Whether a file of it lies where the host of this user's session would find it. */
bool plugin_host_has_file(const char *name);
/* "/usr/libexec/pomod-plugin-host foo": what to type where nobody starts it; the caller's. */
char *plugin_host_by_hand(const Ctl *ctl, const char *name);
