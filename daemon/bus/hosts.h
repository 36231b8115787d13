/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The plugin hosts of the computer, which are root's: what should hold because of all users, who is told when
 * that changes, and what they said last. Its methods are Manager's.
 */

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/reports.h"

int hosts_new(Bus *bus, Hosts **ret_hosts);
Hosts *hosts_free(Hosts *hosts); /* NULL is fine; returns NULL */

/* The sender, who is root, is told of DesiredChanged from now on; twice is once. */
int hosts_add(Hosts *hosts, sd_bus_message *message, Refusal *ret_refusal);
int hosts_remove(Hosts *hosts, sd_bus_message *message);

/* What should hold because of a user may be another thing. */
void hosts_desired_changed(Hosts *hosts, uid_t uid);

/* What was said of a plugin that acts on the whole computer, with respect to one user; (uid_t) -1: to nobody.
 */
void hosts_each_report(const Hosts *hosts, uid_t uid, PluginReportFunc func, void *userdata);

int hosts_method_desired(sd_bus_message *message, void *userdata, sd_bus_error *error);
int hosts_method_report(sd_bus_message *message, void *userdata, sd_bus_error *error);
int hosts_method_list_reports(sd_bus_message *message, void *userdata, sd_bus_error *error);
