/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * Which connections are still on the bus: sets of their unique names. The bus is asked and nobody waits for
 * its answer, as sd_bus_track would. A name costs one match, however many sets have it.
 */

#include <stdbool.h>
#include <systemd/sd-bus.h>

typedef struct Names Names;     /* of one connection to a bus */
typedef struct NameSet NameSet; /* of one owner */

/* A bus gives a connection 512 matches. Names beyond these share one, which tells of every connection. */
#define NAMES_WATCHED_APART 256u

/* A connection of the set has left the bus, and the set no longer has it. From the loop, never from within
 * the functions below; it may do all of them, and free the set. The name is valid for the call. */
typedef void (*NameLeft)(NameSet *set, const char *name, void *userdata);

Names *names_new(sd_bus *bus);
Names *names_free(Names *names); /* after its sets and before its bus; NULL is fine; returns NULL */

/* left may be NULL. */
NameSet *names_set_new(Names *names, NameLeft left, void *userdata);
NameSet *names_set_free(NameSet *set); /* NULL is fine; returns NULL */

/* A name that is not on the bus is told as left soon. 1: the set has it now, 0: it had it already; else a
 * negative errno. */
int names_set_add(NameSet *set, const char *name);
bool names_set_remove(NameSet *set, const char *name); /* whether the set had it */
bool names_set_has(const NameSet *set, const char *name);

/* In no order that holds beyond the next change of the set. */
unsigned names_set_count(const NameSet *set);
const char *names_set_get(const NameSet *set, unsigned i);
