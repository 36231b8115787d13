/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * pomod, as the host of one plugin sees it: a connection that subscribes, registers and asks what should
 * hold, again whenever pomod's name has a new owner, and tells what became of it. It never starts pomod,
 * never blocks, and believes nobody but the owner of the name. What it hears is handed to a handler, from the
 * loop; what holds is none of its business.
 */

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "common/cleanup.h"
#include "plugins/host/held.h"

typedef struct Bus Bus;

typedef struct BusHandler {
        /* pomod said what should hold. What is in the answer may be taken out. */
        void (*answered)(void *userdata, HeldAnswer *answer);
        /* It did not, for the reason why: it is away, answered an error, or nothing in time. Asked again by
         * itself. */
        void (*silent)(void *userdata, const char *why);
        /* The digest of a list that these claims name and that is not there yet; NULL: none. */
        const char *(*missing)(void *userdata, const HeldClaims *claims);
        /* Keeps the text of that list. A negative errno; -EBADMSG: it has another digest. */
        int (*list)(void *userdata, const char *digest, const char *text);
        /* Timer.Event, of which seq and kind were read. */
        void (*event)(void *userdata, uint64_t seq, const char *kind, sd_bus_message *details);
        /* After a gap in events, or bus_ask_timer(): the answer of GetAll of Timer. */
        void (*timer)(void *userdata, sd_bus_message *properties);
} BusHandler;

typedef struct BusConfig {
        sd_event *event;
        const char *address; /* --bus; NULL: found */
        const char *name;
        const char *version; /* before the plugin is loaded; NULL: nobody knows */
        bool system;         /* of all users, as root */
        BusHandler handler;
        void *userdata;
} BusConfig;

/* What is in the config must last as long. -EINVAL with a sentence: the address is none. A bus that is not
 * there is no error. */
int bus_new(const BusConfig *config, Bus **ret_bus, char **ret_sentence);
Bus *bus_unref(Bus *bus); /* NULL is fine; returns NULL */
DEFINE_CLEANUP(Bus *, bus_unref);

/* What is known once the plugin is loaded: its version, which must last, and whether events are wanted. */
void bus_set_plugin(Bus *bus, const char *version, bool events);

/* Which bus it is, as an address that outlives a boot; "" while there is none. */
const char *bus_address(const Bus *bus);
/* The folder of its stores, as pomod says; "": it did not say. */
const char *bus_store(const Bus *bus);
/* pomod answered since its name has that owner. */
bool bus_is_answered(const Bus *bus);

/* Asks what should hold once more; one answer is enough for all who ask meanwhile. */
void bus_ask(Bus *bus);
/* Asks what the timer does now, where events are wanted. */
void bus_ask_timer(Bus *bus);

typedef struct BusClaim { /* one that failed alone */
        uint32_t uid;
        uint64_t id;
        const char *sentence;
} BusClaim;

/* What became of that generation; state is a literal, message may be NULL. Said once: what pomod does not
 * hear is said again after its next answer. */
void bus_report(Bus *bus, uint64_t generation, const char *state, const char *message, const BusClaim *claims,
                size_t n_claims);

/* Puts on record that everything was released by hand. done, with the config's userdata: pomod has taken it.
 */
void bus_note_released(Bus *bus, const char *reason, void (*done)(void *userdata));

/* A call of the user's object, to be appended to and sent; it starts nobody. -ENOTCONN: pomod is away. */
int bus_message_new(Bus *bus, const char *interface, const char *member, sd_bus_message **ret_message);
/* handler has the answer from the loop, which is an error where none came within 10 s. ret_slot gives the
 * call up. 0 or a negative errno. */
int bus_send(Bus *bus, sd_bus_message *message, sd_bus_message_handler_t handler, void *userdata,
                sd_bus_slot **ret_slot);
