/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The D-Bus face of the engine: one connection, the name org.pomod.Pomod1, the Manager and one object a user.
 * It knows who calls and what they may see; what a request does is the engine's. It sees no store.
 */

#include <stdbool.h>

#include "daemon/engine/engine.h"

typedef struct Bus Bus;

typedef struct BusConfig {
        sd_event *event;
        Engine *engine;
        const char *address;              /* "system", "session", or an address like "unix:path=…" */
        bool many_users;                  /* as on the system bus; else the one user is whoever runs pomod */
        struct PluginFiles *plugin_files; /* see plugin-files.h; must outlive the bus */
        const char *category_dir;         /* where categories of names are, NAME.tsv; the same */
} BusConfig;

Bus *bus_new(const BusConfig *config);

/*
 * Connects, puts the objects up, takes the name without waiting for it (-EEXIST: another pomod has it),
 * listens to the engine and attaches to the loop. When the connection is lost later, the loop is told to exit
 * with 0: a supervisor starts pomod again.
 */
int bus_start(Bus *bus);

Bus *bus_free(Bus *bus); /* before its engine; NULL is fine; returns NULL */
