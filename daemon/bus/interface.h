/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * An interface as one table of methods, of properties and of signals. What sd-bus is told of it and what it
 * says of itself when it is introspected are made of the same rows.
 */

#include <glib.h>

#include "daemon/bus/method.h"

typedef struct Property {
        const char *name;
        const char *type;
        size_t offset; /* in what find gives sd-bus */
        bool constant; /* else a change is announced */
} Property;

typedef struct Signal {
        const char *name;
        const char *args; /* "t seq, s kind"; NULL: none */
} Signal;

typedef struct Interface {
        const char *name;
        const Method *methods;
        const Property *properties;
        const Signal *signals;
        unsigned n_methods, n_properties, n_signals;
} Interface;

#define INTERFACE(name_, methods_, properties_, signals_)                                                   \
        {                                                                                                   \
                .name = (name_), .methods = (methods_), .properties = (properties_), .signals = (signals_), \
                .n_methods = ELEMENTSOF(methods_), .n_properties = ELEMENTSOF(properties_),                 \
                .n_signals = ELEMENTSOF(signals_)                                                           \
        }
#define INTERFACE_OF_METHODS(name_, methods_) \
        { .name = (name_), .methods = (methods_), .n_methods = ELEMENTSOF(methods_) }

/* One file each. */
extern const Interface manager_interface;
extern const Interface timer_interface;
extern const Interface tasks_interface;
extern const Interface history_interface;
extern const Interface settings_interface;
extern const Interface schedules_interface;
extern const Interface focus_interface;
extern const Interface plugins_interface;

/* The table for sd-bus; its texts go into texts, and must live as long. Free with g_free(). */
sd_bus_vtable *interface_vtable_new(const Interface *interface, GStringChunk *texts);

/* A whole document for an object of these interfaces and a node below it (NULL: none). Free with g_free(). */
char *interfaces_to_xml(const Interface *const *interfaces, size_t n, const char *node);

/* Whether all that has such a name only reads. interface may be NULL: a method of any. */
bool interfaces_only_read(
                const Interface *const *interfaces, size_t n, const char *interface, const char *member);
