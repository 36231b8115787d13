/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The graphical sessions that logind knows, and whether their users are away: a user's screen counts as
 * locked, or idle, while all graphical sessions of that user are. Terminals have no lock, and many lockers
 * never tell logind: where nothing is known nobody is away.
 */

#include "daemon/bus/internal.h"

#define LOGIND_NAME "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"

typedef struct Sessions Sessions;

/* On a connection to the system bus. */
Sessions *sessions_new(Bus *bus, sd_bus *system);
Sessions *sessions_free(Sessions *sessions);

void sessions_list(Sessions *sessions);  /* ask logind for all of them */
void sessions_clear(Sessions *sessions); /* logind is gone: nothing is known any more */
void sessions_look_at(Sessions *sessions, const char *path);
void sessions_remove(Sessions *sessions, const char *path);
/* A PropertiesChanged of a session, where the message stands after the interface. */
int sessions_read_change(Sessions *sessions, const char *path, sd_bus_message *message);
