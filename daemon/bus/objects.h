/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/* The objects of the bus: Manager, one object a user under /org/pomod/Pomod1/user, and what they say of
 * themselves. */

#include "daemon/bus/internal.h"

/* Puts up Manager and the interfaces of every user's object. */
int objects_new(Bus *bus, Objects **ret_objects);
Objects *objects_free(Objects *objects); /* after the connection; NULL is fine; returns NULL */
