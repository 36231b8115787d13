/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* What plugin hosts ask and say, of one user and of all: Desired and Report. */

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"
#include "daemon/core/focus.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/reports.h"

/* Reads the name of a plugin where the message stands. */
int plugin_read(sd_bus_message *message, const char **ret_plugin, Refusal *ret_refusal);

/* Records of what should hold for a plugin because of one user, into an open array; room is of their
 * settings. */
typedef struct Desired {
        Bus *bus;
        sd_bus_message *reply;
        const char *plugin;
        size_t room;
        Refusal *refusal;
} Desired;
int desired_append(Desired *desired, User *user);

/* The answer to Desired, opened for desired_append(). */
int desired_reply_new(sd_bus_message *call, uint64_t generation, sd_bus_message **ret_reply);

/* plugin, generation, state, message where the message stands. The report's message points into it. */
int report_read(sd_bus_message *message, PluginReport *ret_report, Refusal *ret_refusal);

/* One a{sv}; uid (uid_t) -1 is left out. */
int report_append(sd_bus_message *reply, const PluginReport *report, uid_t uid);

/* Calls func for each plugin of what should hold because of a user, with what a host would have to know of
 * it. */
typedef void (*DesiredPluginFunc)(const char *plugin, const Claim *claim, void *userdata);
int desired_each_plugin(Bus *bus, User *user, DesiredPluginFunc func, void *userdata);
