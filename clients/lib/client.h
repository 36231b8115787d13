/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * The typed client that every client of ours links: a connection, one call a verb, and in timer.h the timer
 * as a struct. libsystemd only. Functions return 0 or a negative errno, where memory runs out the program
 * ends; what the daemon or the bus said is kept in the client: client_error_name(), client_error_message()
 * and client_exit_status() speak of the last failed call.
 */

#include <stdarg.h>
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
 * address: "system", "session", an address like "unix:path=…", or NULL for $POMOD_BUS, else the session bus
 * where pomod owns its name there at that moment, else the system bus: at each connect, and nothing is
 * started in search of it. Connects at the first call, or at client_connect().
 */
Client *client_new(const char *address, ClientFlags flags);
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
/* Whether it is the computer's, where pomod is everybody's. Not before it is connected. */
bool client_is_on_system_bus(const Client *client);
/* Whether it has an address of its own: neither the computer's nor the session's. */
bool client_is_on_private_bus(const Client *client);
/* Not once it is connected, where the bus is searched for. */
int client_attach_event(Client *client, sd_event *event);
/*
 * Where the bus is searched for, from the event loop: pomod has come to the session bus, or has left it. To
 * go where it is now: client_disconnect(), client_connect().
 */
typedef void (*ClientMoved)(Client *client, void *userdata);
void client_set_moved_callback(Client *client, ClientMoved moved, void *userdata);
sd_bus *client_bus(Client *client); /* NULL before it is connected */

/* ---- calls ---- */

/* An option of a request. One without a value is left out, so that a table can name all that there may be. */
typedef struct ClientOption {
        const char *key; /* NULL ends a table */
        char type; /* 's', 't', 'u', 'b'; 'w': the words of a text, between which are blanks or commas */
        bool given;
        const char *text;
        uint64_t number;
} ClientOption;

#define CLIENT_OPTIONS(...) ((const ClientOption[]){ __VA_ARGS__, {} })

/* Left out where the text is NULL, the number 0 or the flag false … */
ClientOption client_option_text(const char *key, const char *text);
ClientOption client_option_words(const char *key, const char *text);
ClientOption client_option_u64(const char *key, uint64_t number);
ClientOption client_option_flag(const char *key, bool flag);
/* … and 0 as well where it means something: */
ClientOption client_option_number(const char *key, char type, uint64_t number);

/*
 * Calls a method of the user's object, with arguments as sd_bus_message_append() takes them, and behind them
 * the options; NULL: none. ret_reply may be NULL; the caller unrefs it.
 */
int client_call(Client *client, const char *interface, const char *member, const ClientOption *options,
                sd_bus_message **ret_reply, const char *types, ...);
int client_call_va(Client *client, const char *interface, const char *member, const ClientOption *options,
                sd_bus_message **ret_reply, const char *types, va_list ap);
/* The same request, not sent; what more it takes can be appended. */
int client_message_new(Client *client, const char *interface, const char *member, const ClientOption *options,
                sd_bus_message **ret_message, const char *types, ...);
/* One that takes no options, and has its arguments appended later. */
int client_message_bare(
                Client *client, const char *interface, const char *member, sd_bus_message **ret_message);
int client_message_append_options(sd_bus_message *message, const ClientOption *options);
int client_send(Client *client, sd_bus_message *message, sd_bus_message **ret_reply);

/* Has the bus start the daemon, where it can and there is none; asks for nothing. */
int client_wake(Client *client);

/* Timer's properties, in one call. */
int client_get_timer(Client *client, TimerState *ret_timer);

/* ---- what went wrong ---- */

typedef enum ClientExit {
        CLIENT_EXIT_OK = 0,
        CLIENT_EXIT_REFUSED = 1,   /* the daemon said no */
        CLIENT_EXIT_USAGE = 2,     /* what was typed makes no sense */
        CLIENT_EXIT_NO_DAEMON = 3, /* nobody answers */
} ClientExit;

/* A D-Bus error name, a sentence for a person, and what a program should exit with. Not before a call failed.
 */
const char *client_error_name(const Client *client);
const char *client_error_message(const Client *client);
int client_exit_status(const Client *client);
/* Whether the last failed call was refused with that error of ours: "NoSuchTask". */
bool client_was_refused(const Client *client, const char *error);
/* Whether an error's name is that one of ours; name may be NULL. */
bool client_error_is(const char *name, const char *error);

/* After a call that nobody answered: on the system bus, systemd is asked why, and the sentence says that. Not
 * from a loop, which it keeps waiting. */
void client_explain_absence(Client *client);

/*
 * For errors that come past client_send(), like the reply of an asynchronous call: error may be NULL or
 * unset, r the negative errno. Returns r.
 */
int client_fail(Client *client, int r, const sd_bus_error *error);
