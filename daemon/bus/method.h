/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What is done around every method of a user's object: the engine is entered under the method's name, its
 * handler runs with the user in UserCall.user, and the engine is left with what came of it. Handlers hand an
 * errno up as it is, and the engine makes the sentence.
 */

#include "daemon/bus/internal.h"

typedef struct Method {
        const char *name; /* as people know it: "Timer.Start" */
        sd_bus_message_handler_t handler;
} Method;

/* The method of the message, of one interface's table; with call and error as sd-bus gives them to a handler.
 */
int method_call(const Method *methods, size_t n, sd_bus_message *message, UserCall *call,
                sd_bus_error *error);

/* Defines NAME_call(), which is the handler of all methods of an interface, from its table. */
#define DEFINE_METHOD_CALL(name, methods)                                                      \
        static int name##_call(sd_bus_message *message, void *userdata, sd_bus_error *error) { \
                return method_call(methods, ELEMENTSOF(methods), message, userdata, error);    \
        }                                                                                      \
        struct method_swallow_semicolon
