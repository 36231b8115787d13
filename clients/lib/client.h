/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The typed client that every client of ours links: a connection, one call a verb, and in timer.h the timer
 * as a struct. libsystemd only. Functions return 0 or a negative errno; what the daemon or the bus said is
 * kept in the client: client_error_name(), client_error_message() and client_exit_status() speak of the last
 * failed call.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "clients/lib/timer.h"
#include "common/cleanup.h"

typedef struct Client Client;

typedef enum ClientFlags {
        CLIENT_NO_AUTO_START = 1 << 0, /* bars, watch, hosts: a person's verb alone activates the daemon */
} ClientFlags;

/*
 * address: "system", "session", an address like "unix:path=…", or NULL for $POMOD_BUS, else the system bus.
 * Connects at the first call, or at client_connect(): only -ENOMEM can come back from here.
 */
int client_new(const char *address, ClientFlags flags, Client **ret_client);
Client *client_unref(Client *client); /* NULL is fine; returns NULL */

static inline void client_unrefp(Client **client) {
        client_unref(*client);
}

/* Connects, attached to the event loop if one was given. Nothing to do while connected; a dead connection is
 * replaced. */
int client_connect(Client *client);
/* Closes the connection; the next call makes another. Slots of the old bus are given up before. */
void client_disconnect(Client *client);

/* On behalf of another user (root only): all calls go to that user's object. */
void client_set_uid(Client *client, uint32_t uid);
/* The object of the user: the caller's own unless client_set_uid() said otherwise. */
const char *client_user_path(const Client *client);
int client_attach_event(Client *client, sd_event *event);
sd_bus *client_bus(Client *client); /* NULL before it is connected */

/* ---- calls ---- */

/*
 * Calls a method of the user's object, with arguments as sd_bus_message_append() takes them. ret_reply may be
 * NULL; the caller unrefs it.
 */
int client_call(Client *client, const char *interface, const char *member, sd_bus_message **ret_reply,
                const char *types, ...);
/* The same on another object: POMOD_OBJECT_PATH for the Manager. */
int client_call_at(Client *client, const char *path, const char *interface, const char *member,
                sd_bus_message **ret_reply, const char *types, ...);

/*
 * The same in steps, for options that are only sometimes there: client_message_new(), append the arguments,
 * client_options_open(), client_option_…() for each that is given, client_options_close(), client_send().
 */
int client_message_new(
                Client *client, const char *interface, const char *member, sd_bus_message **ret_message);
int client_options_open(sd_bus_message *message);
int client_option_string(sd_bus_message *message, const char *key, const char *value); /* NULL: left out */
/* A list of the words of a text, between which are blanks or commas. */
int client_option_words(sd_bus_message *message, const char *key, const char *words);
int client_option_u64(sd_bus_message *message, const char *key, uint64_t value);
int client_option_u32(sd_bus_message *message, const char *key, uint32_t value);
int client_option_bool(sd_bus_message *message, const char *key, bool value);
int client_options_close(sd_bus_message *message);
int client_send(Client *client, sd_bus_message *message, sd_bus_message **ret_reply);

/* Timer's properties, in one call. */
int client_get_timer(Client *client, TimerState *ret_timer);

/* ---- what went wrong ---- */

typedef enum ClientExit {
        CLIENT_EXIT_OK = 0,
        CLIENT_EXIT_REFUSED = 1,   /* the daemon said no */
        CLIENT_EXIT_USAGE = 2,     /* what was typed makes no sense */
        CLIENT_EXIT_NO_DAEMON = 3, /* nobody answers */
} ClientExit;

/* A D-Bus error name, a sentence for a person, and what a program should exit with. */
const char *client_error_name(const Client *client);
const char *client_error_message(const Client *client);
int client_exit_status(const Client *client);

/*
 * For errors that come past client_send(), like the reply of an asynchronous call: error may be NULL or
 * unset, r the negative errno. Returns r.
 */
int client_fail(Client *client, int r, const sd_bus_error *error);
