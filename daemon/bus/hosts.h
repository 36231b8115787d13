/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The plugin hosts of the computer, which are root's: what should hold because of all users, and who is told
 * when that changes. Its methods are Manager's.
 */

#include "daemon/bus/method.h"
#include "daemon/bus/wants.h"

int hosts_new(Bus *bus, Hosts **ret_hosts);
Hosts *hosts_free(Hosts *hosts); /* NULL is fine; returns NULL */

/* The sender, who is root, is told of DesiredChanged from now on; the second time changes of which. */
int hosts_add(Hosts *hosts, sd_bus_message *message, const Wants *wants, Refusal *ret_refusal);
void hosts_remove(Hosts *hosts, sd_bus_message *message);
/* A connection that does not read is told nothing more, and this as the last. */
void hosts_expel(Hosts *hosts, const char *name);

/* What should hold because of a user may be another thing. */
void hosts_desired_changed(Hosts *hosts, uid_t uid);

/* Methods of Manager. */
int hosts_desired(Call *call);
int hosts_report(Call *call);
int hosts_note_released(Call *call);
int hosts_list_reports(Call *call);
