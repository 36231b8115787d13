/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The objects under /org/pomod/Pomod1/user: which path is whose, and THE access check. */

#include "daemon/bus/internal.h"
#include "daemon/core/refusal.h"

#define USER_PATH_MAX 64

/* "/org/pomod/Pomod1/user/_1000". Returns buf. */
const char *user_path(uid_t uid, char buf[USER_PATH_MAX]);

/* The uid of such a path; false for every other path, and for spellings that user_path() would not make. */
bool user_path_parse(const char *path, uid_t *ret_uid);

/*
 * Whether the sender of a message may read, call or introspect what is a user's: that user and root may,
 * nobody else, and where it cannot be told who asks, nobody. Everything under user/ comes through here once a
 * message; so does every call of Manager that is about a user. 0, or a RefusalCode.
 */
int access_check(Bus *bus, sd_bus_message *message, uid_t uid, Refusal *ret_refusal);

/* Puts up Manager and the interfaces of every user's object. */
int objects_add(Bus *bus);

/* The tables of the interfaces, one file each. */
extern const sd_bus_vtable manager_vtable[];
extern const sd_bus_vtable timer_vtable[];
extern const sd_bus_vtable tasks_vtable[];
extern const sd_bus_vtable history_vtable[];
extern const sd_bus_vtable settings_vtable[];
extern const sd_bus_vtable schedules_vtable[];
extern const sd_bus_vtable focus_vtable[];
