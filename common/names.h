/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The names that daemon and clients share on the bus and in the environment. */

#define POMOD_BUS_NAME            "org.pomod.Pomod1"
#define POMOD_OBJECT_PATH         "/org/pomod/Pomod1"
#define POMOD_USER_PATH           "/org/pomod/Pomod1/user" /* + "/_1000" */
#define POMOD_INTERFACE_MANAGER   "org.pomod.Pomod1.Manager"
#define POMOD_INTERFACE_TIMER     "org.pomod.Pomod1.Timer"
#define POMOD_INTERFACE_TASKS     "org.pomod.Pomod1.Tasks"
#define POMOD_INTERFACE_HISTORY   "org.pomod.Pomod1.History"
#define POMOD_INTERFACE_SETTINGS  "org.pomod.Pomod1.Settings"
#define POMOD_INTERFACE_SCHEDULES "org.pomod.Pomod1.Schedules"
#define POMOD_INTERFACE_FOCUS     "org.pomod.Pomod1.Focus"
#define POMOD_INTERFACE_PLUGINS   "org.pomod.Pomod1.Plugins"
#define POMOD_ERROR_PREFIX        "org.pomod.Pomod1.Error."

#define POMOD_BUS_ENV "POMOD_BUS" /* what clients use for --bus when it is not given */
