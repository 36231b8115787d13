/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: 2026 The pomod authors */
#pragma once

/*
 * What each program for the command line does: the bus and the user that it speaks for, its errors on
 * standard error, the user's zone, the last word on standard output. What else a program can do is its own.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "clients/lib/client.h"

/* What a person can do about a refusal with an option of the program, said behind the daemon's sentence. */
typedef struct ProgramHint {
        const char *error; /* of ours: "Busy"; NULL ends a table */
        const char *text;  /* ", or start with --switch" */
} ProgramHint;

typedef struct Program {
        const char *name;         /* before each error */
        const char *bus;          /* --bus; NULL: not given */
        bool other_user;          /* --user */
        uint32_t uid;             /* of that user */
        bool json;                /* --json */
        const ProgramHint *hints; /* NULL: none */
        Client *client;           /* once it is open */
} Program;

/* Errors of the command line itself are in the form that it asks for, too: so --json is looked for at once.
 */
void program_begin(Program *program, const char *name, int argc, char **argv);
/* Flushes standard output, and says so where that fails. What to exit with. */
int program_end(Program *program, int status);

/* --user: a name or a uid. Not while the client is open. 0, or what to exit with. */
int program_set_user(Program *program, const char *user);
/* A number as it is typed, of digits alone. -EINVAL: none, or above the greatest. */
int program_number(const char *text, uint64_t max, uint64_t *ret_number);
/* Makes the client, which connects at its first call. Not while it is open. */
void program_open(Program *program, ClientFlags flags);

/* From here on these signals, ended by a 0, come by way of the loop; handler NULL: they end it. Negative
 * errno. */
int program_catch(sd_event *event, const int *signals, sd_event_signal_handler_t handler, void *userdata);

/* ---- errors: a sentence, with --json an object, on standard error; each returns what to exit with ---- */

void program_error(const Program *program, const char *error, const char *message);
int program_usage(const Program *program, const char *format, ...) __attribute__((format(printf, 2, 3)));
int program_usage_va(const Program *program, const char *format, va_list ap)
                __attribute__((format(printf, 2, 0)));
int program_failed(const Program *program);                        /* of the last call */
int program_refused(const Program *program, const char *sentence); /* of something read or written here */
int program_errno(const Program *program, int r, const char *what);
int program_bad_bus(
                const Program *program); /* where the address is none, before there is a client to say it */
/* With --json an object with the field warning. Nothing of it is an error. */
void program_warn(const Program *program, const char *sentence);

/* ---- requests, of a program that must be open; 0, or what to exit with after the sentence ---- */

/* As client_call(). */
int program_call(const Program *program, const char *interface, const char *member,
                const ClientOption *options, sd_bus_message **ret_reply, const char *types, ...);
/* Reads an answer as sd_bus_message_read() does; an empty one cannot be told from one that is not understood.
 */
int program_read(const Program *program, sd_bus_message *reply, const char *types, ...);
/* An answer that could not be read, for the reason r: what to exit with. */
int program_unreadable(const Program *program, int r);

/* A setting as text, which lives as long as the reply. */
int program_setting(
                const Program *program, const char *name, sd_bus_message **ret_reply, const char **ret_text);
/* From here on the zone of this process is that of the user's settings, else its own. */
int program_use_zone(const Program *program);
